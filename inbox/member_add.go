package inbox

import "context"

// NewMember holds the fields of a new member. The first sign-in is recognised by
// the address.
type NewMember struct {
	Email, Name     string
	Roles           []RoleName
	Teams           []TeamID
	MaxAutoAssigned *int
	Key             string
}

// AddMember adds a person to the caller's workspace, which needs members.manage and
// every permission of the roles. An address belongs to one member only, in any case
// of its letters.
func (s *Service) AddMember(ctx context.Context, p Principal, n NewMember) (Member, error) {
	id := MemberID(s.nextID())
	done, err := s.administer(ctx, p, act{name: "addMember", key: n.Key, args: n, decide: func(a Access) (Amendment, error) { return a.addMember(id, n) }})
	if err != nil {
		return Member{}, err
	}
	return *done.Member, nil
}

func (a Access) addMember(id MemberID, n NewMember) (Amendment, error) {
	if err := a.Require(MembersManage); err != nil {
		return Amendment{}, err
	}
	m := Member{
		ID: id, Workspace: a.Directory.Workspace.ID, Name: n.Name, Email: n.Email, Roles: n.Roles, Teams: n.Teams,
		MaxAutoAssigned: n.MaxAutoAssigned, Availability: Offline, Rev: 1,
	}
	if err := a.checkNewMember(m); err != nil {
		return Amendment{}, err
	}
	var f auditFields
	f.member(a, Member{}, m)
	return Amendment{Changes: []DirectoryChange{{Member: &m}}, Action: AuditMemberAdd, Target: memberTarget(m), Fields: f}, nil
}

func (a Access) checkNewMember(m Member) error {
	if err := CheckEmail("email", m.Email); err != nil {
		return err
	}
	if err := a.checkMember(m); err != nil {
		return err
	}
	if other, taken := a.Directory.MemberByEmail(m.Email); taken {
		return Invalid("email", "This is %s's address already. A member is found by the address, so it can be one member's only.", other.Name)
	}
	return a.checkGrant(m.Roles)
}

func (a Access) checkMember(m Member) error {
	for _, err := range []error{checkName("name", m.Name), a.checkRoles(m.Roles), a.checkTeams(m.Teams), checkOptionalCap(m.MaxAutoAssigned)} {
		if err != nil {
			return err
		}
	}
	return nil
}
