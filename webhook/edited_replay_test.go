package webhook_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
)

// uneven takes another time for each record.
type uneven struct{ *slow }

// RoundTrip is one request.
func (u uneven) RoundTrip(req *http.Request) (*http.Response, error) {
	var n int64
	_, _ = fmt.Sscan(req.Header.Get("Ce-Sequence"), &n)
	return (&slow{receiver: u.receiver, takes: time.Duration(10+n*37%90) * time.Millisecond}).RoundTrip(req)
}

// Attempts that wait for a connection when the endpoint is edited are not made; they cut none that
// is, and what came of others meanwhile is stored: nothing is sent twice. B:V12
func TestWhatWaitsForAConnectionCutsNothing(t *testing.T) {
	for _, replays := range []bool{false, true} {
		t.Run(fmt.Sprint("replay ", replays), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const records = 400
				s := uneven{newSlow(0)}
				d := newDesk(t, s)
				d.store.takes = 2 * time.Millisecond
				d.manyRecords(records, records)
				w := d.endpoint("crm", func(w *workspace.Webhook) {
					if replays {
						w.From = records
					}
				})
				if replays {
					d.replays(w, "again", records)
				}
				defer d.run()()
				for n := range 60 {
					time.Sleep(137 * time.Millisecond)
					d.changes("crm", func(w *workspace.Webhook) { w.URL = fmt.Sprint("https://hooks.example/", n) })
				}
				time.Sleep(time.Minute)
				s.hold(func() {
					require.Len(t, s.reached, records)
					for n, times := range s.reached {
						require.Equal(t, 1, times, "%d", n)
					}
				})
			})
		})
	}
}
