package access

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Undoable gives the reason why e, the step that led to c, cannot be undone
// by the actor now: nil, UNDO_EXPIRED, PERMISSION_DENIED or CONFLICT. B:K5.
func Undoable(c inbox.Conversation, e inbox.Event, by workspace.Actor, now time.Time, rules workspace.Rules) error {
	switch {
	case e.Type != inbox.OwnershipEvent || !undoable(e.Kind):
		return inbox.Invalid("eventId", "Only a transfer or a takeover can be undone.")
	case accepted(e):
		return inbox.Invalid("eventId", "An offer that was accepted cannot be undone. Transfer the conversation back.")
	case e.Actor != by:
		return &inbox.Error{Code: inbox.PermissionDenied, Permission: "actor", Message: "Only who made this change can undo it."}
	case now.After(e.At.Add(rules.UndoWindow)):
		return &inbox.Error{Code: inbox.UndoExpired, Message: "It is too late to undo this. Transfer or take over instead."}
	case c.Version != e.Version || messagesSince(c, e):
		return &inbox.Error{
			Code: inbox.Conflict, Current: &c, By: c.Changed.By, At: c.Changed.At,
			Message: "Something has happened since, so this can no longer be undone.",
		}
	}
	return nil
}

// accepted reports whether e is the acceptance of an offer: the act of whoever accepted.
func accepted(e inbox.Event) bool {
	o, ok := e.Offer()
	return ok && o.Status == inbox.OfferAccepted
}

// messagesSince reports whether anything was said in c since e. Where e did not count
// messages, the times have to do.
func messagesSince(c inbox.Conversation, e inbox.Event) bool {
	if e.After == nil || e.After.Revision == 0 {
		return !c.LastActivityAt.Equal(e.At)
	}
	return c.MessageCount != e.After.MessageCount
}
