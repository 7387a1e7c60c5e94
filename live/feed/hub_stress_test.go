package feed_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// line is the publishing side of one workspace: events 1, 2, 3 and so on.
type line struct {
	ws workspace.WorkspaceID
	// begun counts the calls of Publish that began, done those that returned.
	begun, done atomic.Int64
}

func (l *line) publish(h *feed.Hub) {
	n := l.begun.Add(1)
	h.Publish(news(l.ws, int(n)))
	l.done.Store(n)
}

// listen subscribes, calls joined, reads most items (0 for all) and checks that
// nothing that was published after Subscribe returned is missing, doubled or
// out of order.
func (l *line) listen(t *testing.T, h *feed.Hub, most int, joined func()) (last int, why error) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	before := l.done.Load()
	s, err := h.Subscribe(ctx, l.ws)
	if err != nil {
		return 0, err
	}
	begun := l.begun.Load()
	joined()
	read := 0
	for item := range s.Items() {
		n := item.Event.Version
		assert.Equal(t, l.ws, item.Event.Workspace)
		if read == 0 {
			assert.Greater(t, n, int(before), "came before Subscribe was called")
			assert.LessOrEqual(t, n, int(begun)+1, "was skipped after Subscribe returned")
		} else {
			assert.Equal(t, last+1, n)
		}
		last = n
		if read++; read == most {
			cancel()
			return last, nil
		}
	}
	return last, s.Err()
}

func TestHubUnderStress(t *testing.T) { // B:V9 B:V10
	const workspaces, events, passing, staying = 4, 4_000, 12, 3
	h := feed.NewHub(feed.WithBuffer(events))
	lines := make([]*line, workspaces)
	var joined, settled, gone sync.WaitGroup
	publishing := make(chan struct{})
	for i := range lines {
		l := &line{ws: workspace.WorkspaceID("w" + strconv.Itoa(i))}
		lines[i] = l
		joined.Add(staying)
		for range staying {
			settled.Go(func() {
				last, why := l.listen(t, h, 0, joined.Done)
				assert.ErrorIs(t, why, feed.ErrClosed)
				assert.Equal(t, events, last, "who stays hears the last event")
			})
		}
		for visitor := range passing {
			gone.Go(func() {
				for most := 1 + visitor; ; most = most%7 + 1 {
					select {
					case <-publishing:
						return
					default:
						if _, why := l.listen(t, h, most, func() {}); why != nil {
							assert.ErrorIs(t, why, feed.ErrClosed)
							return
						}
					}
				}
			})
		}
	}
	for n := range events {
		if n == events-1 {
			joined.Wait()
		}
		for _, l := range lines {
			l.publish(h)
		}
	}
	close(publishing)
	h.Close()
	gone.Wait()
	settled.Wait()
	require.Zero(t, h.Subscriptions())
}

// Readers that stop in the middle are ended, and those that read lose nothing.
func TestHubUnderStressWithSlowReaders(t *testing.T) { // B:V10
	const events, readers, stalled = 2_000, 4, 4
	h := feed.NewHub(feed.WithBuffer(events / 4))
	l := &line{ws: "a"}
	stalls := make([]*feed.Subscription, stalled)
	for i := range stalls {
		stalls[i] = subscribe(t, h, "a")
	}
	ended := make(chan error, readers)
	for range readers {
		s := subscribe(t, h, "a")
		go func() {
			want := 1
			for item := range s.Items() {
				assert.Equal(t, want, item.Event.Version)
				want++
			}
			ended <- s.Err()
		}()
	}
	for range events {
		l.publish(h)
	}
	h.Close()
	for _, s := range stalls {
		require.Len(t, rest(s), events/4)
		require.ErrorIs(t, s.Err(), feed.ErrSlow)
	}
	for range readers {
		why := <-ended
		require.Truef(t, errors.Is(why, feed.ErrClosed) || errors.Is(why, feed.ErrSlow), "ended by %v", why)
	}
}
