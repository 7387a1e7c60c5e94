package cluster

import (
	"context"
	"time"

	"switchboard/inbox/workspace"
)

// LinkSession is the sign-in that a login link began. Its id is the link's, so that
// a link begins one session at most.
type LinkSession struct {
	ID        string
	Workspace workspace.WorkspaceID
	Member    workspace.MemberID
	// Until is when the session ends unless it is renewed.
	Until time.Time
}

// LinkSessions remembers which login links were used, for all servers of an
// installation.
type LinkSessions interface {
	// BeginLinkSession keeps a new session. It fails with ErrDuplicateKey when the
	// link was used before, also by a session that has ended since.
	BeginLinkSession(ctx context.Context, s LinkSession) error
	// RenewLinkSession moves the end of a session that is not over at now. NOT_FOUND
	// for one that is over, was ended, or never was.
	RenewLinkSession(ctx context.Context, id string, now, until time.Time) error
	// EndLinkSession ends a session; its link stays used. One that is not there is
	// no error.
	EndLinkSession(ctx context.Context, id string) error
}
