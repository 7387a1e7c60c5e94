package main

import (
	"context"

	"switchboard/inbox/cluster"
	"switchboard/inbox/feed"
	"switchboard/inbox/services"
)

// engine is an open store, whichever it is: everything that a server and the commands
// need of it.
type engine interface {
	services.Store
	feed.Feed
	feed.WorkspaceFeed
	feed.Heartbeats
	cluster.SealingKeys
	cluster.Leases
	cluster.Presences
	cluster.LinkSessions
	// Secret gives the installation's secret.
	Secret(ctx context.Context) ([]byte, error)
	// NewestID gives the greatest id among all that is stored.
	NewestID(ctx context.Context) (string, error)
	// Migrate makes missing tables, indexes and documents.
	Migrate(ctx context.Context) error
	// Close frees it.
	Close(ctx context.Context) error
}
