package admin

import (
	"cmp"
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// SetAvailability sets the caller's availability, or that of member, which
// needs members.manage. reason is a reason code for AWAY; empty for none, unless rule
// reasonsRequired demands one. B:P1.
func (s *Service) SetAvailability(ctx context.Context, p inbox.Principal, to workspace.Availability, member workspace.MemberID, reason workspace.ReasonCodeID) (workspace.Member, error) {
	if err := inbox.CheckChoice("availability", to, workspace.Online, workspace.Away, workspace.Offline); err != nil {
		return workspace.Member{}, err
	}
	if member != "" && member != p.Actor.Member() {
		return s.setAvailabilityOf(ctx, p, to, member, reason)
	}
	var saved workspace.Member
	err := s.base.EditDirectory(ctx, p, p.Actor.Member(), func(a access.Access) (workspace.DirectoryChange, error) {
		m, err := availabilityOf(a, member)
		if err = cmp.Or(err, checkAway(a, to, reason)); err != nil {
			return workspace.DirectoryChange{}, err
		}
		m, changed := m.SetTo(to, reason, p.Actor, s.base.Clock())
		saved = m
		if !changed {
			return workspace.DirectoryChange{}, nil
		}
		return workspace.DirectoryChange{Member: &m}, nil
	})
	return saved, err
}

// checkAway checks the reason code of a chosen availability: only AWAY has one.
func checkAway(a access.Access, to workspace.Availability, reason workspace.ReasonCodeID) error {
	if to != workspace.Away {
		return access.CheckReasonFor(a, "", false, reason)
	}
	return access.CheckReasonFor(a, workspace.ReasonAway, access.ReasonDemanded(a, workspace.ReasonAway), reason)
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
