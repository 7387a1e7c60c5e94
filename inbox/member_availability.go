package inbox

import (
	"context"
	"time"
)

// setAvailabilityOf sets somebody else's availability, which is an act like
// others: it is in the audit log.
func (s *Service) setAvailabilityOf(ctx context.Context, p Principal, to Availability, id MemberID) (Member, error) {
	now := s.clock()
	done, err := s.administer(ctx, p, act{name: "setAvailability", decide: func(a Access) (Amendment, error) { return a.setAvailability(id, to, now) }})
	if err != nil {
		return Member{}, err
	}
	return *done.Member, nil
}

func (a Access) setAvailability(id MemberID, to Availability, now time.Time) (Amendment, error) {
	m, err := a.availabilityOf(id)
	if err != nil {
		return Amendment{}, err
	}
	var f auditFields
	f.text("availability", string(m.Availability), string(to))
	after, changed := m.setTo(to, a.Principal.Actor, now)
	if changed && m.Availability == to { // it is one that somebody chose from now on
		f.text("availabilityReason", string(m.Turned.Why), string(after.Turned.Why))
	}
	m = after
	return Amendment{Changes: []DirectoryChange{{Member: &m}}, Action: AuditMemberPresence, Target: memberTarget(m), Fields: f}, nil
}
