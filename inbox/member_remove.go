package inbox

import (
	"context"
	"time"
)

// RemoveMember takes a person out of the workspace, which needs members.manage and
// every permission of that person's roles. From that moment the person may do
// nothing; their conversations go up for grabs, at once or within moments. released
// is the number of those conversations, CountLimit at most. The last owner cannot
// be removed.
func (s *Service) RemoveMember(ctx context.Context, p Principal, id MemberID) (m Member, released int, err error) {
	now := s.clock()
	done, err := s.administer(ctx, p, act{name: "removeMember", decide: func(a Access) (Amendment, error) { return a.removeMember(id, now) }})
	if err != nil {
		return Member{}, 0, err
	}
	s.forgetMember(ctx, p.Workspace, id)
	return *done.Member, s.beginEmptying(ctx, Emptying{Workspace: p.Workspace, Member: id, Since: now}), nil
}

func (a Access) removeMember(id MemberID, now time.Time) (Amendment, error) {
	m, err := a.managed(id, nil)
	if err != nil {
		return Amendment{}, err
	}
	if err := a.checkGrant(m.Roles); err != nil {
		return Amendment{}, err
	}
	var f auditFields
	f.member(a, m, Member{})
	m.Removed, m.EmptyingSince, m.Availability = true, now, Offline
	m.Rev++
	return Amendment{Changes: []DirectoryChange{{Member: &m}}, Action: AuditMemberRemove, Target: memberTarget(m), Fields: f}, a.checkOwners(m)
}
