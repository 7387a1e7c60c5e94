package webhook_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// busy refuses the first record at once, and answers others after some time, with success.
type busy struct{ *receiver }

// RoundTrip is one request.
func (b busy) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.receiver.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusOK {
		time.Sleep(2 * time.Second)
	}
	return resp, err
}

// An endpoint that asks to be left alone is, although it takes what was on its way to it
// meanwhile. B:V12
func TestWhatWasOnItsWayEndsNoRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := false
		r := busy{&receiver{}}
		r.answer = func(_ *http.Request, g got) (int, http.Header) {
			if g.body.Sequence == 1 && !refused {
				refused = true
				return http.StatusTooManyRequests, http.Header{"Retry-After": {"60"}}
			}
			return http.StatusOK, nil
		}
		d := newDesk(t, r)
		d.endpoint("crm")
		d.happens("a", "b", "c")
		defer d.run()()
		asked := time.Now()
		time.Sleep(5 * time.Second)
		d.happens("d")
		time.Sleep(time.Hour)
		require.Len(t, r.received(), 4)
		for _, g := range r.received()[2:] {
			require.GreaterOrEqual(t, g.at.Sub(asked), time.Minute, "%d", g.body.Sequence)
		}
	})
}

// A pause that is none is not waited for, however it is written.
func TestPausesThatAreNone(t *testing.T) {
	for _, asked := range []string{"0", "-1", "-9223372037", "-9223372036854775808", "-99999999999999999999", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", ""} {
		synctest.Test(t, func(t *testing.T) {
			began, again := time.Now(), time.Time{}
			n := 0
			r := &receiver{answer: func(_ *http.Request, g got) (int, http.Header) {
				if n++; n == 1 {
					return http.StatusServiceUnavailable, http.Header{"Retry-After": {asked}}
				}
				again = g.at
				return http.StatusOK, nil
			}}
			d := newDesk(t, r)
			d.endpoint("crm")
			d.happens("a")
			defer d.run()()
			time.Sleep(2 * time.Hour)
			r.hold(func() { require.Equal(t, 5*time.Second, again.Sub(began).Truncate(time.Second), asked) })
		})
	}
}
