package mongo

import (
	"context"
	"log/slog"
	"switchboard/store"
	"sync/atomic"
	"time"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

var _ store.Engine = (*Store)(nil)

// DefaultTimeout bounds an operation whose context has no deadline.
const DefaultTimeout = 10 * time.Second

// Store keeps everything. It is safe for concurrent use.
type Store struct {
	client  *driver.Client
	db      *driver.Database
	timeout time.Duration // for operations whose context has no deadline

	conversations   *driver.Collection
	loads           *driver.Collection
	events          *driver.Collection // and messages and notifications; the only collection that is watched, for inserts
	offers          *driver.Collection
	contacts        *driver.Collection
	workspaces      *driver.Collection
	members         *driver.Collection
	teams           *driver.Collection
	agents          *driver.Collection
	keys            *driver.Collection
	keyUses         *driver.Collection
	settings        *driver.Collection
	audit           *driver.Collection // insert-only
	leases          *driver.Collection
	readMarks       *driver.Collection
	stars           *driver.Collection
	shelves         *driver.Collection
	presences       *driver.Collection
	servers         *driver.Collection
	linkSessions    *driver.Collection
	entries         *driver.Collection // of the log
	webhooks        *driver.Collection
	webhookProgress *driver.Collection
	deliveries      *driver.Collection
	committer       *committer
	uncoordinated   bool
	feedWait        time.Duration
	repeats         atomic.Uint64
	adoption        adoption
	hold            hold
	sessions        sessions
	abandoned       abandoned
	unindexed       unindexed
	log             *slog.Logger
}

func newStore(db *driver.Database, timeout time.Duration) *Store {
	s := &Store{
		client: db.Client(), db: db, timeout: timeout,
		conversations:   db.Collection("conversations"),
		loads:           db.Collection("loads"),
		events:          db.Collection("events"),
		offers:          db.Collection("offers"),
		contacts:        db.Collection("contacts"),
		workspaces:      db.Collection("workspaces"),
		members:         db.Collection("members"),
		teams:           db.Collection("teams"),
		agents:          db.Collection("agents"),
		settings:        db.Collection("settings"),
		leases:          db.Collection("leases"),
		keys:            db.Collection("apikeys"),
		keyUses:         db.Collection("apikey_uses"),
		audit:           db.Collection("audit"),
		readMarks:       db.Collection("read_marks"),
		stars:           db.Collection("stars"),
		shelves:         db.Collection("saved_views"),
		presences:       db.Collection("presences"),
		servers:         db.Collection("servers"),
		linkSessions:    db.Collection("link_sessions"),
		webhooks:        db.Collection("webhooks"),
		webhookProgress: db.Collection("webhook_progress"),
		deliveries:      db.Collection("webhook_deliveries"),
		entries:         db.Collection("log"),
		log:             slog.New(slog.DiscardHandler),
	}
	s.adoption.loads = s.loads
	s.committer = newCommitter(s)
	return s
}

// Close closes the connections. Open streams break, later calls are UNAVAILABLE.
func (s *Store) Close(ctx context.Context) error {
	endAbandoned(ctx, s, s.abandoned.due(time.Now())) // nobody knows of them later
	giveAll(s.abandoned.take(anyLeft))
	return s.client.Disconnect(ctx)
}

// bound gives ctx a deadline when it has none.
func (s *Store) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.timeout)
}
