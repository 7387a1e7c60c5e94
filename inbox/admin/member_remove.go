package admin

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// RemoveMember takes a person out of the workspace, which needs members.manage and
// every permission of that person's roles. From that moment the person may do
// nothing; their conversations go up for grabs, at once or within moments. released
// is the number of those conversations, CountLimit at most. The last owner cannot
// be removed.
func (s *Service) RemoveMember(ctx context.Context, p inbox.Principal, id workspace.MemberID) (m workspace.Member, released int, err error) {
	now := s.base.Clock()
	e := inbox.Offboarding{Workspace: p.Workspace, Member: id, Since: now}
	done, released, err := releasing(ctx, s, p, e, act{name: "removeMember", decide: func(a access.Access) (Amendment, error) { return removeMember(a, id, now) }})
	if err != nil {
		return workspace.Member{}, 0, err
	}
	s.shelf.ForgetMember(ctx, p.Workspace, id)
	return *done.Member, released, nil
}

func removeMember(a access.Access, id workspace.MemberID, now time.Time) (Amendment, error) {
	m, err := managed(a, id, nil)
	if err != nil {
		return Amendment{}, err
	}
	if err := access.CheckGrant(a, m.Roles); err != nil {
		return Amendment{}, err
	}
	var f auditFields
	f.member(a, m, workspace.Member{})
	m.Removed, m.OffboardingSince, m.Availability = true, now, workspace.Offline
	m.Rev++
	return Amendment{Changes: []workspace.DirectoryChange{{Member: &m}}, Action: audit.AuditMemberRemove, Target: memberTarget(m), Fields: f}, checkOwners(a, m)
}
