package desk

import (
	"cmp"
	"context"

	"switchboard/inbox"
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
		name: "takeover", action: inbox.ActionTakeOver, args: []any{message, reason}, reason: reason,
		apply: func(_ context.Context, t *attempt) (inbox.Move, error) { return takeOverAndSend(t, message), nil },
	})
}

func takeOverAndSend(t *attempt, message *string) inbox.Move {
	m := inbox.TakeOver(t.current, t.Command)
	if message != nil {
		m.Event.Messages = append(m.Event.Messages, inbox.Message{Author: t.By, Body: *message})
	}
	return m
}
