package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// HandoffTarget is the target of an AI agent's request: a member, a team, or any
// member if both are empty.
type HandoffTarget struct {
	Member workspace.MemberID
	Team   workspace.TeamID
	// Agent is set by clients that picked an AI agent; it is refused.
	Agent workspace.AgentID
	// RequireOnline refuses a named member who is not ONLINE.
	RequireOnline bool
}

// RequestHandoff passes a chat from its AI agent to people. B:H1.
func (s *Service) RequestHandoff(ctx context.Context, p inbox.Principal, r Request, to HandoffTarget) (Outcome, error) {
	return s.run.change(ctx, p, r, verb{
		name: "handoff", declared: s.run.the(inbox.ActionHandOff), args: to, toward: recipient(access.Owner{Member: to.Member, Team: to.Team}),
		choose: func(ctx context.Context, t *attempt) (access.Choice, error) { return s.handOff(ctx, t, to) },
	})
}

func (s *Service) handOff(ctx context.Context, t *attempt, to HandoffTarget) (access.Choice, error) {
	if to.Agent != "" {
		return access.Choice{}, targetRefused("memberId", inbox.TargetAIAgent, "A chat is handed off to people. Name a member, a team, or anyone.")
	}
	if to.Member != "" {
		return handOffTo(t, to)
	}
	if to.Team != "" {
		if err := checkTarget(t.access, t.current, access.Owner{Team: to.Team}, "teamId"); err != nil {
			return access.Choice{}, err
		}
	}
	chosen, err := s.route.stickyOwner(ctx, t, to.Team)
	if chosen == "" && err == nil {
		chosen, err = s.route.choose(ctx, t, t.current.Kind, to.Team, "")
	}
	return access.Choice{To: access.Target{Member: chosen, Team: to.Team, Automatic: true}}, err
}

func handOffTo(t *attempt, to HandoffTarget) (access.Choice, error) {
	if err := checkTarget(t.access, t.current, access.Owner{Member: to.Member}, "memberId"); err != nil {
		return access.Choice{}, err
	}
	m := t.access.Directory.Members[to.Member]
	if to.RequireOnline && m.Availability != workspace.Online {
		return access.Choice{}, targetRefused("memberId", awayReason(m), m.Name+" is not online. Name somebody who is, a team, or anyone.")
	}
	return access.Choice{To: access.Target{Member: to.Member, Team: t.current.Team}}, nil
}
