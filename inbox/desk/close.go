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
		name: "status", args: to, asked: access.Asked{Status: to},
		declared: func(_ access.Access, c inbox.Conversation) access.Verb {
			if c.Status == inbox.Closed {
				return s.run.declared(inbox.ActionReopen)
			}
			return s.run.declared(access.StepSetStatus)
		},
		choose: func(ctx context.Context, t *attempt) (access.Choice, error) {
			switch t.current.Status {
			case inbox.Closed:
				return s.run.reopening(ctx, t, to)
			case to:
				return access.Choice{}, inbox.Invalid("status", "The conversation is %s already.", to)
			default:
				return access.Choice{Status: to}, nil
			}
		},
	})
}

// Close closes a conversation, with its note and the end of its tokens, in one
// transaction. A contact's closing is charged to its budget as a message is. B:C1,
// B:C2.
func (s *Service) Close(ctx context.Context, p inbox.Principal, r Request, with Closing) (Outcome, error) {
	v, err := s.closing(p, with)
	if err == nil {
		err = s.run.spend(p, v.reason, false)
	}
	if err != nil {
		return Outcome{}, err
	}
	return s.run.change(ctx, p, r, v)
}

// closing is the verb of Close. INVALID_INPUT for a note or a reason that nobody may
// write, or that is too long.
func (s *Service) closing(p inbox.Principal, with Closing) (verb, error) {
	with.Reason, with.Note = inbox.Visible(with.Reason), inbox.Visible(with.Note)
	v := verb{
		name: "status", args: inbox.Closed, reason: with.Reason, note: with.Note, endsTokens: with.EndTokens,
		declared: s.run.the(inbox.ActionClose), asked: access.Asked{Note: with.Note != ""},
		choose: func(_ context.Context, t *attempt) (access.Choice, error) {
			return access.Choice{Messages: with.said(t.By)}, nil
		},
	}
	if with != (Closing{}) {
		v.args = []any{inbox.Closed, with}
	}
	return v, with.check(p)
}

// said is the note as a message of its author; none without one.
func (c Closing) said(by workspace.Actor) []inbox.Message {
	if c.Note == "" {
		return nil
	}
	return []inbox.Message{{Author: by, Body: c.Note, Internal: true}}
}
