package inbox

import "context"

// SetStatus closes, reopens, or sets UNSET. B:C1 to B:C3.
func (s *Service) SetStatus(ctx context.Context, p Principal, r Request, to Status) (Outcome, error) {
	if err := choice("status", to, Open, Closed, Unset); err != nil {
		return Outcome{}, err
	}
	v := verb{name: "status", args: to, verdict: statusVerdict(to)}
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
