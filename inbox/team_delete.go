package inbox

import (
	"context"
	"time"
)

// DeleteTeam removes a team, which needs teams.manage. Its members stay; its
// conversations become the workspace's, at once or within moments, and waiting ones
// keep their place in time. released is the number of those conversations,
// CountLimit at most.
func (s *Service) DeleteTeam(ctx context.Context, p Principal, id TeamID) (t Team, released int, err error) {
	now := s.clock()
	done, err := s.administer(ctx, p, act{name: "deleteTeam", decide: func(a Access) (Amendment, error) { return a.deleteTeam(id, now) }})
	if err != nil {
		return Team{}, 0, err
	}
	s.forgetTeam(ctx, p.Workspace, id)
	return *done.Team, s.beginEmptying(ctx, Emptying{Workspace: p.Workspace, Team: id, Since: now}), nil
}

func (a Access) deleteTeam(id TeamID, now time.Time) (Amendment, error) {
	t, err := a.managedTeam(id, nil)
	if err != nil {
		return Amendment{}, err
	}
	var f auditFields
	f.team(t, Team{})
	f.list("members", a.crew(id, nil), nil)
	t.Removed, t.EmptyingSince = true, now
	t.Rev++
	return Amendment{Changes: []DirectoryChange{{Team: &t}}, Action: AuditTeamDelete, Target: teamTarget(t), Fields: f}, nil
}
