package cluster

import (
	"context"
	"time"

	"switchboard/inbox/workspace"
)

// Presence is that a member is connected to one server, or was.
type Presence struct {
	Workspace workspace.WorkspaceID
	Member    workspace.MemberID
	Server    string
	// LostAt is when the last connection there was lost; zero while there is one.
	LostAt time.Time
}

// Presences records which members are connected to which server, for all servers of
// one installation.
type Presences interface {
	// SavePresence replaces the stored presence of the member on that server.
	SavePresence(ctx context.Context, p Presence) error
	// PresencesOf lists the servers that the member is, or was, connected to.
	PresencesOf(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) ([]Presence, error)
	// LostPresences lists presences that were lost before a time, the oldest first,
	// up to limit.
	LostPresences(ctx context.Context, before time.Time, limit int) ([]Presence, error)
	// DeletePresence removes p, if it still is as it is there.
	DeletePresence(ctx context.Context, p Presence) error

	// ServerHeartbeat says that a server lives: once to begin, again with each beat.
	// ErrStale when a beat comes from a server that was taken for dead, or never
	// began: it has to begin again under another name.
	ServerHeartbeat(ctx context.Context, server string, begin bool) error
	// Servers gives the number of beats of each server. One that stands still for
	// long is dead.
	Servers(ctx context.Context) (map[string]int64, error)
	// ExpireServer records that a server is dead and that its connections were lost
	// at a time. It returns ErrStale if the server has sent a heartbeat since
	// beats. A call that an earlier caller left half done is completed when it is
	// repeated.
	ExpireServer(ctx context.Context, server string, beats int64, at time.Time) error
}
