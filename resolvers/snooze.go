package resolvers

import (
	"cmp"
	"context"
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/desk"
)

// snoozeOf shows the sleep of c; null while it is awake, for contacts, and where c is out of
// the caller's sight.
func snoozeOf(s *scope, c inbox.Conversation, open bool) *model.Snooze {
	if !open || !c.Asleep() || s.isContact() {
		return nil
	}
	return &model.Snooze{Since: c.AsleepSince, Until: optionalTime(c.AsleepUntil())}
}

func (r *Resolver) snoozeConversation(ctx context.Context, in model.SnoozeConversationInput) (*model.OwnershipPayload, error) {
	req, err := request(in.ConversationID, in.ExpectedVersion, in.IdempotencyKey)
	until, err2 := snoozeEnd(in.Until)
	return r.verb(ctx, cmp.Or(err, err2), func(p inbox.Principal) (desk.Outcome, error) {
		return r.Inbox.Desk.Snooze(ctx, p, req, until)
	})
}

// snoozeEnd is zero for until the contact writes.
func snoozeEnd(in *model.SnoozeEnd) (time.Time, error) {
	switch {
	case in != nil && in.Time != nil:
		return *in.Time, nil
	case in != nil && value(in.ContactWrites):
		return time.Time{}, nil
	}
	return time.Time{}, inbox.Invalid("until", "Give time, or contactWrites: true.")
}
