package webhook_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
)

// slowly is a receiver that takes two seconds for each request, and counts those that begin.
type slowly struct {
	receiver
	begun atomic.Int64
}

func (s *slowly) RoundTrip(req *http.Request) (*http.Response, error) {
	s.begun.Add(1)
	work := time.NewTimer(2 * time.Second)
	defer work.Stop()
	select {
	case <-work.C:
		return s.receiver.RoundTrip(req)
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// The kind of fault: what is done to an endpoint and does not concern what is on its way
// cuts it. However often an endpoint is renamed, tested, or told to send again, every
// attempt is made to its end, no event is sent twice for it, and what is new goes on; what
// was ordered is sent. B:V12
func TestOrdersCutNothing(t *testing.T) {
	const orders, records = 20, 5
	for name, row := range map[string]struct {
		edit func(w *workspace.Webhook, n int)
		more int // requests beside those of the records
	}{
		"renamed": {edit: func(w *workspace.Webhook, n int) { w.Name = fmt.Sprint(n) }},
		"tested": {more: orders, edit: func(w *workspace.Webhook, n int) {
			w.Replays = append(w.Replays[:len(w.Replays):len(w.Replays)], workspace.WebhookReplay{ID: fmt.Sprint("test", n), Test: true})
		}},
		"sent again": {more: orders, edit: func(w *workspace.Webhook, n int) {
			w.Replays = append(w.Replays[:len(w.Replays):len(w.Replays)], workspace.WebhookReplay{ID: fmt.Sprint("again", n), From: 1, To: 1})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &slowly{}
				d := newDesk(t, r)
				d.endpoint("crm")
				d.happens("a", "a", "a", "a", "a")
				defer d.run()()
				synctest.Wait()
				for n := range orders {
					d.changes("crm", func(w *workspace.Webhook) { row.edit(w, n) })
					time.Sleep(time.Second)
				}
				require.EqualValues(t, records, d.store.at("crm").Delivered, "what is new goes on")
				time.Sleep(time.Hour)
				require.EqualValues(t, records+row.more, r.begun.Load(), "requests")
				require.Len(t, r.received(), records+row.more)
			})
		})
	}
}
