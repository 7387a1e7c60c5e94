package webhook_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// changes edits an endpoint, as updateWebhook and setWebhookState do.
func (d *desk) changes(id workspace.WebhookID, edit func(w *workspace.Webhook)) {
	d.change(func(dir *workspace.Directory) {
		w := dir.Webhooks[id]
		edit(&w)
		w.Rev++
		dir.Webhooks[id] = w
	})
}

// failsFor refuses everything for a time.
func failsFor(down time.Duration, count *int) *receiver {
	began := time.Now()
	return &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
		if g.at.Sub(began) < down {
			*count++
			return http.StatusBadGateway, nil
		}
		return http.StatusOK, nil
	}}
}

// What waits to be tried again is left out once the endpoint no longer asks for it. B:V12
func TestWhatIsNoLongerAskedForIsNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := failsFor(time.Second, new(int))
		d := newDesk(t, r)
		d.endpoint("crm")
		d.happens("a", "b")
		defer d.run()()
		synctest.Wait()
		d.changes("crm", func(w *workspace.Webhook) { w.Records = []workspace.RecordKind{workspace.MessageRecord} })
		time.Sleep(time.Hour)
		require.Empty(t, r.received())
		require.Equal(t, webhooks.Skipped, d.store.stored("crm", 1).State)
		require.EqualValues(t, 2, d.store.at("crm").Delivered)
	})
}

// An order that is set holds for what waits, too. B:V12
func TestAnOrderHoldsForWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		r := &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
			if g.body.Sequence == 1 && n == 0 {
				n++
				return http.StatusBadGateway, nil
			}
			return http.StatusOK, nil
		}}
		d := newDesk(t, r)
		d.endpoint("crm", func(w *workspace.Webhook) { w.Order = workspace.AnyOrder })
		d.happens("a")
		defer d.run()()
		synctest.Wait()
		d.changes("crm", func(w *workspace.Webhook) { w.Order = workspace.PerConversation })
		synctest.Wait()
		d.happens("a")
		time.Sleep(time.Hour)
		require.Equal(t, []int64{1, 2}, sequences(r.received()))
	})
}

// Where nothing is new, a replay finds out whether a failing endpoint is back, once a
// minute; so does a test. B:V12
func TestReplaysOfAFailingEndpoint(t *testing.T) {
	for name, test := range map[string]bool{"a replay": false, "a test behind it": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const n = 100
				tries := 0
				r := failsFor(2*time.Hour, &tries)
				d := newDesk(t, r)
				d.manyRecords(n, n)
				w := d.endpoint("crm", func(w *workspace.Webhook) { w.From = n })
				defer d.run()()
				d.replays(w, "again", n)
				time.Sleep(time.Hour)
				require.True(t, d.store.at("crm").Health.Failing())
				if test {
					d.changes("crm", func(w *workspace.Webhook) {
						w.Replays = append(w.Replays, workspace.WebhookReplay{ID: "test", Test: true})
					})
				}
				count := func() (n int) { r.hold(func() { n = tries }); return n }
				before := count()
				time.Sleep(30 * time.Minute)
				require.InDelta(t, 30, count()-before, 1, "one a minute")
				time.Sleep(time.Hour)
				require.GreaterOrEqual(t, len(r.received()), n)
				require.False(t, d.store.at("crm").Health.Failing())
			})
		})
	}
}

// With something new that waits, that alone is tried. B:V12
func TestWhatIsNewIsTriedBeforeReplays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		r := failsFor(time.Hour, &tries)
		d := newDesk(t, r)
		w := d.endpoint("crm")
		for i := range 100 {
			d.happens(fmt.Sprint("c", i))
		}
		d.replays(w, "again", 100)
		defer d.run()()
		time.Sleep(10 * time.Minute)
		require.True(t, d.store.at("crm").Health.Failing())
		count := func() (n int) { r.hold(func() { n = tries }); return n }
		before := count()
		time.Sleep(30 * time.Minute)
		require.InDelta(t, 30, count()-before, 1, "one a minute")
		time.Sleep(time.Hour)
		require.Len(t, r.received(), 200)
	})
}

// The time in which an endpoint was turned off is none in which it failed. B:V12
func TestTimeTurnedOffIsNotFailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := failsFor(8*24*time.Hour, new(int))
		d := newDesk(t, r)
		d.endpoint("crm")
		for i := range 100 {
			d.happens(fmt.Sprint("c", i))
		}
		defer d.run()()
		time.Sleep(time.Hour)
		d.changes("crm", func(w *workspace.Webhook) { w.State = workspace.WebhookPaused })
		time.Sleep(6 * 24 * time.Hour)
		d.changes("crm", func(w *workspace.Webhook) { w.State, w.StateAt = workspace.WebhookActive, time.Now() })
		time.Sleep(24 * time.Hour)
		require.Empty(t, d.ended())
		time.Sleep(2 * 24 * time.Hour)
		require.Len(t, r.received(), 100)
	})
}
