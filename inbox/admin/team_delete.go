package admin

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// DeleteTeam removes a team, which needs teams.manage. Its members stay; its
// conversations become the workspace's, at once or within moments, and waiting ones
// keep their place in time. released is the number of those conversations,
// CountLimit at most.
func (s *Service) DeleteTeam(ctx context.Context, p inbox.Principal, id workspace.TeamID) (t workspace.Team, released int, err error) {
	now := s.base.Clock()
	e := inbox.Offboarding{Workspace: p.Workspace, Team: id, Since: now}
	done, released, err := releasing(ctx, s, p, e, act{name: "deleteTeam", decide: func(a access.Access) (Amendment, error) { return deleteTeam(a, id, now) }})
	if err != nil {
		return workspace.Team{}, 0, err
	}
	s.shelf.ForgetTeam(ctx, p.Workspace, id)
	return *done.Team, released, nil
}

func deleteTeam(a access.Access, id workspace.TeamID, now time.Time) (Amendment, error) {
	t, err := managedTeam(a, id, nil)
	if err != nil {
		return Amendment{}, err
	}
	var f auditFields
	f.team(t, workspace.Team{})
	f.list("members", crew(a, id, nil), nil)
	t.Removed, t.OffboardingSince = true, now
	t.Rev++
	return Amendment{Changes: []workspace.DirectoryChange{{Team: &t}}, Action: audit.AuditTeamDelete, Target: teamTarget(t), Fields: f}, nil
}
