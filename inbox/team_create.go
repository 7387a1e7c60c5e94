package inbox

import "context"

// NewTeam is a team to make. Method and cap are the workspace's when left out.
type NewTeam struct {
	Name            string
	Method          Method
	MaxAutoAssigned *int
	Members         []MemberID
	Key             string
}

// CreateTeam makes a team, which needs teams.manage. A name belongs to one team
// only, in any case of its letters; a method above the plan is PLAN_REQUIRED. B:Q9.
func (s *Service) CreateTeam(ctx context.Context, p Principal, n NewTeam) (Team, error) {
	id := TeamID(s.nextID())
	done, err := s.administer(ctx, p, act{name: "createTeam", key: n.Key, args: n, decide: func(a Access) (Amendment, error) { return a.createTeam(id, n) }})
	if err != nil {
		return Team{}, err
	}
	return *done.Team, nil
}

func (a Access) createTeam(id TeamID, n NewTeam) (Amendment, error) {
	if err := a.Require(TeamsManage); err != nil {
		return Amendment{}, err
	}
	t := Team{ID: id, Workspace: a.Directory.Workspace.ID, Name: n.Name, Method: n.Method, MaxAutoAssigned: n.MaxAutoAssigned, Rev: 1}
	if err := a.checkTeam(Team{}, t); err != nil {
		return Amendment{}, err
	}
	members, err := a.manned(id, n.Members)
	var f auditFields
	f.team(Team{}, t)
	f.list("members", nil, a.crew(id, members))
	return Amendment{
		Changes: append([]DirectoryChange{{Team: &t}}, members...), Action: AuditTeamCreate, Target: teamTarget(t), Fields: f,
	}, err
}
