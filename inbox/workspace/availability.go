package workspace

import "time"

// AvailabilityReason is why a member's availability changed.
type AvailabilityReason string

// The reasons. B:P1.
const (
	// AvailabilitySet: the member, or a manager of members, chose it.
	AvailabilitySet AvailabilityReason = "SET"
	// ConnectionLost: no live connection was left for longer than presenceGrace.
	ConnectionLost AvailabilityReason = "CONNECTION_LOST"
	// ConnectionReturned: the member came back within presenceReturn.
	ConnectionReturned AvailabilityReason = "CONNECTION_RETURNED"
)

// AvailabilityChange is the last change of a member's availability. It is stored
// with the member, so that the event of each change carries it in full. The zero
// value is that of a member whose availability was never changed.
type AvailabilityChange struct {
	From Availability
	Why  AvailabilityReason
	By   Actor
	At   time.Time
	// Rev is the member's with the change: a member who has another was changed otherwise
	// since. 0 for a change from before this was kept.
	Rev int
	// ReasonCode is why the member is AWAY; empty for none. It outlasts a lost
	// connection, see AwayReason.
	ReasonCode ReasonCodeID
}

// AvailabilityChanged reports whether it is the availability that changed last about the member.
func (m Member) AvailabilityChanged() bool { return m.Turned.Rev != 0 && m.Turned.Rev == m.Rev }

// Absent is OFFLINE, the availability of a member who never chose one.
func (m Member) Absent() bool { return m.Availability == Offline || m.Availability == "" }

// TurnedTo is the member with another availability.
func (m Member) TurnedTo(to Availability, why AvailabilityReason, by Actor, at time.Time) Member {
	if to == Online {
		m.OnlineSince = at
	}
	m.Rev++
	m.Turned = AvailabilityChange{From: m.Availability, Why: why, By: by, At: at, Rev: m.Rev, ReasonCode: m.Turned.ReasonCode}
	m.Availability = to
	return m
}

// AwayReason is the reason code for which the member is AWAY now; empty for none, and
// for members who are not.
func (m Member) AwayReason() ReasonCodeID {
	if m.Availability != Away {
		return ""
	}
	return m.Turned.ReasonCode
}

// SetTo returns the member after an availability was chosen, with the reason code for
// AWAY, if any; changed is false if the member had both already. A member who is OFFLINE because of a lost connection
// and chooses OFFLINE stays so after reconnecting.
func (m Member) SetTo(to Availability, reason ReasonCodeID, by Actor, at time.Time) (out Member, changed bool) {
	if m.Availability == to && m.AwayReason() == reason && !(to == Offline && m.Turned.Why == ConnectionLost) {
		return m, false
	}
	out = m.TurnedTo(to, AvailabilitySet, by, at)
	out.Turned.ReasonCode = reason
	return out, true
}

// Restored is the member as before a lost connection; ok is false when nothing is to
// be restored: it was not the connection, or presenceReturn has passed.
func (m Member) Restored(r Rules, at time.Time) (out Member, ok bool) {
	if m.Removed || m.Availability != Offline || m.Turned.Why != ConnectionLost || at.Sub(m.Turned.At) >= r.PresenceReturn {
		return m, false
	}
	return m.TurnedTo(m.Turned.From, ConnectionReturned, System(), at), true
}
