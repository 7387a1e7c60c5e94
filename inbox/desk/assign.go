package desk

import (
	"context"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// Assign gives a conversation to a member or a team. B:A1, B:A3, B:A5.
func (s *Service) Assign(ctx context.Context, p inbox.Principal, r Request, to access.Owner, note string) (Outcome, error) {
	v, err := s.assigning(to, note)
	if err != nil {
		return Outcome{}, err
	}
	return s.run.change(ctx, p, r, v)
}

// assigning is the verb of Assign. INVALID_INPUT for a note that is too long.
func (s *Service) assigning(to access.Owner, note string) (verb, error) {
	note = inbox.Visible(note)
	return verb{
		name: "assign", args: []any{to, note}, note: note, panel: true, asked: access.Asked{To: to}, toward: recipient(to),
		declared: func(a access.Access, c inbox.Conversation) access.Verb {
			action := access.ChangeTo(a, c, to)
			if action == inbox.ActionTransfer {
				return s.transferVerb(a, OfferWish{})
			}
			return s.run.declared(action)
		},
		choose: func(ctx context.Context, t *attempt) (access.Choice, error) { return s.give(ctx, t, to) },
	}, inbox.CheckLength("note", note, inbox.MaxNote)
}

// give decides the next owner for the change that the panel makes, which is that of
// another verb unless nobody owns the conversation. B:O1 to B:O5
func (s *Service) give(ctx context.Context, t *attempt, to access.Owner) (access.Choice, error) {
	if to.Agent != "" {
		return access.Choice{}, notHuman()
	}
	switch access.ChangeTo(t.access, t.current, to) {
	case inbox.ActionTransfer:
		return s.transfer(ctx, t, to, OfferWish{})
	case inbox.ActionAssign:
		return s.assign(ctx, t, to)
	default: // a claim or a takeover, by the caller
		return access.Choice{}, nil
	}
}

func (s *Service) assign(ctx context.Context, t *attempt, to access.Owner) (access.Choice, error) {
	if err := checkTarget(t.access, t.current, to, ownerField(to)); err != nil {
		return access.Choice{}, err
	}
	next, err := s.route.target(ctx, t, t.current.Kind, to)
	return access.Choice{To: next}, err
}

// Claim makes the caller the assignee of an unassigned conversation. B:A4.
func (s *Service) Claim(ctx context.Context, p inbox.Principal, r Request) (Outcome, error) {
	return s.Do(ctx, p, r, s.run.declared(inbox.ActionClaim))
}

// Unassign takes the assignee off. B:A6.
func (s *Service) Unassign(ctx context.Context, p inbox.Principal, r Request) (Outcome, error) {
	return s.Do(ctx, p, r, s.run.declared(inbox.ActionUnassign))
}

// Leave releases a conversation that the caller owns. B:L1.
func (s *Service) Leave(ctx context.Context, p inbox.Principal, r Request) (Outcome, error) {
	return s.Do(ctx, p, r, s.run.declared(inbox.ActionLeave))
}

// Do runs a verb that needs nothing but the conversation, as it is declared.
func (s *Service) Do(ctx context.Context, p inbox.Principal, r Request, v access.Verb) (Outcome, error) {
	return s.run.change(ctx, p, r, alone(v))
}

// alone is the verb that v declares, and that needs nothing but the conversation.
func alone(v access.Verb) verb {
	return verb{name: strings.ToLower(string(v.Action)), declared: always(v)}
}

// ownerField is the argument that names the owner.
func ownerField(o access.Owner) string {
	if o.Team != "" {
		return "teamId"
	}
	return "memberId"
}
