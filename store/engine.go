// Package store is what both engines share: what an engine is, how its faults are told,
// and how its pages are made. The engines are store/mongo and store/sqlite; what they
// store is in store/document.
package store

import (
	"context"

	"switchboard/inbox/cluster"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/feed"
	"switchboard/inbox/retention"
	"switchboard/inbox/services"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Engine is an open store, whichever it is: everything that a server and the commands
// need of it.
type Engine interface {
	services.Store
	feed.RecentFeed
	feed.PastFeed
	feed.WorkspaceFeed
	feed.Heartbeats
	feed.Bulletins
	cluster.SealingKeys
	cluster.Leases
	cluster.Presences
	cluster.LinkSessions
	retention.Store
	cluster.InstallationSecrets
	cluster.WebhookKeys
	cluster.DemoRecord
	webhooks.Store
	eventlog.Store
	// Secret gives the installation's secret that signs now. It is made when first asked
	// for.
	Secret(ctx context.Context) ([]byte, error)
	// NewestID gives the greatest id among all that is stored; empty for nothing.
	NewestID(ctx context.Context) (string, error)
	// ExportWorkspace calls each for every document of a collection of
	// document.Collections that belongs to a workspace, in the form of store/mongo, and
	// ends with the first error. Each keeps nothing of the document. Only ctx bounds it.
	ExportWorkspace(ctx context.Context, ws workspace.WorkspaceID, collection string, each func(bson.Raw) error) error
	// DeleteWorkspace removes everything of a workspace in small steps, and the workspace
	// itself last, so that it can be repeated after an interruption. It returns how many
	// documents of each collection it removed: none for no workspace. progress, if not
	// nil, is called with how many were removed so far. What is written meanwhile may
	// stay: repeat it until nothing is removed. Only ctx bounds it.
	DeleteWorkspace(ctx context.Context, ws workspace.WorkspaceID, progress func(removed int)) (map[string]int, error)
	// EmptyWorkspace removes the conversations of a workspace with all that is about them,
	// its contacts, stars, saved views and loads, and leaves its directory and audit log. Of
	// the log it leaves the last number, which the next continues, and no id: what had one
	// may come again. It can be repeated, and returns how many documents it removed, without
	// those of the log; repeat it until that is 0.
	EmptyWorkspace(ctx context.Context, ws workspace.WorkspaceID) (removed int, err error)
	// Migrate makes missing tables, indexes and documents.
	Migrate(ctx context.Context) error
	// Close frees it. Open streams break, later calls are UNAVAILABLE.
	Close(ctx context.Context) error
}
