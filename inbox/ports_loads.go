package inbox

import (
	"context"
	"time"
)

// Rotation is where ROUND_ROBIN stands in the queue of a team, or of the
// workspace when Team is empty. It is kept in the database, so that the order
// outlives restarts and is one for all servers. B:Q4.
type Rotation struct {
	Team TeamID
	// Member was given the last one; Since is when that member had come online,
	// which is the place in the order, also after the member went.
	Member MemberID
	Since  time.Time
	// Count grows by one with every turn; zero before the first.
	Count int64
}

// LoadBook is a server's cache of loads and rotations. It may not contain the
// latest changes of other servers: choices are made from it, and the commit
// verifies them.
type LoadBook interface {
	// Look returns the loads of members, in their order, and the rotation of team.
	// It reads from the store only entries that may have changed since they were
	// last read.
	Look(ctx context.Context, ws WorkspaceID, members []MemberID, team TeamID) ([]Load, Rotation, error)
	// Hold counts one more for the member until it is let go: a commit is under
	// way that gives it, and the next to choose shall not choose the same.
	Hold(ws WorkspaceID, m MemberID)
	// Release ends a Hold.
	Release(ws WorkspaceID, m MemberID)
	// Doubt makes the next Look read the member and the team's rotation again.
	Doubt(ws WorkspaceID, m MemberID, team TeamID)
	// Committed receives the events that this process committed, right afterwards.
	Committed(e Event)
}

// Observer receives every event that this process committed, right afterwards and
// before the caller gets its answer. It must not block.
type Observer interface {
	// Committed is called by many goroutines at once.
	Committed(e Event)
}

// MovesLoad lists the members whose load an ownership event moved, and reports
// whether the event moved the rotation of To.Team.
func (e Event) MovesLoad() (members []MemberID, turned bool) {
	if e.Type != OwnershipEvent || e.After == nil {
		return nil, false
	}
	before := *e.After
	before.Ownership = e.From
	if e.Kind == EventCreated {
		before.Ownership = Ownership{}
	}
	for _, l := range LoadChanges(before, *e.After) {
		members = append(members, l.Member)
		turned = turned || l.Delta > 0 && e.To.Automatic
	}
	return members, turned
}

// noBook reads everything anew each time.
type noBook struct{ store Store }

func (n noBook) Look(ctx context.Context, ws WorkspaceID, members []MemberID, team TeamID) ([]Load, Rotation, error) {
	loads, rotations, err := n.store.LoadsAndRotations(ctx, ws, members, []TeamID{team})
	out := make([]Load, len(members))
	for i, m := range members {
		out[i] = loads[m]
	}
	return out, rotations[team], err
}

func (noBook) Hold(WorkspaceID, MemberID)          {}
func (noBook) Release(WorkspaceID, MemberID)       {}
func (noBook) Doubt(WorkspaceID, MemberID, TeamID) {}
func (noBook) Committed(Event)                     {}
