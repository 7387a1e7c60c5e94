package inbox

import (
	"context"
	"slices"
	"time"
)

// MemberEdit holds the changes of a member; nil leaves a field as it is.
type MemberEdit struct {
	Name  *string
	Roles []RoleName
	Teams *[]TeamID
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
func (s *Service) UpdateMember(ctx context.Context, p Principal, id MemberID, edit MemberEdit) (m Member, released int, err error) {
	now := s.clock()
	done, err := s.administer(ctx, p, act{name: "updateMember", decide: func(a Access) (Amendment, error) { return a.updateMember(id, edit, now) }})
	if err != nil {
		return Member{}, 0, err
	}
	if done.Member.EmptyingSince.Equal(now) {
		released = s.beginEmptying(ctx, Emptying{Workspace: p.Workspace, Member: id, Since: now})
	}
	return *done.Member, released, nil
}

func (a Access) updateMember(id MemberID, edit MemberEdit, now time.Time) (Amendment, error) {
	before, err := a.managed(id, edit.ExpectedRevision)
	if err != nil {
		return Amendment{}, err
	}
	after := edit.apply(before)
	var f auditFields
	f.member(a, before, after)
	if len(f) > 0 {
		after.Rev++
	}
	if a.narrows(before, after) {
		after.EmptyingSince = now
	}
	return Amendment{Changes: []DirectoryChange{{Member: &after}}, Action: AuditMemberUpdate, Target: memberTarget(after), Fields: f}, a.checkEdit(before, after)
}

// narrows reports whether a member may own conversations of fewer kinds after a
// change than before.
func (a Access) narrows(before, after Member) bool {
	return slices.ContainsFunc(Kinds(), func(kind Kind) bool { return a.LiveAgent(before, kind) && !a.LiveAgent(after, kind) })
}

// managed finds a member whom the caller may manage.
func (a Access) managed(id MemberID, expected *int) (Member, error) {
	if err := a.Require(MembersManage); err != nil {
		return Member{}, err
	}
	m, ok := a.Directory.Member(id)
	if !ok {
		return Member{}, Missing("member")
	}
	m.Teams = a.Directory.present(m.Teams)
	return m, checkExpected(expected, m.Rev)
}

func (e MemberEdit) apply(m Member) Member {
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
func (a Access) checkEdit(before, after Member) error {
	if slices.Equal(before.Roles, after.Roles) {
		for _, err := range []error{checkName("name", after.Name), a.checkTeams(after.Teams), checkOptionalCap(after.MaxAutoAssigned)} {
			if err != nil {
				return err
			}
		}
		return nil
	}
	if err := a.checkMember(after); err != nil {
		return err
	}
	if err := a.checkGrant(differing(before.Roles, after.Roles)); err != nil {
		return err
	}
	return a.checkOwners(after)
}

// differing are the roles that are on one side only.
func differing(before, after []RoleName) []RoleName {
	var out []RoleName
	for _, role := range append(slices.Clone(before), after...) {
		if slices.Contains(before, role) != slices.Contains(after, role) {
			out = append(out, role)
		}
	}
	return out
}
