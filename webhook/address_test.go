package webhook_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
)

// What an address answered, or asked for, holds up nothing at another one: who mends the address
// of an endpoint does not wait until the old one would have been tried again. B:V12
func TestAnotherAddressWaitsForNothing(t *testing.T) {
	for name, row := range map[string]struct {
		events int
		status int
		header http.Header
		before time.Duration // how long the old address is tried
	}{
		"asked to be left alone": {3, http.StatusTooManyRequests, http.Header{"Retry-After": {"3600"}}, time.Minute},
		"tried again in hours":   {3, http.StatusBadGateway, nil, 10 * time.Hour},
		"failing":                {100, http.StatusBadGateway, nil, time.Hour + 30*time.Second},
		"just asked":             {3, http.StatusServiceUnavailable, http.Header{"Retry-After": {"3600"}}, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				moved := false
				r := &receiver{answer: func(*http.Request, got) (int, http.Header) {
					if moved {
						return http.StatusOK, nil
					}
					return row.status, row.header
				}}
				d := newDesk(t, r)
				d.endpoint("crm")
				for i := range row.events {
					d.happens(string(rune('a'+i%26)) + string(rune('a'+i/26)))
				}
				defer d.run()()
				time.Sleep(row.before)
				require.Empty(t, r.received())
				r.hold(func() { moved = true })
				d.changes("crm", func(w *workspace.Webhook) { w.URL, w.AddressAt = "https://hooks.example/mended", time.Now() })
				time.Sleep(5 * time.Second)
				require.Len(t, r.received(), row.events)
			})
		})
	}
}
