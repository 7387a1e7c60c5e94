package inbox

import "time"

// Undoable gives the reason why e, the step that led to c, cannot be undone
// by the actor now: nil, UNDO_EXPIRED, PERMISSION_DENIED or CONFLICT. B:K5.
func Undoable(c Conversation, e Event, by Actor, now time.Time, rules Rules) error {
	switch {
	case e.Type != OwnershipEvent || !e.Kind.undoable():
		return Invalid("eventId", "Only a transfer or a takeover can be undone.")
	case e.Actor != by:
		return &Error{Code: PermissionDenied, Permission: "actor", Message: "Only who made this change can undo it."}
	case now.After(e.At.Add(rules.UndoWindow)):
		return &Error{Code: UndoExpired, Message: "It is too late to undo this. Transfer or take over instead."}
	case c.Version != e.Version || saidSince(c, e):
		return &Error{
			Code: Conflict, Current: &c, By: c.Changed.By, At: c.Changed.At,
			Message: "Something has happened since, so this can no longer be undone.",
		}
	}
	return nil
}

// saidSince reports whether anything was said in c since e. Where e did not count
// messages, the times have to do.
func saidSince(c Conversation, e Event) bool {
	if e.After == nil || e.After.Revision == 0 {
		return !c.LastActivityAt.Equal(e.At)
	}
	return c.Said != e.After.Said
}

// Undo restores the ownership from before e, as a new event. B:K5.
func Undo(c Conversation, e Event, t Turn) Move {
	return c.move(EventUndone, e.From, t)
}
