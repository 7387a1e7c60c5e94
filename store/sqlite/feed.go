package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
)

var (
	_ feed.RecentFeed      = (*Store)(nil)
	_ feed.HeartbeatStream = (*feedStream)(nil)
)

// Watch opens the feed behind position, or at its present end when position is empty.
// ErrHistoryLost for a position of another installation, or one that this file has not
// reached, such as after an older copy was put in its place.
func (s *Store) Watch(ctx context.Context, position string) (feed.FeedStream, error) {
	return s.WatchWorkspace(ctx, "", position)
}

// WatchPast is Watch: no TryNext of this engine waits.
func (s *Store) WatchPast(ctx context.Context, position string) (feed.FeedStream, error) {
	return s.Watch(ctx, position)
}

// WatchWorkspace is Watch for the events of one workspace. It reads no others.
func (s *Store) WatchWorkspace(ctx context.Context, ws workspace.WorkspaceID, position string) (feed.FeedStream, error) {
	return watch(ctx, s, ws, func(tx *sql.Tx, f *feedStream) error {
		if position == "" {
			return f.standBefore(tx, 0)
		}
		return f.standAt(tx, position)
	})
}

// WatchRecent is Watch for the newest most events, however old they are: what they
// cost to read is known.
func (s *Store) WatchRecent(ctx context.Context, _ time.Duration, most int) (feed.FeedStream, error) {
	return watch(ctx, s, "", func(tx *sql.Tx, f *feedStream) error { return f.standBefore(tx, most) })
}

func watch(ctx context.Context, s *Store, ws workspace.WorkspaceID, stand func(*sql.Tx, *feedStream) error) (feed.FeedStream, error) {
	f := &feedStream{s: s, workspace: ws, heartbeats: s.beats.Load()}
	err := s.view(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRow("SELECT id FROM installation").Scan(&f.installation); err != nil {
			return err
		}
		return stand(tx, f)
	})
	if err != nil {
		return nil, fault("open the feed", err)
	}
	f.read = f.n
	_, f.bulletins = s.bulletins.since(0)
	return f, nil
}

// standBefore puts the stream before the newest events, so many of them. Its position
// is then behind an event, and the same whenever it is asked for.
func (f *feedStream) standBefore(tx *sql.Tx, newest int) error {
	return tx.QueryRow("SELECT ifnull((SELECT n FROM events WHERE feed AND n <= (SELECT seq FROM sqlite_sequence WHERE name = 'events') ORDER BY n DESC LIMIT 1 OFFSET ?), 0)", newest).Scan(&f.n)
}

// standAt puts the stream at a position that was handed out.
func (f *feedStream) standAt(tx *sql.Tx, position string) error {
	installation, n, err := parsePosition(position)
	if err != nil {
		return err
	}
	var end int64
	err = tx.QueryRow("SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0)").Scan(&end)
	if err == nil && (installation != f.installation || n > end) {
		err = fmt.Errorf("sqlite: open the feed: %w", feed.ErrHistoryLost)
	}
	f.n = n
	return err
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
	heard        func(position string)
	bulletins    int64 // heard so far
	bulletin     func(bulletin []byte)
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
	f.hearBulletins()
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
