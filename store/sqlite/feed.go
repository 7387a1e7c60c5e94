package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
)

var _ feed.HeartbeatStream = (*feedStream)(nil)

// Watch opens the feed behind position, or at its present end when position is empty.
// ErrHistoryLost for a position of another installation, or one that this file has not
// reached, such as after an older copy was put in its place.
func (s *Store) Watch(ctx context.Context, position string) (feed.FeedStream, error) {
	return s.WatchWorkspace(ctx, "", position)
}

// WatchWorkspace is Watch for the events of one workspace. It reads no others.
func (s *Store) WatchWorkspace(ctx context.Context, ws workspace.WorkspaceID, position string) (feed.FeedStream, error) {
	f := &feedStream{s: s, workspace: ws, heartbeats: s.beats.Load()}
	err := s.view(ctx, func(tx *sql.Tx) error {
		var end int64
		if err := tx.QueryRow("SELECT id, ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0) FROM installation").Scan(&f.installation, &end); err != nil {
			return err
		}
		f.n = end
		if position == "" {
			return nil
		}
		installation, n, err := parsePosition(position)
		if err == nil && (installation != f.installation || n > end) {
			err = fmt.Errorf("sqlite: open the feed: %w", feed.ErrHistoryLost)
		}
		f.n = n
		return err
	})
	if err != nil {
		return nil, fault("open the feed", err)
	}
	f.read = f.n
	return f, nil
}

// feedBatch is how many events a stream reads at once.
const feedBatch = 100

// feedStream reads the table of events. The commits of this process wake it.
type feedStream struct {
	s            *Store
	workspace    workspace.WorkspaceID // empty for all
	installation string
	n            int64 // behind the last event that was given
	read         int64 // behind the last event that was read
	batch        []storedEvent
	heartbeats   int64 // heard so far
	heard        func()
}

// Next blocks until there is an event, ctx ends or the store is closed.
func (f *feedStream) Next(ctx context.Context) (feed.FeedItem, error) {
	for {
		news, open := f.s.pulse.wait()
		if !open {
			return feed.FeedItem{}, fault("read the feed", errClosed)
		}
		item, ok, err := f.TryNext(ctx)
		if ok || err != nil {
			return item, err
		}
		select {
		case <-news:
		case <-ctx.Done():
			return feed.FeedItem{}, fmt.Errorf("sqlite: read the feed: %w", ctx.Err())
		}
	}
}

// TryNext is Next for events that are committed already. It does not wait.
func (f *feedStream) TryNext(ctx context.Context) (feed.FeedItem, bool, error) {
	if err := ctx.Err(); err != nil {
		return feed.FeedItem{}, false, fmt.Errorf("sqlite: read the feed: %w", err)
	}
	f.hear()
	if len(f.batch) == 0 {
		if err := f.more(ctx); err != nil || len(f.batch) == 0 {
			return feed.FeedItem{}, false, fault("read the feed", err)
		}
	}
	e := f.batch[0]
	f.batch, f.n = f.batch[1:], e.n
	return feed.FeedItem{Event: e.doc.Event(), Position: f.Position(), Size: e.size}, true, nil
}

// more reads the next batch.
func (f *feedStream) more(ctx context.Context) error {
	return f.s.view(ctx, func(tx *sql.Tx) (err error) {
		if f.workspace == "" {
			f.batch, err = eventsOf(tx, "WHERE e.n > ? AND e.feed ORDER BY e.n LIMIT ?", f.read, feedBatch)
		} else {
			f.batch, err = eventsOf(tx, "WHERE e.scope = ? AND e.n > ? AND e.feed ORDER BY e.n LIMIT ?", scopeOf(f.workspace), f.read, feedBatch)
		}
		if len(f.batch) > 0 {
			f.read = f.batch[len(f.batch)-1].n
		}
		return err
	})
}

// Position is where the stream stands now. It is valid from the start, before
// anything arrived.
func (f *feedStream) Position() string { return positionOf(f.installation, f.n) }

// Close frees the stream, which holds nothing.
func (f *feedStream) Close(context.Context) error { return nil }
