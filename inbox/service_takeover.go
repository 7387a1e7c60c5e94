package inbox

import (
	"cmp"
	"context"
)

// TakeOver makes the caller the assignee of another member's conversation, and
// sends message in the same transaction if it is not nil. B:K1 to B:K4.
func (s *Service) TakeOver(ctx context.Context, p Principal, r Request, message *string, reason string) (Outcome, error) {
	reason = seen(reason)
	err := checkLength("reason", reason, MaxNote)
	if message != nil {
		err = cmp.Or(err, checkText("message", *message, MaxMessage))
	}
	if err != nil {
		return Outcome{}, err
	}
	return s.change(ctx, p, r, verb{
		name: "takeover", action: ActionTakeOver, args: []any{message, reason}, reason: reason,
		apply: func(_ context.Context, t *turn) (Move, error) { return takeOverAndSend(t, message), nil },
	})
}

func takeOverAndSend(t *turn, message *string) Move {
	m := TakeOver(t.current, t.Turn)
	if message != nil {
		m.Event.Messages = append(m.Event.Messages, Message{Author: t.By, Body: *message})
	}
	return m
}
