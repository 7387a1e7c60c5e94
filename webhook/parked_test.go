package webhook_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/webhook"
)

// orders has the endpoint send something again.
func (d *desk) orders(r workspace.WebhookReplay) {
	d.changes("crm", func(w *workspace.Webhook) { w.Replays = append(w.Replays, r) })
}

// An event that any replay delivers is not parked: whichever records the replay is about,
// whether the first delivery was given up before it was ordered, before it delivered or
// after, and whatever server did either. The attempts of the first delivery stay what they were. B:V12
func TestWhatAReplayDeliversIsNotParked(t *testing.T) {
	replays := map[string]workspace.WebhookReplay{
		"all":           {ID: "again", From: 1, To: 3},
		"a part":        {ID: "again", From: 1, To: 1},
		"conversations": {ID: "again", From: 1, To: 3, Conversations: []string{"a"}},
		"parked alone":  {ID: "again", From: 1, To: 3, Parked: true},
	}
	for name, replay := range replays {
		for _, first := range []time.Duration{time.Hour, 74 * time.Hour, 80 * time.Hour} {
			for _, restarts := range []bool{false, true} {
				if replay.Parked && first < 76*time.Hour {
					continue
				}
				t.Run(fmt.Sprintf("%s after %s, restarts %v", name, first, restarts), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						began := time.Now()
						r := &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
							down := first > 70*time.Hour && g.at.Sub(began) < first+2*time.Hour
							if g.body.Sequence == 1 && (down || g.header.Get("Webhook-Replay") == "") {
								return http.StatusInternalServerError, nil
							}
							return http.StatusOK, nil
						}}
						d := newDesk(t, r)
						d.endpoint("crm")
						d.happens("a", "b", "a")
						stop := d.run()
						time.Sleep(first)
						d.orders(replay)
						if restarts {
							time.Sleep(time.Hour)
							stop()
							d.engine = newEngine(d)
							stop = d.run()
						}
						// Until both are over, whichever is the last: the first is given up after
						// 76 hours, and the replay has what it sends again within a few.
						time.Sleep(max(80*time.Hour-time.Since(began), 10*time.Hour))
						stop()
						one := d.store.stored("crm", 1)
						require.Equal(t, webhooks.Delivered, one.State)
						require.Zero(t, one.NextAt)
						require.Len(t, one.Attempts, 11)
						for _, a := range one.Attempts {
							require.Equal(t, http.StatusInternalServerError, a.Status)
						}
						require.Empty(t, one.Replay)
						require.Equal(t, webhooks.Delivered, d.store.of("crm", 1, "again").State)
					})
				})
			}
		}
	}
}

// What a replay does not deliver stays parked, also if the replay is given up. B:V12
func TestWhatNoReplayDeliversStaysParked(t *testing.T) {
	for name, replay := range map[string]workspace.WebhookReplay{
		"it fails too":         {ID: "again", From: 1, To: 3},
		"it is about others":   {ID: "again", From: 2, To: 3},
		"it is a test, passed": {ID: "again", Test: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
					return map[bool]int{true: http.StatusInternalServerError, false: http.StatusOK}[g.body.Sequence == 1], nil
				}})
				d.endpoint("crm")
				d.happens("a")
				defer d.run()()
				time.Sleep(80 * time.Hour)
				d.happens("b", "b")
				d.orders(replay)
				time.Sleep(100 * time.Hour)
				require.Equal(t, []string{"again"}, d.store.at("crm").Ended)
				require.Equal(t, webhooks.Parked, d.store.stored("crm", 1).State)
				require.Len(t, d.store.stored("crm", 1).Attempts, 11)
			})
		})
	}
}

// A test stands where the log was when it was made, whatever came of it, and is forgotten
// with the records there, as a replay that was given up is. B:V12
func TestTestsAndReplaysAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refuses := true
		r := &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
			again := g.body.Type == "webhook.test" || g.header.Get("Webhook-Replay") != ""
			return map[bool]int{true: http.StatusInternalServerError, false: http.StatusOK}[again && refuses], nil
		}}
		d := newDesk(t, r)
		d.endpoint("crm")
		d.happens("a", "b", "c")
		stop := d.run()
		time.Sleep(time.Minute)
		d.orders(workspace.WebhookReplay{ID: "refused", Test: true})
		d.orders(workspace.WebhookReplay{ID: "given up", From: 2, To: 2})
		time.Sleep(100 * time.Hour)
		r.hold(func() { refuses = false })
		d.orders(workspace.WebhookReplay{ID: "taken", Test: true})
		time.Sleep(time.Minute)
		require.Equal(t, webhooks.Parked, d.store.of("crm", 3, "refused").State)
		require.Equal(t, webhooks.Parked, d.store.of("crm", 2, "given up").State)
		require.Equal(t, webhooks.Delivered, d.store.of("crm", 3, "taken").State)
		require.Zero(t, d.store.of("crm", 3, "taken").Sequence)
		stop()
		d.manyWere(10_000, 500, "")
		d.engine = newEngine(d)
		defer d.run()()
		d.manyRecords(1_500, 500)
		time.Sleep(time.Hour)
		for _, replay := range []string{"refused", "given up", "taken"} {
			require.Zero(t, d.store.of("crm", 3, replay).State+d.store.of("crm", 2, replay).State, replay)
		}
	})
}

// A test whose result was stored is not sent again by the next server. B:V12
func TestATestIsSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		d := newDesk(t, r)
		d.endpoint("crm")
		d.happens("a")
		stop := d.run()
		time.Sleep(time.Minute)
		d.orders(workspace.WebhookReplay{ID: "test", Test: true})
		time.Sleep(time.Minute)
		stop()
		require.Len(t, r.received(), 2)
		d.store.mu.Lock()
		p := d.store.progress["crm"]
		p.Ended = nil // the server died before it wrote that
		d.store.progress["crm"] = p
		d.store.mu.Unlock()
		d.engine = newEngine(d)
		defer d.run()()
		time.Sleep(time.Minute)
		require.Len(t, r.received(), 2)
		require.Equal(t, []string{"test"}, d.store.at("crm").Ended)
	})
}

// A first delivery that is given up while a replay reads it is delivered by that replay all
// the same.
func TestGivenUpWhileAReplayReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
			if g.header.Get("Webhook-Replay") != "" {
				return http.StatusOK, nil
			}
			return http.StatusInternalServerError, nil
		}})
		c := d.config()
		c.Store = &slowOnce{memory: d.store, takes: 60 * time.Hour}
		d.engine = webhook.NewEngine(c)
		d.endpoint("crm")
		d.happens("a")
		defer d.run()()
		time.Sleep(40 * time.Hour)
		d.orders(workspace.WebhookReplay{ID: "again", From: 1, To: 1})
		time.Sleep(200 * time.Hour)
		require.Equal(t, webhooks.Delivered, d.store.of("crm", 1, "again").State)
		require.Equal(t, webhooks.Delivered, d.store.stored("crm", 1).State)
	})
}

// slowOnce answers the first time that a replay asks for first deliveries by what was so
// long ago.
type slowOnce struct {
	*memory
	takes time.Duration
}

func (s *slowOnce) DeliveriesBehind(
	ctx context.Context, ws workspace.WorkspaceID, id workspace.WebhookID, replay string, behind int64, limit int,
) ([]webhooks.Delivery, error) {
	out, err := s.memory.DeliveriesBehind(ctx, ws, id, replay, behind, limit)
	if replay == "" && limit == 1 {
		takes := s.takes
		s.takes = 0
		time.Sleep(takes)
	}
	return out, err
}
