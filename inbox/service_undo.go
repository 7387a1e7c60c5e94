package inbox

import "context"

// Undo takes back a transfer or takeover of the caller. B:K5.
func (s *Service) Undo(ctx context.Context, p Principal, event EventID, key string) (Outcome, error) {
	e, err := s.store.Event(ctx, p.Workspace, event)
	if err != nil {
		return Outcome{}, err
	}
	if e.Conversation == "" {
		return Outcome{}, Missing("event")
	}
	return s.change(ctx, p, Request{Conversation: e.Conversation, Key: key}, verb{
		name: "undo", args: event,
		verdict: func(Access, Conversation) Verdict { return allow() },
		apply: func(_ context.Context, t *turn) (Move, error) {
			return Undo(t.current, e, t.Turn), Undoable(t.current, e, t.By, t.At, t.Rules)
		},
	})
}
