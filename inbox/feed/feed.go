package feed

import (
	"context"
	"errors"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Sentinels of the feed.
var (
	// ErrHistoryLost is a feed position that the database no longer holds.
	ErrHistoryLost = errors.New("inbox: the feed no longer reaches back that far")
	// ErrBadPosition is a feed position that is none.
	ErrBadPosition = errors.New("inbox: not a feed position")
)

// FeedItem is an event with the position right behind it.
type FeedItem struct {
	Event    inbox.Event
	Position string
	// Size is how many bytes were read for it; 0 when that is not known.
	Size int
}

// Feed gives all committed events of all workspaces, in commit order.
type Feed interface {
	// Watch opens the feed behind position, or at its present end when position
	// is empty. Errors: ErrHistoryLost, ErrBadPosition, UNAVAILABLE.
	Watch(ctx context.Context, position string) (FeedStream, error)
}

// RecentFeed is a Feed whose newest part can be read again.
type RecentFeed interface {
	Feed
	// WatchRecent opens the feed where it stood before its newest events: before those
	// of the last back, or before the newest most of them, whichever the database can
	// find. Its TryNext does not wait for more than some milliseconds. Errors:
	// ErrHistoryLost if the database does not hold them or cannot find them,
	// UNAVAILABLE.
	WatchRecent(ctx context.Context, back time.Duration, most int) (FeedStream, error)
}

// PastFeed is a Feed of which what is committed already can be read without waiting.
type PastFeed interface {
	Feed
	// WatchPast is Watch for a reader of what is committed already: its TryNext does not
	// wait for more than some milliseconds, where that of Watch may wait for long.
	WatchPast(ctx context.Context, position string) (FeedStream, error)
}

// WorkspaceFeed is the part of the feed that belongs to one workspace.
type WorkspaceFeed interface {
	// WatchWorkspace is Feed.Watch for the events of ws alone: it does not read
	// those of other workspaces, if the database can leave them out. Its TryNext
	// does not wait for more than some milliseconds.
	WatchWorkspace(ctx context.Context, ws workspace.WorkspaceID, position string) (FeedStream, error)
}

// FeedStream is one open feed. It is used by one goroutine.
type FeedStream interface {
	// Next blocks until there is an event, ctx ends or the stream breaks.
	Next(ctx context.Context) (FeedItem, error)
	// TryNext is Next without waiting for later commits: ok is false if everything
	// that was committed before the call has been returned.
	TryNext(ctx context.Context) (item FeedItem, ok bool, err error)
	// Position is where the stream stands now: behind the last item, or where
	// it was opened.
	Position() string
	// Close frees the stream.
	Close(ctx context.Context) error
}
