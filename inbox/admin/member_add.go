package admin

import (
	"cmp"
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// NewMember holds the fields of a new member. The first sign-in is recognised by
// the address.
type NewMember struct {
	Email, Name     string
	Roles           []workspace.RoleName
	Teams           []workspace.TeamID
	MaxAutoAssigned *int
	Key             string
}

// AddMember adds a person to the caller's workspace, which needs members.manage and
// every permission of the roles. An address belongs to one member only, in any case
// of its letters.
func (s *Service) AddMember(ctx context.Context, p inbox.Principal, n NewMember) (workspace.Member, error) {
	id := workspace.MemberID(s.base.NewID())
	done, err := s.administer(ctx, p, act{name: "addMember", key: n.Key, args: n, decide: func(a access.Access) (Amendment, error) { return addMember(a, id, n) }})
	if err != nil {
		return workspace.Member{}, err
	}
	return *done.Member, nil
}

func addMember(a access.Access, id workspace.MemberID, n NewMember) (Amendment, error) {
	if err := a.Require(workspace.MembersManage); err != nil {
		return Amendment{}, err
	}
	m := workspace.Member{
		ID: id, Workspace: a.Directory.Workspace.ID, Name: n.Name, Email: n.Email, Roles: n.Roles, Teams: n.Teams,
		MaxAutoAssigned: n.MaxAutoAssigned, Availability: workspace.Offline, Rev: 1,
	}
	if err := checkNewMember(a, m); err != nil {
		return Amendment{}, err
	}
	var f auditFields
	f.member(a, workspace.Member{}, m)
	return Amendment{Changes: []workspace.DirectoryChange{{Member: &m}}, Action: audit.AuditMemberAdd, Target: memberTarget(m), Fields: f}, nil
}

func checkNewMember(a access.Access, m workspace.Member) error {
	if err := inbox.CheckEmail("email", m.Email); err != nil {
		return err
	}
	if err := cmp.Or(checkName("name", m.Name), checkMember(a, m)); err != nil {
		return err
	}
	if other, taken := a.Directory.MemberByEmail(m.Email); taken {
		return inbox.Invalid("email", "This is %s's address already. A member is found by the address, so it can be one member's only.", other.Name)
	}
	return access.CheckGrant(a, m.Roles)
}

// checkMember checks everything of a member but the name.
func checkMember(a access.Access, m workspace.Member) error {
	return cmp.Or(access.CheckRoles(a, m.Roles), checkTeams(a, m.Teams), checkOptionalCap(m.MaxAutoAssigned))
}
