package inbox

import (
	"slices"
	"time"

	"switchboard/inbox/workspace"
)

// LoadChange moves the counters of one member for Kind.
type LoadChange struct {
	Member workspace.MemberID
	Kind   workspace.Kind
	// Delta is by how much the conversations grow that the member owns, and Reserved those
	// that are reserved because they are offered to the member: 1, 0 or -1 each.
	Delta, Reserved int
	// Cap, when above 0, makes the change fail with ErrAtCap unless the load, with what is
	// reserved, is below it. Counted are the kinds that count toward it.
	Cap     int
	Counted []workspace.Kind
	// Seen, when not nil and Cap is set, makes the change fail with ErrAtCap when the member holds
	// more open conversations by now, of any kind, than were seen at the choice, or
	// another commit that is under way moves the load and there is no Rotation.
	Seen *int
	// AutoAssignedAt is remembered when the rules chose the member.
	AutoAssignedAt time.Time
}

// Held is by how much the change moves what the rules see: what the member owns, and what
// is reserved.
func (l LoadChange) Held() int { return l.Delta + l.Reserved }

// LoadChanges returns the counters that a step moves: of the members for whom the
// conversation no longer counts, as owned or as reserved, and of those for whom it counts
// now; each member once, what falls before what grows.
func LoadChanges(before, after Conversation) []LoadChange {
	var out []LoadChange
	add := func(m workspace.MemberID, delta, reserved int) {
		if m == "" {
			return
		}
		i := slices.IndexFunc(out, func(l LoadChange) bool { return l.Member == m })
		if i < 0 {
			out, i = append(out, LoadChange{Member: m, Kind: after.Kind}), len(out)
		}
		out[i].Delta += delta
		out[i].Reserved += reserved
	}
	add(before.CountsFor(), -1, 0)
	add(before.Reserves(), 0, -1)
	add(after.CountsFor(), 1, 0)
	add(after.Reserves(), 0, 1)
	return slices.DeleteFunc(out, func(l LoadChange) bool { return l.Delta == 0 && l.Reserved == 0 })
}
