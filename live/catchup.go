package live

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"switchboard/inbox"
)

const (
	// catchUpsAtOnce bounds the feeds that are open for listeners who come back;
	// others wait their turn.
	catchUpsAtOnce = 8
	// catchUpMost is how many missed items a listener is told. Who missed more
	// reads anew, which is cheaper for both.
	catchUpMost = 10_000
)

// CatchUp tells listeners what they missed before the hub's ring begins: from
// before a restart, or on another server. It is safe for concurrent use.
type CatchUp struct {
	feed  inbox.Feed
	turns chan struct{}

	running atomic.Int64
	begun   atomic.Uint64
}

// NewCatchUp reads from feed.
func NewCatchUp(feed inbox.Feed) *CatchUp {
	return &CatchUp{feed: feed, turns: make(chan struct{}, catchUpsAtOnce)}
}

// Running is how many listeners are being told now, or wait for their turn.
func (c *CatchUp) Running() int { return int(c.running.Load()) }

// Begun is how often a listener was told.
func (c *CatchUp) Begun() uint64 { return c.begun.Load() }

// Caught is what a listener missed.
type Caught struct {
	// Missed are the items behind the position asked about, Told their positions:
	// by these what the subscription tells again is known, which comes first there.
	Missed []*Item
	Told   map[string]bool
	// Lost says that what was missed is not known: the feed no longer reaches back
	// that far, or it is too much.
	Lost bool
	// Ahead, when set, says that the listener knows more than this server's hub,
	// which has yet to come to this position: nothing lies between it and the
	// listener's own. Nothing was missed then.
	Ahead string
}

// Since gives the items of ws that were committed behind position and before
// the call. Subscribe first, and say where that subscription starts. Errors:
// inbox.ErrBadPosition, UNAVAILABLE.
func (c *CatchUp) Since(ctx context.Context, ws inbox.WorkspaceID, position, start string) (Caught, error) {
	c.begun.Add(1)
	c.running.Add(1)
	defer c.running.Add(-1)
	select {
	case c.turns <- struct{}{}:
		defer func() { <-c.turns }()
	case <-ctx.Done():
		return Caught{}, context.Cause(ctx)
	}
	found, err := c.compare(ctx, ws, position, start)
	if errors.Is(err, inbox.ErrHistoryLost) || errors.Is(err, errTooMuch) {
		return Caught{Lost: true}, nil
	}
	return found, err
}

// compare reads what lies behind position and what lies behind start. Positions
// say nothing of which is first, but what is behind start only lies between the
// two.
func (c *CatchUp) compare(ctx context.Context, ws inbox.WorkspaceID, position, start string) (Caught, error) {
	behind, err := c.open(ctx, ws, position)
	if err != nil {
		return Caught{}, err
	}
	defer behind.close(ctx)
	if start == "" { // the hub begins with a gap
		err := behind.read(ctx)
		return behind.missed(), err
	}
	hub, err := c.open(ctx, ws, start)
	if err != nil {
		return Caught{}, err
	}
	defer hub.close(ctx)
	both := make(chan error, 1)
	go func() { both <- hub.read(ctx) }()
	if err := errors.Join(behind.read(ctx), <-both); err != nil {
		return Caught{}, err
	}
	if hub.beyond(behind) != "" { // or it came after the one was read, and before the other
		if err := behind.read(ctx); err != nil {
			return Caught{}, err
		}
	}
	if ahead := hub.beyond(behind); ahead != "" {
		return Caught{Ahead: ahead}, nil
	}
	return behind.missed(), nil
}

// errTooMuch is more than is read for one listener.
var errTooMuch = errors.New("live: too much was missed")

// stretch is what was read of the feed behind a position, of one workspace.
type stretch struct {
	stream    inbox.FeedStream
	workspace inbox.WorkspaceID
	items     []*Item
	positions map[string]bool
}

func (c *CatchUp) open(ctx context.Context, ws inbox.WorkspaceID, position string) (*stretch, error) {
	stream, err := c.feed.Watch(ctx, position)
	if err != nil {
		return nil, err
	}
	return &stretch{stream: stream, workspace: ws, positions: map[string]bool{}}, nil
}

func (s *stretch) missed() Caught { return Caught{Missed: s.items, Told: s.positions} }

func (s *stretch) close(ctx context.Context) {
	_ = s.stream.Close(context.WithoutCancel(ctx)) // it was only read
}

// read goes on to the feed's present end.
func (s *stretch) read(ctx context.Context) error {
	for {
		item, ok, err := s.stream.TryNext(ctx)
		if err != nil || !ok {
			return err
		}
		if item.Event.Workspace == s.workspace {
			s.items = append(s.items, &Item{Event: item.Event, Position: item.Position})
			s.positions[item.Position] = true
		}
		if len(s.items) > catchUpMost {
			return errTooMuch
		}
	}
}

// beyond is the last position of s that other does not have; empty for none.
func (s *stretch) beyond(other *stretch) string {
	for _, item := range slices.Backward(s.items) {
		if !other.positions[item.Position] {
			return item.Position
		}
	}
	return ""
}
