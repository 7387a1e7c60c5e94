package feed

import (
	"context"
	"slices"
	"sync/atomic"

	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
)

// missedRange is what was read of a workspace's feed behind a position.
type missedRange struct {
	stream    port.FeedStream
	left      *budget
	items     []*Item
	positions map[string]bool
}

// budget is what may still be read.
type budget struct{ items, bytes atomic.Int64 }

// spend is false for what is too much.
func (b *budget) spend(item port.FeedItem) bool {
	return b.items.Add(-1) >= 0 && b.bytes.Add(-int64(item.Size)) >= 0
}

func (c *CatchUp) open(ctx context.Context, ws workspace.WorkspaceID, position string, left *budget) (*missedRange, error) {
	stream, err := c.feed.WatchWorkspace(ctx, ws, position)
	if err != nil {
		return nil, err
	}
	return &missedRange{stream: stream, left: left, positions: map[string]bool{}}, nil
}

func (s *missedRange) close(ctx context.Context) {
	_ = s.stream.Close(context.WithoutCancel(ctx)) // it was only read
}

// read goes on to the feed's present end.
func (s *missedRange) read(ctx context.Context) error {
	for {
		item, ok, err := s.stream.TryNext(ctx)
		if err != nil || !ok {
			return err
		}
		if !s.left.spend(item) {
			return errTooMuch
		}
		s.items = append(s.items, itemOf(item, 0))
		s.positions[item.Position] = true
	}
}

// beyond is the last position of s that other does not have; empty for none.
func (s *missedRange) beyond(other *missedRange) string {
	for _, item := range slices.Backward(s.items) {
		if !other.positions[item.Position] {
			return item.Position
		}
	}
	return ""
}

// before returns the items that come before those of behind, a later part of the same
// feed.
func (s *missedRange) before(behind *missedRange) []*Item {
	if end := slices.IndexFunc(s.items, func(item *Item) bool { return behind.positions[item.Position] }); end >= 0 {
		return s.items[:end]
	}
	return s.items
}
