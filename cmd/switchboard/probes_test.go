package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/feed"
	"switchboard/metrics"
)

// holding is a context that keeps whoever asks for its end until it is let go: the
// hub does so while it holds its lock.
type holding struct {
	context.Context
	inside, letGo chan struct{}
	once          sync.Once
}

// Done waits.
func (h *holding) Done() <-chan struct{} {
	h.once.Do(func() { close(h.inside) })
	<-h.letGo
	return h.Context.Done()
}

// While the hub is held, and with it whoever publishes, subscribes or leaves, every
// probe is answered: the console asks for nothing that requests could keep.
func TestProbesDoNotWaitForTheHub(t *testing.T) {
	srv := assembled(t)
	require.NoError(t, srv.admin.show(srv))
	web := httptest.NewServer(metrics.Routes(srv.admin.metrics, &srv.admin.readiness))
	defer web.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	held := &holding{Context: ctx, inside: make(chan struct{}), letGo: make(chan struct{})}
	var stuck sync.WaitGroup
	stuck.Go(func() { _, _ = srv.hub.Subscribe(held, "demo") })
	<-held.inside
	for range 20 {
		stuck.Go(func() { srv.hub.Publish(feed.FeedItem{Event: inbox.Event{Workspace: "demo"}, Position: "p"}) })
		stuck.Go(func() {
			if s, err := srv.hub.Subscribe(ctx, "demo"); err == nil {
				s.Leave()
			}
		})
	}
	answered := 0
	for range 10 {
		for _, path := range []string{"/metrics", "/livez", "/readyz"} {
			resp, err := web.Client().Get(web.URL + path)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Contains(t, []int{http.StatusOK, http.StatusServiceUnavailable}, resp.StatusCode)
			answered++
		}
	}
	require.Equal(t, 30, answered)
	close(held.letGo)
	stuck.Wait()
}

// What is alive decides, and the limit of the container is the runtime's.
func TestMemory(t *testing.T) {
	require.False(t, memory{}.full(), "no limit")
	require.False(t, memory{limit: 1 << 40}.full())
	require.True(t, memory{limit: 1}.full())
	require.EqualValues(t, 1<<30, memory{}.subscriptions(0))
	require.EqualValues(t, 64<<20, memory{limit: 1 << 40}.subscriptions(64))
	require.EqualValues(t, 400, memory{limit: 1000}.subscriptions(0))
}
