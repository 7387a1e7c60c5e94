package inbox

import "context"

// choose picks a member of team (of the workspace when empty) by the method in
// force, leaving out except and whom earlier attempts found at the cap. Empty
// when the conversation has to wait.
func (s *Service) choose(ctx context.Context, t *turn, kind Kind, team TeamID, except MemberID) (MemberID, error) {
	if t.access.Directory.Teams[team].Removed {
		team = ""
	}
	method, fellBack := t.access.MethodFor(team)
	if fellBack {
		t.warnings = append(t.warnings, WarnMethodAbovePlan)
	}
	if !t.Rules.Routes(kind) || method == Voluntary {
		return "", nil
	}
	candidates, err := s.candidates(ctx, t, kind, team, except)
	if err != nil {
		return "", err
	}
	chosen := Choose(method, candidates, s.pick)
	t.capOf(chosen, team)
	return chosen, nil
}

func (t *turn) capOf(chosen MemberID, team TeamID) {
	if m, ok := t.access.Directory.Member(chosen); ok {
		t.cap = t.access.CapFor(m, team)
	}
}

func (s *Service) candidates(ctx context.Context, t *turn, kind Kind, team TeamID, except MemberID) ([]Candidate, error) {
	var ids []MemberID
	members := t.access.Eligible(kind, team)
	for _, m := range members {
		ids = append(ids, m.ID)
	}
	loads, err := s.store.Loads(ctx, t.access.Principal.Workspace, ids)
	if err != nil {
		return nil, err
	}
	var out []Candidate
	for _, m := range members {
		if m.ID == except || t.full[m.ID] {
			continue
		}
		load := loads[m.ID]
		out = append(out, Candidate{
			Member: m.ID, Load: load, Used: load.Used(t.Rules.CountedKinds()),
			Cap: t.access.CapFor(m, team), OnlineSince: m.OnlineSince,
		})
	}
	return out, nil
}

// chooseFor is choose for what is given to a team by name, which rule teamTarget
// may leave to the team. B:A5.
func (s *Service) chooseFor(ctx context.Context, t *turn, kind Kind, team TeamID) (MemberID, error) {
	if t.Rules.TeamTarget == TeamTargetPool {
		return "", nil
	}
	return s.choose(ctx, t, kind, team, t.current.Assignee)
}
