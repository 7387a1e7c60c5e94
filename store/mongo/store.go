package mongo

import (
	"context"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/admin"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/feed"
	"switchboard/inbox/notify"
	"switchboard/inbox/shelf"
)

var (
	_ admin.Store        = (*Store)(nil)
	_ commit.Store       = (*Store)(nil)
	_ contacts.Store     = (*Store)(nil)
	_ desk.Store         = (*Store)(nil)
	_ notify.Store       = (*Store)(nil)
	_ shelf.Store        = (*Store)(nil)
	_ feed.Feed          = (*Store)(nil)
	_ feed.WorkspaceFeed = (*Store)(nil)
)

// DefaultTimeout bounds an operation whose context has no deadline.
const DefaultTimeout = 10 * time.Second

// Engine is the database that a Store runs on, with functions for things that the
// driver cannot do by itself.
type Engine struct {
	Client   *mongo.Client
	Database string
	// InProcess marks the engine inside the process: its finds look at every
	// document and sort before they filter, and its transactions wait for each
	// other without looking at the context.
	InProcess bool
	// FeedEnd gives the token of the newest change, for an engine whose new
	// change streams do not know where they stand. Nil for others.
	FeedEnd func() (bson.Raw, error)
	// Writable returns the reason why the engine could not write lately. It is nil
	// for an engine that cannot know.
	Writable func() error
	// Timeout bounds an operation whose context has no deadline; DefaultTimeout
	// when zero.
	Timeout time.Duration
	// Close frees the engine; nil when there is nothing to free.
	Close func(context.Context) error
}

// Store keeps everything. It is safe for concurrent use.
type Store struct {
	engine Engine
	turn   chan struct{} // holds the one transaction of an engine inside the process

	conversations   *mongo.Collection
	loads           *mongo.Collection
	events          *mongo.Collection // and messages and notifications; the only collection that is watched, for inserts
	contacts        *mongo.Collection
	workspaces      *mongo.Collection
	members         *mongo.Collection
	teams           *mongo.Collection
	agents          *mongo.Collection
	keys            *mongo.Collection
	keyUses         *mongo.Collection
	settings        *mongo.Collection
	audit           *mongo.Collection // insert-only
	leases          *mongo.Collection
	readMarks       *mongo.Collection
	stars           *mongo.Collection
	shelves         *mongo.Collection
	presences       *mongo.Collection
	servers         *mongo.Collection
	linkSessions    *mongo.Collection
	repeats         atomic.Uint64
	localHeartbeats localHeartbeats
	localLeases     localLeases // instead of the collection, inside the process
}

// New makes a Store on an engine that is ready. Most callers want Open, or Open
// of package embedded.
func New(e Engine) *Store {
	if e.Timeout == 0 {
		e.Timeout = DefaultTimeout
	}
	db := e.Client.Database(e.Database)
	return &Store{
		engine: e, turn: make(chan struct{}, 1),
		conversations: db.Collection("conversations"), loads: db.Collection("loads"), events: db.Collection("events"), contacts: db.Collection("contacts"),
		workspaces: db.Collection("workspaces"), members: db.Collection("members"), teams: db.Collection("teams"),
		agents: db.Collection("agents"), settings: db.Collection("settings"), leases: db.Collection("leases"),
		keys: db.Collection("apikeys"), keyUses: db.Collection("apikey_uses"), audit: db.Collection("audit"),
		readMarks: db.Collection("read_marks"), stars: db.Collection("stars"), shelves: db.Collection("saved_views"), presences: db.Collection("presences"), servers: db.Collection("servers"),
		linkSessions: db.Collection("link_sessions"),
	}
}

// Close frees the engine. Open streams break, later calls are UNAVAILABLE.
func (s *Store) Close(ctx context.Context) error {
	if s.engine.Close == nil {
		return nil
	}
	return s.engine.Close(ctx)
}

// bound gives ctx a deadline when it has none.
func (s *Store) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.engine.Timeout)
}
