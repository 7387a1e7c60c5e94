package access

import (
	"slices"
	"strings"
	"time"

	"switchboard/inbox"
)

// Holds reports whether the view of a caller with reach r contains c: the same
// condition that a list's filter expresses. words folds a text as stores do; it is
// called only if the view searches.
func (v View) Holds(r VisibilityFilter, c inbox.Conversation, words func(string) []string) bool {
	return v.Matches(r, c) && v.Shows(r, c) && (len(v.Search) == 0 || v.Found(words(c.SearchText())))
}

// Found reports whether each wanted word begins one of has.
func (v View) Found(has []string) bool {
	for _, wanted := range v.Search {
		if !slices.ContainsFunc(has, func(w string) bool { return strings.HasPrefix(w, wanted) }) {
			return false
		}
	}
	return true
}

// ViewChange is the effect of an event on a conversation in a view.
type ViewChange string

// The changes of a view. The empty one is none: the conversation was not in the
// view and is not.
const (
	ViewEntered ViewChange = "ENTERED"
	ViewUpdated ViewChange = "UPDATED"
	ViewLeft    ViewChange = "LEFT"
)

// LeaveReason is why a conversation left a view.
type LeaveReason string

// The reasons. The first that holds, from top to bottom, is reported.
const (
	LeftNoLongerPermitted LeaveReason = "NO_LONGER_PERMITTED"
	LeftStatusChanged     LeaveReason = "STATUS_CHANGED"
	LeftReassigned        LeaveReason = "REASSIGNED"
	LeftHandlerChanged    LeaveReason = "HANDLER_CHANGED"
	LeftOther             LeaveReason = "OTHER"
)

// Change returns the effect of e, an event of a conversation, on the view of a
// caller with reach r. The reason is empty unless the conversation left. B:V4.
func (v View) Change(r VisibilityFilter, e inbox.Event, words func(string) []string) (ViewChange, LeaveReason) {
	if !e.ShowsInLists() {
		return "", ""
	}
	before, existed := e.Before()
	was := existed && (v.Holds(r, before, words) || e.Type == inbox.MessageEvent && inbox.ReplyIn(e.Messages) != inbox.ReplyUnchanged && v.Holds(r, otherwiseAwaiting(before, e.At), words))
	if e.Type == inbox.ContactEvent && e.WasContact == nil { // the contact's former name is erased: no search or address may keep it
		any := v
		any.ContactEmails = nil
		was = any.Matches(r, before) && any.Shows(r, before)
	}
	is := v.Holds(r, *e.After, words)
	switch {
	case was && is:
		return ViewUpdated, ""
	case is:
		return ViewEntered, ""
	case was:
		return ViewLeft, leaveReason(r, before, *e.After)
	}
	return "", ""
}

// otherwiseAwaiting returns the conversation with the contact awaiting an answer
// since t if it did not, and not if it did. Messages do not wait for each other: an
// event does not know of others that were committed between the read and its own
// commit. A view of conversations that await an answer then reports that the
// conversation left, although it may not have been there, which does no harm.
func otherwiseAwaiting(c inbox.Conversation, t time.Time) inbox.Conversation {
	if !c.AwaitingReplySince.IsZero() {
		t = time.Time{}
	}
	c.AwaitingReplySince = t
	return c
}

func leaveReason(r VisibilityFilter, before, after inbox.Conversation) LeaveReason {
	switch {
	case !r.Matches(after):
		return LeftNoLongerPermitted
	case before.Status != after.Status:
		return LeftStatusChanged
	case before.Assignee != after.Assignee || before.Team != after.Team:
		return LeftReassigned
	case before.Handler() != after.Handler():
		return LeftHandlerChanged
	}
	return LeftOther
}

// NamesContacts reports whether the view depends on the identity of a
// conversation's contact, or on the contact's stored data.
func (v View) NamesContacts() bool {
	return len(v.Search)+len(v.Contacts)+len(v.ContactEmails) > 0
}

// Moves reports whether messages alone bring conversations into the view and take
// them out of it. All other views follow from ownership.
func (v View) Moves() bool { return v.Active.Bounded() || v.Awaiting != nil }
