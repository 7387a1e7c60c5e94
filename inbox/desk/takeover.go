package desk

import (
	"cmp"
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// TakeOver makes the caller the assignee of another member's conversation, and
// sends message in the same transaction if it is not nil. B:K1 to B:K4.
func (s *Service) TakeOver(ctx context.Context, p inbox.Principal, r Request, message *string, reason string) (Outcome, error) {
	reason = inbox.Visible(reason)
	err := inbox.CheckLength("reason", reason, inbox.MaxNote)
	if message != nil {
		err = cmp.Or(err, inbox.CheckText("message", *message, inbox.MaxMessage))
	}
	if err != nil {
		return Outcome{}, err
	}
	return s.run.change(ctx, p, r, verb{
		name: "takeover", declared: s.run.the(inbox.ActionTakeOver), args: []any{message, reason}, reason: reason,
		choose: func(_ context.Context, t *attempt) (access.Choice, error) {
			if message == nil {
				return access.Choice{}, nil
			}
			return access.Choice{Messages: []inbox.Message{{Author: t.By, Body: *message}}}, nil
		},
	})
}
