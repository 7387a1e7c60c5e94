package admin

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// SetAvailability sets the caller's availability, or that of member, which
// needs members.manage. B:P1.
func (s *Service) SetAvailability(ctx context.Context, p inbox.Principal, to workspace.Availability, member workspace.MemberID) (workspace.Member, error) {
	if err := inbox.CheckChoice("availability", to, workspace.Online, workspace.Away, workspace.Offline); err != nil {
		return workspace.Member{}, err
	}
	if member != "" && member != p.Actor.Member() {
		return s.setAvailabilityOf(ctx, p, to, member)
	}
	var saved workspace.Member
	err := s.base.EditDirectory(ctx, p, func(a access.Access) (workspace.DirectoryChange, error) {
		m, err := availabilityOf(a, member)
		if err != nil {
			return workspace.DirectoryChange{}, err
		}
		m, changed := m.SetTo(to, p.Actor, s.base.Clock())
		saved = m
		if !changed {
			return workspace.DirectoryChange{}, nil
		}
		return workspace.DirectoryChange{Member: &m}, nil
	})
	return saved, err
}

func availabilityOf(a access.Access, id workspace.MemberID) (workspace.Member, error) {
	if id == "" || id == a.Member.ID {
		if a.Principal.Actor.Kind != workspace.ActorMember {
			return workspace.Member{}, inbox.Invalid("memberId", "Only members have an availability. Name one.")
		}
		return a.Member, nil
	}
	if err := a.Require(workspace.MembersManage); err != nil {
		return workspace.Member{}, err
	}
	m, ok := a.Directory.Member(id)
	if !ok {
		return workspace.Member{}, inbox.Missing("member")
	}
	return m, nil
}
