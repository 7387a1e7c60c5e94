package inbox

import "context"

// HandoffTarget is the target of an AI agent's request: a member, a team, or any
// member if both are empty.
type HandoffTarget struct {
	Member MemberID
	Team   TeamID
	// Agent is set by clients that picked an AI agent; it is refused.
	Agent AgentID
	// RequireOnline refuses a named member who is not ONLINE.
	RequireOnline bool
}

// RequestHandoff passes a chat from its AI agent to people. B:H1.
func (s *Service) RequestHandoff(ctx context.Context, p Principal, r Request, to HandoffTarget) (Outcome, error) {
	return s.change(ctx, p, r, verb{
		name: "handoff", action: ActionHandOff, args: to,
		apply: func(ctx context.Context, t *turn) (Move, error) { return s.handOff(ctx, t, to) },
	})
}

func (s *Service) handOff(ctx context.Context, t *turn, to HandoffTarget) (Move, error) {
	if to.Agent != "" {
		return Move{}, targetRefused("memberId", TargetAIAgent, "A chat is handed off to people. Name a member, a team, or anyone.")
	}
	if to.Member != "" {
		return handOffTo(t, to)
	}
	if to.Team != "" {
		if err := t.access.checkTarget(t.current, Owner{Team: to.Team}, "teamId"); err != nil {
			return Move{}, err
		}
	}
	chosen, err := s.stickyOwner(ctx, t, to.Team)
	if chosen == "" && err == nil {
		chosen, err = s.choose(ctx, t, t.current.Kind, to.Team, "")
	}
	return HandOff(t.current, to.Team, chosen, true, t.Turn), err
}

func handOffTo(t *turn, to HandoffTarget) (Move, error) {
	if err := t.access.checkTarget(t.current, Owner{Member: to.Member}, "memberId"); err != nil {
		return Move{}, err
	}
	m := t.access.Directory.Members[to.Member]
	if to.RequireOnline && m.Availability != Online {
		return Move{}, targetRefused("memberId", awayReason(m), m.Name+" is not online. Name somebody who is, a team, or anyone.")
	}
	return HandOff(t.current, t.current.Team, to.Member, false, t.Turn), nil
}
