package document

import (
	"time"

	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
)

// LinkSession stays until it expires, also when the session was ended: as long as
// it is there its link is used.
type LinkSession struct {
	ID        string                `bson:"_id"`
	Workspace workspace.WorkspaceID `bson:"workspace"`
	Member    workspace.MemberID    `bson:"member"`
	Expires   time.Time             `bson:"expires"`
	Ended     bool                  `bson:"ended"`
}

// OfLinkSession is the document of a session that begins.
func OfLinkSession(l cluster.LinkSession) LinkSession {
	return LinkSession{ID: l.ID, Workspace: l.Workspace, Member: l.Member, Expires: l.Until}
}
