// Package store is what both engines share: what an engine is, how its faults are told,
// and how its pages are made. The engines are store/mongo and store/sqlite; what they
// store is in store/document.
package store

import (
	"context"

	"switchboard/inbox/cluster"
	"switchboard/inbox/feed"
	"switchboard/inbox/retention"
	"switchboard/inbox/services"
)

// Engine is an open store, whichever it is: everything that a server and the commands
// need of it.
type Engine interface {
	services.Store
	feed.RecentFeed
	feed.WorkspaceFeed
	feed.Heartbeats
	cluster.SealingKeys
	cluster.Leases
	cluster.Presences
	cluster.LinkSessions
	retention.Store
	// Secret gives the installation's secret. It is made when first asked for.
	Secret(ctx context.Context) ([]byte, error)
	// NewestID gives the greatest id among all that is stored; empty for nothing.
	NewestID(ctx context.Context) (string, error)
	// Migrate makes missing tables, indexes and documents.
	Migrate(ctx context.Context) error
	// Close frees it. Open streams break, later calls are UNAVAILABLE.
	Close(ctx context.Context) error
}
