package inbox

import (
	"cmp"
	"context"
)

// Closing holds the further arguments of closing a conversation.
type Closing struct {
	// Reason is recorded with the event. Note is written as an internal message
	// too. Both are at most MaxNote long, and empty for none.
	Reason, Note string
	// EndTokens ends every contact token of the conversation in the same
	// transaction. Otherwise they are kept, so that the contact can come back.
	EndTokens bool
}

func (c Closing) check(p Principal) error {
	if c.Note != "" && p.Actor.Kind == ActorContact {
		return Invalid("note", "A contact cannot write internal notes. Leave the note out, or give a reason.")
	}
	return cmp.Or(checkLength("reason", c.Reason, MaxNote), checkLength("note", c.Note, MaxNote))
}

// SetStatus closes, reopens, or sets UNSET. OPEN or UNSET on a closed conversation
// reopens it, as the contact does. B:C1 to B:C4.
func (s *Service) SetStatus(ctx context.Context, p Principal, r Request, to Status) (Outcome, error) {
	if err := choice("status", to, Open, Closed, Unset); err != nil {
		return Outcome{}, err
	}
	if to == Closed {
		return s.Close(ctx, p, r, Closing{})
	}
	if err := s.spend(p, "", false); err != nil {
		return Outcome{}, err
	}
	return s.change(ctx, p, r, verb{
		name: "status", args: to,
		verdict: func(a Access, c Conversation) Verdict { return s.withinWindow(a, c, a.canSetStatus(c, to)) },
		apply: func(ctx context.Context, t *turn) (Move, error) {
			switch t.current.Status {
			case Closed:
				return s.reopen(ctx, t, to)
			case to:
				return Move{}, Invalid("status", "The conversation is %s already.", to)
			default:
				return SetStatus(t.current, to, t.Turn), nil
			}
		},
	})
}

// withinWindow refuses a contact who reopens a conversation after rule
// reopenWindow: the contact's message begins a new conversation then. B:C3, B:C4
func (s *Service) withinWindow(a Access, c Conversation, v Verdict) Verdict {
	if v.Allowed && a.Principal.Actor.Kind == ActorContact && c.Status == Closed && !c.reopens(a.Rules(), s.clock()) {
		return refuse(DeniedByState, ConversationClosed)
	}
	return v
}

// Close closes a conversation, with its note and the end of its tokens, in one
// transaction. A contact's closing is charged to its budget as a message is. B:C1,
// B:C2.
func (s *Service) Close(ctx context.Context, p Principal, r Request, with Closing) (Outcome, error) {
	with.Reason, with.Note = seen(with.Reason), seen(with.Note)
	if err := with.check(p); err != nil {
		return Outcome{}, err
	}
	if err := s.spend(p, with.Reason, false); err != nil {
		return Outcome{}, err
	}
	v := verb{
		name: "status", args: Closed, reason: with.Reason, note: with.Note, endsTokens: with.EndTokens,
		verdict: func(a Access, c Conversation) Verdict { return a.canCloseWith(c, with) },
		apply: func(_ context.Context, t *turn) (Move, error) {
			m := Close(t.current, t.Turn)
			if with.Note != "" {
				m.Event.Messages = []Message{{Author: t.By, Body: with.Note, Internal: true}}
			}
			return m, nil
		},
	}
	if with != (Closing{}) {
		v.args = []any{Closed, with}
	}
	return s.change(ctx, p, r, v)
}

// canCloseWith is canClose, and for a note the right to write one. B:C5
func (a Access) canCloseWith(c Conversation, with Closing) Verdict {
	v := a.canClose(c)
	if v.Allowed && with.Note != "" && !a.feeds(c).Allowed {
		return a.canNote(c)
	}
	return v
}
