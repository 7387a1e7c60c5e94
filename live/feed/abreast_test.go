package feed_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// laggingLog is a log of events and bulletins that one server hears of late.
type laggingLog struct {
	mu      sync.Mutex
	entries []any // port.FeedItem, or a bulletin as []byte
	refuse  error // of SendBulletin
	lose    int   // so many bulletins, from now on
	sent    int
	read    func(context.Context) error // how a catch-up fares
}

func (d *laggingLog) commit(item port.FeedItem) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, item)
}

func (d *laggingLog) SendBulletin(_ context.Context, bulletin []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch d.sent++; {
	case d.refuse != nil:
		return d.refuse
	case d.lose > 0:
		d.lose--
		return nil
	}
	d.entries = append(d.entries, bytes.Clone(bulletin))
	return nil
}

func (d *laggingLog) WatchWorkspace(ctx context.Context, _ workspace.WorkspaceID, _ string) (port.FeedStream, error) {
	return &pastStream{feed: &pastFeed{}}, d.read(ctx)
}

// follow hands the entries behind the first n to the server until ctx ends.
func (d *laggingLog) follow(ctx context.Context, n int, hub *feed.Hub, abreast *feed.Abreast) {
	for again := time.NewTicker(10 * time.Millisecond); ctx.Err() == nil; {
		d.mu.Lock()
		entries := slices.Clone(d.entries[n:])
		d.mu.Unlock()
		n += len(entries)
		for _, entry := range entries {
			if bulletin, ok := entry.([]byte); ok {
				abreast.Hear(bulletin)
				continue
			}
			hub.Publish(entry.(port.FeedItem))
		}
		select {
		case <-again.C:
		case <-ctx.Done():
		}
	}
}

// Whoever comes back to a server that is behind is not told again what it was told by
// another, whether the server can go on where the listener was or there is a gap, and
// whyever there is. B:V3
func TestAGapIsNotFollowedByWhatIsKnown(t *testing.T) {
	gone := func(context.Context) error { return port.ErrHistoryLost }
	frozen := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for name, row := range map[string]struct {
		read   func(context.Context) error
		opened bool // whether the server's feed was open when the listener came
		ring   int  // how much the server keeps
		lose   int
		lost   feed.GapReason
		missed []inbox.EventID
	}{
		"the log is gone":            {gone, true, 1, 0, feed.GapHistoryLost, nil},
		"the database is frozen":     {frozen, true, 1, 0, feed.GapTooMuch, nil},
		"bulletins are lost":         {frozen, true, 1, 3, feed.GapTooMuch, nil},
		"the feed was never open":    {gone, false, 1, 0, feed.GapHistoryLost, nil},
		"never open, frozen":         {frozen, false, 1, 0, feed.GapTooMuch, nil},
		"gone, and kept here":        {gone, true, 9, 0, "", []inbox.EventID{"a/4", "a/5"}},
		"frozen, and kept here":      {frozen, true, 9, 0, "", []inbox.EventID{"a/4", "a/5"}},
		"never open, and kept here":  {gone, false, 9, 0, "", []inbox.EventID{"a/4", "a/5"}},
		"bulletins are lost, thrice": {frozen, true, 9, 3, "", []inbox.EventID{"a/4", "a/5"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				d := &laggingLog{read: row.read, lose: row.lose}
				for n := range 6 {
					d.commit(news("a", n))
				}
				hub, abreast := feed.NewHub(feed.WithRing(row.ring)), feed.NewAbreast(d, "this")
				defer hub.Close()
				if row.opened {
					hub.Gap("p1")
				}
				go func() { // the server hears of the rest later
					<-time.After(3 * time.Second)
					if !row.opened {
						hub.Gap("p1")
					}
					d.follow(ctx, 2, hub, abreast)
				}()
				source := feed.Source{Hub: hub, CatchUp: feed.NewCatchUp(d, feed.DefaultBounds()), Abreast: abreast}
				s, missed, lost, err := source.Since(ctx, feed.Caller{Workspace: "a"}, news("a", 3).Position)
				require.NoError(t, err)
				require.Equal(t, row.lost, lost)
				require.ElementsMatch(t, row.missed, itemIDs(missed))
				d.commit(news("a", 6))
				require.Equal(t, inbox.EventID("a/6"), s.Next().Event.ID, "what was there before it came is known, missed, or in the gap")
			})
		})
	}
}

// A server whose database does not answer sends its subscribers elsewhere: it does not
// know what they know.
func TestAServerThatCannotFindOutIsBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &laggingLog{refuse: errors.New("away"), read: func(context.Context) error { return port.ErrHistoryLost }}
		hub := feed.NewHub()
		defer hub.Close()
		hub.Gap("p1")
		source := feed.Source{Hub: hub, CatchUp: feed.NewCatchUp(d, feed.DefaultBounds()), Abreast: feed.NewAbreast(d, "this")}
		_, _, _, err := source.Since(t.Context(), feed.Caller{Workspace: "a"}, "p4")
		require.ErrorIs(t, err, feed.ErrBehind)
		require.Zero(t, hub.Subscriptions())
		require.Equal(t, inbox.Unavailable, inbox.CodeOf(err))
	})
}

// However many come back at once, they share the bulletins, and only one that was sent
// after a call answers it.
func TestManyShareABulletin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		d, hub := &laggingLog{}, feed.NewHub()
		defer hub.Close()
		abreast := feed.NewAbreast(d, "this")
		require.True(t, abreast.Hear([]byte("abreast another 9")), "is of this kind, and of another server")
		require.False(t, abreast.Hear([]byte(`{"server":"another"}`)))
		go d.follow(ctx, 0, hub, abreast)
		var waiting sync.WaitGroup
		for range 1000 {
			waiting.Go(func() {
				d.commit(news("a", 1))
				require.NoError(t, abreast.Wait(ctx))
			})
		}
		waiting.Wait()
		require.LessOrEqual(t, d.sent, 4)
		stop()
		require.ErrorIs(t, abreast.Wait(ctx), context.Canceled)
	})
}
