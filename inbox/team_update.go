package inbox

import "context"

// TeamEdit holds the changes of a team; nil leaves a field as it is.
type TeamEdit struct {
	Name *string
	// Method is looked at when SetMethod is set, MaxAutoAssigned when SetCap is;
	// empty and nil then mean the workspace's.
	SetMethod       bool
	Method          Method
	SetCap          bool
	MaxAutoAssigned *int
	// Members is the complete new list of members.
	Members *[]MemberID
	// ExpectedRevision, when set, refuses the change of any other.
	ExpectedRevision *int
}

// UpdateTeam changes a team and its members, which needs teams.manage.
func (s *Service) UpdateTeam(ctx context.Context, p Principal, id TeamID, edit TeamEdit) (Team, error) {
	done, err := s.administer(ctx, p, act{name: "updateTeam", decide: func(a Access) (Amendment, error) { return a.updateTeam(id, edit) }})
	if err != nil {
		return Team{}, err
	}
	return *done.Team, nil
}

func (a Access) updateTeam(id TeamID, edit TeamEdit) (Amendment, error) {
	before, err := a.managedTeam(id, edit.ExpectedRevision)
	if err != nil {
		return Amendment{}, err
	}
	after := edit.apply(before)
	if err := a.checkTeam(before, after); err != nil {
		return Amendment{}, err
	}
	var members []DirectoryChange
	if edit.Members != nil {
		if members, err = a.manned(id, *edit.Members); err != nil {
			return Amendment{}, err
		}
	}
	var f auditFields
	f.team(before, after)
	f.list("members", a.crew(id, nil), a.crew(id, members))
	if len(f) > 0 {
		after.Rev++
	}
	return Amendment{
		Changes: append([]DirectoryChange{{Team: &after}}, members...), Action: AuditTeamUpdate, Target: teamTarget(after), Fields: f,
	}, nil
}

// managedTeam finds a team, for callers who may manage teams.
func (a Access) managedTeam(id TeamID, expected *int) (Team, error) {
	if err := a.Require(TeamsManage); err != nil {
		return Team{}, err
	}
	t, ok := a.Directory.Team(id)
	if !ok {
		return Team{}, Missing("team")
	}
	return t, checkExpected(expected, t.Rev)
}

func (e TeamEdit) apply(t Team) Team {
	if e.Name != nil {
		t.Name = *e.Name
	}
	if e.SetMethod {
		t.Method = e.Method
	}
	if e.SetCap {
		t.MaxAutoAssigned = e.MaxAutoAssigned
	}
	return t
}
