package desk

import (
	"cmp"
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
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

func (c Closing) check(p inbox.Principal) error {
	if c.Note != "" && p.Actor.Kind == workspace.ActorContact {
		return inbox.Invalid("note", "A contact cannot write internal notes. Leave the note out, or give a reason.")
	}
	return cmp.Or(inbox.CheckLength("reason", c.Reason, inbox.MaxNote), inbox.CheckLength("note", c.Note, inbox.MaxNote))
}

// SetStatus closes, reopens, or sets UNSET. OPEN or UNSET on a closed conversation
// reopens it, as the contact does. B:C1 to B:C4.
func (s *Service) SetStatus(ctx context.Context, p inbox.Principal, r Request, to inbox.Status) (Outcome, error) {
	if err := inbox.CheckChoice("status", to, inbox.Open, inbox.Closed, inbox.Unset); err != nil {
		return Outcome{}, err
	}
	if to == inbox.Closed {
		return s.Close(ctx, p, r, Closing{})
	}
	if err := s.run.spend(p, "", false); err != nil {
		return Outcome{}, err
	}
	return s.run.change(ctx, p, r, verb{
		name: "status", args: to,
		verdict: func(a access.Access, c inbox.Conversation) access.Verdict {
			return s.withinWindow(a, c, access.CanSetStatus(a, c, to))
		},
		apply: func(ctx context.Context, t *attempt) (inbox.Move, error) {
			switch t.current.Status {
			case inbox.Closed:
				return s.run.reopen(ctx, t, to)
			case to:
				return inbox.Move{}, inbox.Invalid("status", "The conversation is %s already.", to)
			default:
				return inbox.SetStatus(t.current, to, t.Command), nil
			}
		},
	})
}

// withinWindow refuses a contact who reopens a conversation after rule
// reopenWindow: the contact's message begins a new conversation then. B:C3, B:C4
func (s *Service) withinWindow(a access.Access, c inbox.Conversation, v access.Verdict) access.Verdict {
	if v.Allowed && a.Principal.Actor.Kind == workspace.ActorContact && c.Status == inbox.Closed && !reopens(c, a.Rules(), s.base.Clock()) {
		return access.Refuse(access.DeniedByState, inbox.ConversationClosed)
	}
	return v
}

// Close closes a conversation, with its note and the end of its tokens, in one
// transaction. A contact's closing is charged to its budget as a message is. B:C1,
// B:C2.
func (s *Service) Close(ctx context.Context, p inbox.Principal, r Request, with Closing) (Outcome, error) {
	with.Reason, with.Note = inbox.Visible(with.Reason), inbox.Visible(with.Note)
	if err := with.check(p); err != nil {
		return Outcome{}, err
	}
	if err := s.run.spend(p, with.Reason, false); err != nil {
		return Outcome{}, err
	}
	v := verb{
		name: "status", args: inbox.Closed, reason: with.Reason, note: with.Note, endsTokens: with.EndTokens,
		verdict: func(a access.Access, c inbox.Conversation) access.Verdict { return canCloseWith(a, c, with) },
		apply: func(_ context.Context, t *attempt) (inbox.Move, error) {
			m := inbox.Close(t.current, t.Command)
			if with.Note != "" {
				m.Event.Messages = []inbox.Message{{Author: t.By, Body: with.Note, Internal: true}}
			}
			return m, nil
		},
	}
	if with != (Closing{}) {
		v.args = []any{inbox.Closed, with}
	}
	return s.run.change(ctx, p, r, v)
}

// canCloseWith is canClose, and for a note the right to write one. B:C5
func canCloseWith(a access.Access, c inbox.Conversation, with Closing) access.Verdict {
	v := access.CanClose(a, c)
	if v.Allowed && with.Note != "" && !access.Feeds(a, c).Allowed {
		return access.CanNote(a, c)
	}
	return v
}
