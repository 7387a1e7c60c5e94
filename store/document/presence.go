package document

import (
	"net/url"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
)

// Presence says that a member is, or was, connected to a server.
type Presence struct {
	ID        string                `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	Member    workspace.MemberID    `bson:"member"`
	Server    string                `bson:"server"`
	LostAt    time.Time             `bson:"lostAt"` // the zero time while connected
}

// Server counts the heartbeats of a server.
type Server struct {
	Name  string `bson:"_id"`
	Beats int64  `bson:"beats"`
}

// PresenceID is the id of p's document: one for each member and server.
func PresenceID(p cluster.Presence) string {
	return LoadID(p.Workspace, p.Member) + "/" + url.PathEscape(p.Server)
}

// Presence is the presence of the document.
func (d Presence) Presence() cluster.Presence {
	return cluster.Presence{Workspace: d.Workspace, Member: d.Member, Server: d.Server, LostAt: d.LostAt}
}

// Position is where the presence stands in a list of lost ones, the oldest first.
func (d Presence) Position(string) inbox.PageCursor {
	return inbox.PageCursor{At: d.LostAt, ID: d.ID}
}

// OfPresence is the document of p.
func OfPresence(p cluster.Presence) Presence {
	return Presence{ID: PresenceID(p), Workspace: p.Workspace, Member: p.Member, Server: p.Server, LostAt: p.LostAt}
}

// PresencesOf returns the presences of documents; nil for none.
func PresencesOf(docs []Presence) (out []cluster.Presence) {
	for _, d := range docs {
		out = append(out, d.Presence())
	}
	return out
}
