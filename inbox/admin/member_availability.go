package admin

import (
	"cmp"
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// setAvailabilityOf sets somebody else's availability, which is an act like
// others: it is in the audit log.
func (s *Service) setAvailabilityOf(ctx context.Context, p inbox.Principal, to workspace.Availability, id workspace.MemberID, reason workspace.ReasonCodeID) (workspace.Member, error) {
	now := s.base.Clock()
	done, err := s.administer(ctx, p, act{name: "setAvailability", decide: func(a access.Access) (Amendment, error) { return setAvailability(a, id, to, reason, now) }})
	if err != nil {
		return workspace.Member{}, err
	}
	return *done.Member, nil
}

func setAvailability(a access.Access, id workspace.MemberID, to workspace.Availability, reason workspace.ReasonCodeID, now time.Time) (Amendment, error) {
	m, err := availabilityOf(a, id)
	if err = cmp.Or(err, checkAway(a, to, reason)); err != nil {
		return Amendment{}, err
	}
	var f auditFields
	f.text("availability", string(m.Availability), string(to))
	after, changed := m.SetTo(to, reason, a.Principal.Actor, now)
	f.text("reasonCode", reasonName(a, m.AwayReason()), reasonName(a, after.AwayReason()))
	if changed && m.Availability == to { // it is one that somebody chose from now on
		f.text("availabilityReason", string(m.Turned.Why), string(after.Turned.Why))
	}
	m = after
	return Amendment{Changes: []workspace.DirectoryChange{{Member: &m}}, Action: audit.AuditMemberPresence, Target: memberTarget(m), Fields: f}, nil
}
