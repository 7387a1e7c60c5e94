package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// Rotation is where ROUND_ROBIN stands in the queue of a team, or of the
// workspace when Team is empty. It is kept in the database, so that the order
// outlives restarts and is one for all servers. B:Q4.
type Rotation struct {
	Team workspace.TeamID
	// Member was given the last one; Since is when that member had come online,
	// which is the place in the order, also after the member went.
	Member workspace.MemberID
	Since  time.Time
	// Count grows by one with every turn; zero before the first.
	Count int64
}

// ChangedLoads lists the members whose load an ownership event moved, and the team whose
// rotation it may have moved; turned is false if it moved none.
func (e Event) ChangedLoads() (members []workspace.MemberID, team workspace.TeamID, turned bool) {
	if e.Type != OwnershipEvent || e.After == nil {
		return nil, "", false
	}
	before, existed := e.Before()
	if !existed {
		before.Ownership = Ownership{}
	}
	for _, l := range LoadChanges(before, *e.After) {
		members = append(members, l.Member)
		turned = turned || l.Delta > 0 && e.To.Automatic || l.Reserved > 0 && e.After.Offer.Team != ""
	}
	team = e.To.Team
	if e.After.Offer.Open() {
		team = e.After.Offer.Team
	}
	return members, team, turned
}
