package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// LoadChange moves the counter of one member by Delta (1 or -1) for Kind.
type LoadChange struct {
	Member workspace.MemberID
	Kind   workspace.Kind
	Delta  int
	// Cap, when above 0, makes the change fail with ErrAtCap unless the load is
	// below it. Counted are the kinds that count toward it.
	Cap     int
	Counted []workspace.Kind
	// Seen, when not nil and Cap is set, makes the change fail with ErrAtCap when the member owns
	// more open conversations by now, of any kind, than were seen at the choice, or
	// another commit that is under way moves the load and there is no Rotation.
	Seen *int
	// AutoAssignedAt is remembered when the rules chose the member.
	AutoAssignedAt time.Time
}
