package desk

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// MaxSnooze is the longest time that a conversation can sleep by the clock.
const MaxSnooze = 366 * 24 * time.Hour

// Snooze puts a conversation aside until a time, or until the contact writes if until is
// zero; the contact's message ends every sleep. It is for the owner, who has a place free
// meanwhile, and for who may assign any conversation.
func (s *Service) Snooze(ctx context.Context, p inbox.Principal, r Request, until time.Time) (Outcome, error) {
	until = until.UTC().Truncate(time.Millisecond)
	return s.run.change(ctx, p, r, verb{
		name: "snooze", args: until, declared: s.run.the(inbox.ActionSnooze), asked: access.Asked{OpenEnded: until.IsZero()},
		choose: func(_ context.Context, t *attempt) (access.Choice, error) {
			if !until.IsZero() && (!until.After(t.At) || until.After(t.At.Add(MaxSnooze))) {
				return access.Choice{}, inbox.Invalid("until.time", "until is not a time from now on and within %d days. Name a later or an earlier one.", MaxSnooze/(24*time.Hour))
			}
			return access.Choice{Until: until}, nil
		},
	})
}

// Wake ends the sleep of a conversation before its time, for the same callers as Snooze.
// The owner who wakes it has it back. If somebody else does, the owner has it back who is
// ONLINE and below the cap, and otherwise it waits in the queue.
func (s *Service) Wake(ctx context.Context, p inbox.Principal, r Request) (Outcome, error) {
	return s.run.change(ctx, p, r, verb{
		name: "wake", declared: s.run.the(inbox.ActionWake), reason: string(inbox.WokenByPerson),
		choose: func(ctx context.Context, t *attempt) (access.Choice, error) { return s.run.waking(ctx, t) },
	})
}

// waking decides who has what wakes: its owner, if that is the caller, or ONLINE and below
// the cap; otherwise it is queued. The cap holds for the kinds that count toward it.
func (s *runner) waking(ctx context.Context, t *attempt, said ...inbox.Message) (access.Choice, error) {
	c := t.current
	kept := t.By.Member() == c.Assignee
	if !kept {
		var err error
		if kept, err = s.route.takesBack(ctx, t); err != nil {
			return access.Choice{}, err
		}
	}
	choice := access.Choice{Messages: said}
	if kept {
		choice.To.Member = c.Assignee
	}
	return choice, nil
}

// takesBack reports whether the owner of a sleeper goes on with it.
func (s *router) takesBack(ctx context.Context, t *attempt) (bool, error) {
	m, ok := t.access.Directory.Member(t.current.Assignee)
	if !t.Rules.Routes(t.current.Kind) {
		return ok && m.Availability == workspace.Online && t.access.LiveAgent(m, t.current.Kind), nil
	}
	return s.hasRoom(ctx, t, t.current.Assignee, t.current.Team)
}

// writeWaking writes the contact's message r and wakes the conversation, in one
// transaction.
func (s *Messages) writeWaking(ctx context.Context, t *attempt, r SendRequest, key inbox.IdempotencyKey) (Sent, error) {
	t.warnings, t.At = nil, s.base.Clock()
	defer t.letGo()
	step := s.run.declared(access.StepWake)
	if err := t.access.Refusal(t.current, step.Judge(t.access, t.current, access.Asked{Inbound: true, At: t.At})); err != nil {
		return Sent{}, err
	}
	chosen, err := s.run.waking(ctx, t, r.message(t.By))
	if err != nil {
		return Sent{}, err
	}
	by := inbox.Command{By: t.By, At: t.At, Rules: t.Rules, Reason: string(inbox.WokenByContact)}
	return s.concludeSend(ctx, t, step.Apply(t.current, by, chosen), key)
}
