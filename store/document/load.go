package document

import (
	"net/url"
	"time"

	"switchboard/inbox/workspace"
)

// loadDoc is a member's load.
type Load struct {
	ID               string             `bson:"_id"`
	Member           workspace.MemberID `bson:"member"`
	Livechats        int                `bson:"livechats"`
	Tickets          int                `bson:"tickets"`
	Open             int                `bson:"open"` // both kinds, to compare with a cap
	LastAutoAssigned time.Time          `bson:"lastAutoAssigned"`
}

func LoadID(ws workspace.WorkspaceID, m workspace.MemberID) string {
	return url.PathEscape(string(ws)) + "/" + url.PathEscape(string(m))
}

func CounterOf(k workspace.Kind) string {
	if k == workspace.Ticket {
		return "tickets"
	}
	return "livechats"
}

// cappedCounter is the counter that a cap on these kinds is compared with.
func CappedCounter(counted []workspace.Kind) string {
	if len(counted) == 1 {
		return CounterOf(counted[0])
	}
	return "open"
}

func (d Load) Load() workspace.Load {
	return workspace.Load{Livechats: d.Livechats, Tickets: d.Tickets, LastAutoAssigned: d.LastAutoAssigned}
}

// sequenceCounterID names the counter of the places that a workspace's notifications got.
// It stands among the loads, and has one slash more than the id of any load.
func SequenceCounterID(ws workspace.WorkspaceID) string {
	return url.PathEscape(string(ws)) + "/places/"
}

// rotationID has one slash more than the id of any load.
func RotationID(ws workspace.WorkspaceID, team workspace.TeamID) string {
	return url.PathEscape(string(ws)) + "/rotation/" + url.PathEscape(string(team))
}

// rotationDoc leaves the id to the load.
type Rotation struct {
	Team   workspace.TeamID   `bson:"team"`
	Member workspace.MemberID `bson:"given"`
	Since  time.Time          `bson:"since"`
	Count  int64              `bson:"count"`
}
