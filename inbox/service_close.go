package inbox

import "context"

// SetStatus closes, reopens, or sets UNSET. B:C1 to B:C3.
func (s *Service) SetStatus(ctx context.Context, p Principal, r Request, to Status) (Outcome, error) {
	if err := choice("status", to, Open, Closed, Unset); err != nil {
		return Outcome{}, err
	}
	return s.setStatus(ctx, p, r, to, verb{name: "status", args: to})
}

// CloseEndingTokens closes, and ends every contact token of the conversation in
// the same transaction. SetStatus keeps them, so that the contact can come back.
func (s *Service) CloseEndingTokens(ctx context.Context, p Principal, r Request) (Outcome, error) {
	return s.setStatus(ctx, p, r, Closed, verb{name: "closeEndingTokens", endsTokens: true})
}

func (s *Service) setStatus(ctx context.Context, p Principal, r Request, to Status, v verb) (Outcome, error) {
	v.verdict = statusVerdict(to)
	v.apply = func(_ context.Context, t *turn) (Move, error) {
		switch {
		case to == Closed:
			return Close(t.current, t.Turn), nil
		case t.current.Status == to:
			return Move{}, Invalid("status", "The conversation is %s already.", to)
		default:
			return SetStatus(t.current, to, t.Turn), nil
		}
	}
	return s.change(ctx, p, r, v)
}

func statusVerdict(to Status) func(Access, Conversation) Verdict {
	if to == Closed {
		return Access.canClose
	}
	return Access.canSetStatus
}
