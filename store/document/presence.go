package document

import (
	"net/url"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
)

type Presence struct {
	ID        string                `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	Member    workspace.MemberID    `bson:"member"`
	Server    string                `bson:"server"`
	LostAt    time.Time             `bson:"lostAt"` // the zero time while connected
}

type Server struct {
	Name  string `bson:"_id"`
	Beats int64  `bson:"beats"`
}

func PresenceID(p cluster.Presence) string {
	return LoadID(p.Workspace, p.Member) + "/" + url.PathEscape(p.Server)
}

func (d Presence) Presence() cluster.Presence {
	return cluster.Presence{Workspace: d.Workspace, Member: d.Member, Server: d.Server, LostAt: d.LostAt}
}

func (d Presence) Position(string) inbox.PageCursor {
	return inbox.PageCursor{At: d.LostAt, ID: d.ID}
}
