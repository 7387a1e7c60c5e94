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
}

// Absent is OFFLINE, the availability of a member who never chose one.
func (m Member) Absent() bool { return m.Availability == Offline || m.Availability == "" }

// TurnedTo is the member with another availability.
func (m Member) TurnedTo(to Availability, why AvailabilityReason, by Actor, at time.Time) Member {
	if to == Online {
		m.OnlineSince = at
	}
	m.Turned = AvailabilityChange{From: m.Availability, Why: why, By: by, At: at}
	m.Availability = to
	m.Rev++
	return m
}

// SetTo returns the member after an availability was chosen; changed is false if
// the member had it already. A member who is OFFLINE because of a lost connection
// and chooses OFFLINE stays so after reconnecting.
func (m Member) SetTo(to Availability, by Actor, at time.Time) (out Member, changed bool) {
	if m.Availability == to && !(to == Offline && m.Turned.Why == ConnectionLost) {
		return m, false
	}
	return m.TurnedTo(to, AvailabilitySet, by, at), true
}

// Restored is the member as before a lost connection; ok is false when nothing is to
// be restored: it was not the connection, or presenceReturn has passed.
func (m Member) Restored(r Rules, at time.Time) (out Member, ok bool) {
	if m.Removed || m.Availability != Offline || m.Turned.Why != ConnectionLost || at.Sub(m.Turned.At) >= r.PresenceReturn {
		return m, false
	}
	return m.TurnedTo(m.Turned.From, ConnectionReturned, System(), at), true
}
