package document

import (
	"net/url"
	"strings"
	"time"

	"switchboard/inbox/workspace"
)

// Load is a member's load. Earlier versions stored it without its workspace.
type Load struct {
	ID        string                `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	Member    workspace.MemberID    `bson:"member"`
	Livechats int                   `bson:"livechats"`
	Tickets   int                   `bson:"tickets"`
	Open      int                   `bson:"open"` // both kinds, to compare with a cap
	// The counters above include what is reserved, so that one comparison with a cap, by
	// servers of earlier versions too, counts both.
	ReservedLivechats int       `bson:"reservedLivechats,omitempty"`
	ReservedTickets   int       `bson:"reservedTickets,omitempty"`
	LastAutoAssigned  time.Time `bson:"lastAutoAssigned"`
}

// LoadID is the id of what is kept once for a member: the load, the stars, the read
// marks. It is unique to the workspace, as escaped ids hold no slash.
func LoadID(ws workspace.WorkspaceID, m workspace.MemberID) string {
	return url.PathEscape(string(ws)) + "/" + url.PathEscape(string(m))
}

// WorkspaceOfLoad is the workspace of a LoadID, RotationID or SequenceCounterID.
func WorkspaceOfLoad(id string) workspace.WorkspaceID {
	before, _, _ := strings.Cut(id, "/")
	ws, _ := url.PathUnescape(before) // as LoadID escaped it
	return workspace.WorkspaceID(ws)
}

// ReservedCounterOf is the field that counts those of CounterOf that are reserved.
func ReservedCounterOf(k workspace.Kind) string {
	if k == workspace.Ticket {
		return "reservedTickets"
	}
	return "reservedLivechats"
}

// CounterOf is the field that counts conversations of a kind, owned or reserved.
func CounterOf(k workspace.Kind) string {
	if k == workspace.Ticket {
		return "tickets"
	}
	return "livechats"
}

// CappedCounter is the counter that a cap on these kinds is compared with.
func CappedCounter(counted []workspace.Kind) string {
	if len(counted) == 1 {
		return CounterOf(counted[0])
	}
	return "open"
}

// Load is the load of the document.
func (d Load) Load() workspace.Load {
	return workspace.Load{
		Livechats: d.Livechats - d.ReservedLivechats, Tickets: d.Tickets - d.ReservedTickets,
		ReservedLivechats: d.ReservedLivechats, ReservedTickets: d.ReservedTickets, LastAutoAssigned: d.LastAutoAssigned,
	}
}

// SequenceCounterID names the counter of the places that a workspace's notifications got.
// It stands among the loads, and has one slash more than the id of any load.
func SequenceCounterID(ws workspace.WorkspaceID) string {
	return url.PathEscape(string(ws)) + "/places/"
}

// RotationID has one slash more than the id of any load.
func RotationID(ws workspace.WorkspaceID, team workspace.TeamID) string {
	return url.PathEscape(string(ws)) + "/rotation/" + url.PathEscape(string(team))
}

// Rotation is the turn of a team, or of the workspace. It leaves the id to the load.
type Rotation struct {
	Team   workspace.TeamID   `bson:"team"`
	Member workspace.MemberID `bson:"given"`
	Since  time.Time          `bson:"since"`
	Count  int64              `bson:"count"`
}
