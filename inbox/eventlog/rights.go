package eventlog

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Filter selects records. A record must match each part of it.
type Filter struct {
	// Kinds are the kinds of record; empty for all.
	Kinds []Kind
	// Ownership selects changes of ownership; nil for all. It does not concern others.
	Ownership func(inbox.Event) bool
	// Internal includes internal notes.
	Internal bool
}

// wants reports whether f selects a record. What was removed cannot be asked for more than
// its kind.
func (f Filter) wants(r Record) bool {
	switch {
	case r.Gone:
		return true
	case len(f.Kinds) > 0 && !slices.Contains(f.Kinds, r.Kind):
		return false
	case r.Kind == Message:
		return f.Internal || !r.Message.Internal
	}
	return r.Kind != Ownership || f.Ownership == nil || f.Ownership(r.Content)
}

// MayRead returns why the caller may read nothing of the log: PERMISSION_DENIED unless it
// may see conversations or feeds them in; PLAN_REQUIRED for others than those who only
// feed, if the plan does not include the log.
func MayRead(a access.Access) error {
	if OnlyFeeds(a) {
		return nil
	}
	if err := a.ViewsAny(); err != nil {
		return err
	}
	return a.Refusal(inbox.Conversation{}, a.Includes(workspace.FeatureWebhooks))
}

// OnlyFeeds reports whether the caller is an API key that feeds conversations in and may
// see none.
func OnlyFeeds(a access.Access) bool {
	if a.Principal.Actor.Kind != workspace.ActorPartner || a.ViewsAny() == nil {
		return false
	}
	return slices.ContainsFunc(workspace.Kinds(), func(kind workspace.Kind) bool {
		return access.FeedsKind(a, kind).Allowed
	})
}

// Sight is what a caller is shown of a record.
type Sight int

// The sights.
const (
	// Unseen records are not delivered.
	Unseen Sight = iota
	// Seen records are delivered.
	Seen
	// Leaving is a change that took its conversation out of the caller's sight: it is
	// delivered with who owns the conversation, and without words.
	Leaving
)

// SightOf decides what the caller is shown of a record, as it is so now: now is the
// conversation of the record as it is, zero if it does not exist.
func SightOf(a access.Access, r Record, now inbox.Conversation) Sight {
	switch {
	case r.Gone:
		return Seen
	case fed(a, r, now):
		return Seen
	case OnlyFeeds(a):
		return Unseen
	case r.Kind == Availability:
		return Seen
	case now.ID == "":
		return Unseen
	case a.Sees(now):
		return Seen
	}
	before, existed := r.Content.Before()
	if r.Kind == Ownership && existed && a.Sees(before) && !a.Sees(*r.Content.After) {
		return Leaving
	}
	return Unseen
}

// fed reports whether a key is shown a record without seeing the conversation: the messages
// for the contact, and the end, of a conversation that it carries.
func fed(a access.Access, r Record, now inbox.Conversation) bool {
	if now.ID == "" || !access.Feeds(a, now).Allowed {
		return false
	}
	return r.Kind == Message && !r.Message.Internal || r.Kind == Ownership && r.Content.Kind == inbox.EventClosed
}
