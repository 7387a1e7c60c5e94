// Package logtail wakes readers of logs: a server hears of an event by its feed, and the
// number that makes it part of the log is written a moment later, mostly by another server.
package logtail

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
)

const (
	// quick is how soon an event is looked for in the log, and slow how long the pauses
	// grow while it is not there: nobody may hold the lease.
	quick = 2 * time.Millisecond
	slow  = 500 * time.Millisecond
	// anyway is how often readers are woken without an event.
	anyway = 20 * time.Second
)

// Lookup returns the sequences of records that have one.
type Lookup func(ctx context.Context, ws workspace.WorkspaceID, ids []string) (map[string]eventlog.Sequence, error)

// Tail follows the feed. While somebody waits for the log of a workspace, it asks the
// database whether the newest event has its number. It is safe for concurrent use.
type Tail struct {
	lookup Lookup
	log    *slog.Logger
	news   chan struct{}

	mu sync.Mutex
	// waiting are closed when a log may have grown: one for each workspace that somebody
	// waits for, and one for any.
	waiting map[workspace.WorkspaceID]chan struct{}
	// unfound are the records of the feed until they are found in the logs.
	unfound map[workspace.WorkspaceID]unfound
	// heard are the sequences of the newest records of the feed that were found in logs
	// which somebody waited for.
	heard map[workspace.WorkspaceID]eventlog.Sequence
	// ends are the last records that this server has numbered.
	ends map[workspace.WorkspaceID]eventlog.Entry
}

// unfound are records of the feed whose numbers are not known.
type unfound struct {
	// newest is the one of which the feed told last, and sought the one that was the newest
	// when somebody began to wait: of a busy workspace the newest one is always another before
	// it has its number.
	newest, sought string
}

var (
	_ eventlog.Hearer   = (*Tail)(nil)
	_ eventlog.Observer = (*Tail)(nil)
)

// New returns a Tail that stands still.
func New(lookup Lookup, log *slog.Logger) *Tail {
	return &Tail{
		lookup: lookup, log: log, news: make(chan struct{}, 1),
		waiting: map[workspace.WorkspaceID]chan struct{}{}, unfound: map[workspace.WorkspaceID]unfound{},
		heard: map[workspace.WorkspaceID]eventlog.Sequence{}, ends: map[workspace.WorkspaceID]eventlog.Entry{},
	}
}

// Next is closed when the log of ws may have grown; for an empty ws, when any may have.
func (t *Tail) Next(ws workspace.WorkspaceID) <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	next, asked := t.waiting[ws]
	if !asked {
		next = make(chan struct{})
		t.waiting[ws] = next
		t.notify()
	}
	return next
}

// Numbered wakes those who wait for the log, and notes where it ends: the feed may have
// brought that already, or bring it next, and nothing has to be asked of the database then.
func (t *Tail) Numbered(newest eventlog.Entry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ends[newest.Workspace] = newest
	t.meet(newest.Workspace)
	t.wake(newest.Workspace)
}

// meet finds a record of the feed where the log ends. It needs mu.
func (t *Tail) meet(ws workspace.WorkspaceID) {
	end, known := t.ends[ws]
	if u := t.unfound[ws]; known && (u.newest == end.ID || u.sought == end.ID) {
		t.pass(ws, end.ID, end.Sequence)
	}
}

// Apply takes an event of the feed. One of a workspace for whose log nobody waits is
// remembered and wakes nothing.
func (t *Tail) Apply(e inbox.Event) {
	newest, brings := eventlog.LastOf(e)
	if !brings {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	u, awaited := t.unfound[e.Workspace], t.awaited(e.Workspace)
	u.newest = newest
	if !awaited || u.sought == "" {
		u.sought = newest
	}
	t.unfound[e.Workspace] = u
	t.meet(e.Workspace)
	if awaited {
		t.notify()
	}
}

// awaited reports whether somebody waits for the log of ws. It needs mu.
func (t *Tail) awaited(ws workspace.WorkspaceID) bool {
	return t.waiting[ws] != nil || t.waiting[""] != nil
}

// FeedLost does nothing.
func (t *Tail) FeedLost() {}

// FeedBack wakes everybody.
func (t *Tail) FeedBack() { t.wakeAll() }

// Forget wakes everybody: events were lost.
func (t *Tail) Forget() { t.wakeAll() }

func (t *Tail) wakeAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, next := range t.waiting {
		close(next)
	}
	clear(t.waiting)
}

// wake needs mu.
func (t *Tail) wake(ws workspace.WorkspaceID) {
	for _, of := range []workspace.WorkspaceID{ws, ""} {
		if next, asked := t.waiting[of]; asked {
			close(next)
			delete(t.waiting, of)
		}
	}
}

func (t *Tail) notify() {
	select {
	case t.news <- struct{}{}:
	default:
	}
}
