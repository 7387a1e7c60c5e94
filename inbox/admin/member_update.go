package admin

import (
	"cmp"
	"context"
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// MemberEdit holds the changes of a member; nil leaves a field as it is.
type MemberEdit struct {
	Name  *string
	Roles []workspace.RoleName
	Teams *[]workspace.TeamID
	// MaxAutoAssigned is looked at when SetCap is set; nil then gives the member
	// the team's or the workspace's again.
	SetCap          bool
	MaxAutoAssigned *int
	// ExpectedRevision, when set, refuses the change of any other.
	ExpectedRevision *int
}

// UpdateMember changes a member, which needs members.manage and, if roles change,
// every permission of the roles that are granted or taken away. The last owner
// stays one. Conversations that the member may no longer own go up for grabs, at
// once or within moments; released is the number of those, CountLimit at most.
// B:E1.
func (s *Service) UpdateMember(ctx context.Context, p inbox.Principal, id workspace.MemberID, edit MemberEdit) (m workspace.Member, released int, err error) {
	now := s.base.Clock()
	e := inbox.Offboarding{Workspace: p.Workspace, Member: id, Since: now}
	done, released, err := releasing(ctx, s, p, e, act{name: "updateMember", decide: func(a access.Access) (Amendment, error) { return updateMember(a, id, edit, now) }})
	if err != nil {
		return workspace.Member{}, 0, err
	}
	return *done.Member, released, nil
}

func updateMember(a access.Access, id workspace.MemberID, edit MemberEdit, now time.Time) (Amendment, error) {
	before, err := managed(a, id, edit.ExpectedRevision)
	if err != nil {
		return Amendment{}, err
	}
	after := edit.apply(before)
	var f auditFields
	f.member(a, before, after)
	if len(f) > 0 {
		after.Rev++
	}
	if narrows(a, before, after) {
		after.OffboardingSince = now
	}
	return Amendment{Changes: []workspace.DirectoryChange{{Member: &after}}, Action: audit.AuditMemberUpdate, Target: memberTarget(after), Fields: f}, checkEdit(a, before, after)
}

// narrows reports whether a member may own conversations of fewer kinds after a
// change than before.
func narrows(a access.Access, before, after workspace.Member) bool {
	return slices.ContainsFunc(workspace.Kinds(), func(kind workspace.Kind) bool { return a.LiveAgent(before, kind) && !a.LiveAgent(after, kind) })
}

// managed finds a member whom the caller may manage.
func managed(a access.Access, id workspace.MemberID, expected *int) (workspace.Member, error) {
	if err := a.Require(workspace.MembersManage); err != nil {
		return workspace.Member{}, err
	}
	m, ok := a.Directory.Member(id)
	if !ok {
		return workspace.Member{}, inbox.Missing("member")
	}
	m.Teams = a.Directory.Present(m.Teams)
	return m, commit.CheckExpected(expected, m.Rev)
}

func (e MemberEdit) apply(m workspace.Member) workspace.Member {
	if e.Name != nil {
		m.Name = *e.Name
	}
	if e.Roles != nil {
		m.Roles = e.Roles
	}
	if e.Teams != nil {
		m.Teams = *e.Teams
	}
	if e.SetCap {
		m.MaxAutoAssigned = e.MaxAutoAssigned
	}
	return m
}

// checkEdit checks roles only if they change, so that a member whose role no longer
// exists can still be renamed.
func checkEdit(a access.Access, before, after workspace.Member) error {
	if slices.Equal(before.Roles, after.Roles) {
		return cmp.Or(
			checkRename("name", before.Name, after.Name), checkTeams(a, after.Teams),
			checkOptionalCap(after.MaxAutoAssigned),
		)
	}
	if err := cmp.Or(checkRename("name", before.Name, after.Name), checkMember(a, after)); err != nil {
		return err
	}
	if err := access.CheckGrant(a, differing(before.Roles, after.Roles)); err != nil {
		return err
	}
	return checkOwners(a, after)
}

// differing are the roles that are on one side only.
func differing(before, after []workspace.RoleName) []workspace.RoleName {
	var out []workspace.RoleName
	for _, role := range append(slices.Clone(before), after...) {
		if slices.Contains(before, role) != slices.Contains(after, role) {
			out = append(out, role)
		}
	}
	return out
}
