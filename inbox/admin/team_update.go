package admin

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// TeamEdit holds the changes of a team; nil leaves a field as it is.
type TeamEdit struct {
	Name *string
	// Method is looked at when SetMethod is set, MaxAutoAssigned when SetCap is;
	// empty and nil then mean the workspace's.
	SetMethod       bool
	Method          workspace.Method
	SetCap          bool
	MaxAutoAssigned *int
	// Members is the complete new list of members.
	Members *[]workspace.MemberID
	// ExpectedRevision, when set, refuses the change of any other.
	ExpectedRevision *int
}

// UpdateTeam changes a team and its members, which needs teams.manage.
func (s *Service) UpdateTeam(ctx context.Context, p inbox.Principal, id workspace.TeamID, edit TeamEdit) (workspace.Team, error) {
	done, err := s.administer(ctx, p, act{name: "updateTeam", decide: func(a access.Access) (Amendment, error) { return updateTeam(a, id, edit) }})
	if err != nil {
		return workspace.Team{}, err
	}
	return *done.Team, nil
}

func updateTeam(a access.Access, id workspace.TeamID, edit TeamEdit) (Amendment, error) {
	before, err := managedTeam(a, id, edit.ExpectedRevision)
	if err != nil {
		return Amendment{}, err
	}
	after := edit.apply(before)
	if err := checkTeam(a, before, after); err != nil {
		return Amendment{}, err
	}
	var members []workspace.DirectoryChange
	if edit.Members != nil {
		if members, err = manned(a, id, *edit.Members); err != nil {
			return Amendment{}, err
		}
	}
	var f auditFields
	f.team(before, after)
	f.list("members", crew(a, id, nil), crew(a, id, members))
	if len(f) > 0 {
		after.Rev++
	}
	return Amendment{
		Changes: append([]workspace.DirectoryChange{{Team: &after}}, members...), Action: audit.AuditTeamUpdate, Target: teamTarget(after), Fields: f,
	}, nil
}

// managedTeam finds a team, for callers who may manage teams.
func managedTeam(a access.Access, id workspace.TeamID, expected *int) (workspace.Team, error) {
	if err := a.Require(workspace.TeamsManage); err != nil {
		return workspace.Team{}, err
	}
	t, ok := a.Directory.Team(id)
	if !ok {
		return workspace.Team{}, inbox.Missing("team")
	}
	return t, commit.CheckExpected(expected, t.Rev)
}

func (e TeamEdit) apply(t workspace.Team) workspace.Team {
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
