package admin

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// NewTeam is a team to make. Method and cap are the workspace's when left out.
type NewTeam struct {
	Name            string
	Method          workspace.Method
	MaxAutoAssigned *int
	Members         []workspace.MemberID
	Key             string
}

// CreateTeam makes a team, which needs teams.manage. A name belongs to one team
// only, in any case of its letters; a method above the plan is PLAN_REQUIRED. B:Q9.
func (s *Service) CreateTeam(ctx context.Context, p inbox.Principal, n NewTeam) (workspace.Team, error) {
	id := workspace.TeamID(s.base.NewID())
	done, err := s.administer(ctx, p, act{name: "createTeam", key: n.Key, args: n, decide: func(a access.Access) (Amendment, error) { return createTeam(a, id, n) }})
	if err != nil {
		return workspace.Team{}, err
	}
	return *done.Team, nil
}

func createTeam(a access.Access, id workspace.TeamID, n NewTeam) (Amendment, error) {
	if err := a.Require(workspace.TeamsManage); err != nil {
		return Amendment{}, err
	}
	t := workspace.Team{ID: id, Workspace: a.Directory.Workspace.ID, Name: n.Name, Method: n.Method, MaxAutoAssigned: n.MaxAutoAssigned, Rev: 1}
	if err := checkTeam(a, workspace.Team{}, t); err != nil {
		return Amendment{}, err
	}
	members, err := manned(a, id, n.Members)
	var f auditFields
	f.team(workspace.Team{}, t)
	f.list("members", nil, crew(a, id, members))
	return Amendment{
		Changes: append([]workspace.DirectoryChange{{Team: &t}}, members...), Action: audit.AuditTeamCreate, Target: teamTarget(t), Fields: f,
	}, err
}
