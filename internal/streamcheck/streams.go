package streamcheck

import (
	"fmt"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/notify"
)

// Stream returns the texts of the items that a subscriber receives for an event;
// none if the event does not concern it.
type Stream func(inbox.Event) []string

// Want returns all items that the stream delivers for the events, in their order.
func (s Stream) Want(events []inbox.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, s(e)...)
	}
	return out
}

// Events is assignmentEvents for somebody with these rights: the ids of the events of
// conversations that they see before or after each, also those that are seen because they
// are offered. B:T6
func Events(a access.Access) Stream {
	return func(e inbox.Event) []string {
		if e.Type != inbox.OwnershipEvent {
			return nil
		}
		before, existed := e.Before()
		if !a.Sees(*e.After) && (!existed || !a.Sees(before)) {
			return nil
		}
		return []string{string(e.ID)}
	}
}

// Changes is inboxChanges of a view without a search: the change, the conversation,
// and the revision in which it is due, as ChangeText writes it.
func Changes(a access.Access, view access.View) Stream {
	reach := a.VisibilityFilter()
	return func(e inbox.Event) []string {
		if e.After == nil {
			return nil
		}
		change, reason := view.Change(reach, e, nil)
		switch {
		case change == "":
			return nil
		case reason == access.LeftNoLongerPermitted:
			return []string{ChangeText(string(change), e.Conversation, 0)}
		}
		return []string{ChangeText(string(change), e.Conversation, e.After.Revision)}
	}
}

// ChangeText is one change of a view, with the revision in which the conversation
// was shown; 0 when the subscriber may no longer see it. A change that was missed
// comes with the conversation as it is by then: a newer revision than the one that
// is due is as good, an older one is not. B:V8b
func ChangeText(change string, id inbox.ConversationID, revision int) string {
	text := fmt.Sprintf("%s %s %t", change, id, revision > 0)
	if revision > 0 {
		text += fmt.Sprint(atRevision, revision)
	}
	return text
}

// Updates is conversationUpdates for a member who sees the conversation all the
// time: an item for the change and each message, as UpdateText writes it.
func Updates(id inbox.ConversationID) Stream {
	return func(e inbox.Event) []string {
		if e.Conversation != id || e.After == nil {
			return nil
		}
		var out []string
		event := ""
		if e.Type == inbox.OwnershipEvent {
			event = string(e.ID)
		}
		for _, m := range e.Messages {
			out = append(out, UpdateText(event, string(m.ID)))
			event = ""
		}
		if len(out) == 0 && event != "" {
			out = []string{UpdateText(event, "")}
		}
		return out
	}
}

// Messages is the stream of a conversation's contact: the messages that are not
// internal, as UpdateText writes them.
func Messages(id inbox.ConversationID) Stream {
	return func(e inbox.Event) []string {
		var out []string
		for _, m := range e.Messages {
			if e.Conversation == id && !m.Internal {
				out = append(out, UpdateText("", string(m.ID)))
			}
		}
		return out
	}
}

// UpdateText is one item of conversationUpdates, by the ids of its event and its
// message; either may be empty.
func UpdateText(event, message string) string { return strings.TrimSpace(event + " " + message) }

// Notifications is the stream of a member's notifications: the ids, as
// NotificationText writes them. Those that sum up a call with many conversations are left
// out: they are delivered again as they grow, several changes at once. B:G1
func Notifications(a access.Access) Stream {
	return func(e inbox.Event) []string {
		var out []string
		if n, ok := notify.Gone(a, e); ok && !n.IsDigest() {
			out = append(out, NotificationText(n.ID, true))
		}
		for _, n := range inbox.NotificationsOf(e) {
			if !n.IsDigest() && notify.Receives(a, n) {
				out = append(out, NotificationText(n.ID, false))
			}
		}
		return out
	}
}

// NotificationText is one item of notifications.
func NotificationText(id inbox.NotificationID, gone bool) string {
	if gone {
		return "gone " + string(id)
	}
	return string(id)
}
