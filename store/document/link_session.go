package document

import (
	"time"

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
