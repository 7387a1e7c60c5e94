package dispatch_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/dispatch"
	"switchboard/inbox"
)

// A duty that finds nothing asks the database seldom, and at its usual pace at once when
// an event says that there may be something to do, or events were lost.
func TestADutyIsQuietWithoutEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		alert := dispatch.NewAlert(func(e inbox.Event) time.Time {
			if e.Type != inbox.DirectoryEvent {
				return time.Time{}
			}
			return time.Now().Add(time.Minute)
		})
		var runs atomic.Int64
		duty := dispatch.Duty{Name: "counted", Every: time.Second, Alert: alert, Do: func(context.Context) error { runs.Add(1); return nil }}
		done := make(chan struct{})
		go func() {
			defer close(done)
			dispatch.New(&line{shared: &shared{}}, "one", slog.New(slog.DiscardHandler), duty).Run(ctx)
		}()
		during := func(d time.Duration) int {
			before := runs.Load()
			time.Sleep(d)
			synctest.Wait()
			return int(runs.Load() - before)
		}
		during(time.Minute)
		require.LessOrEqual(t, during(time.Hour), int(time.Hour/dispatch.QuietPause)+1)
		for name, what := range map[string]func(){
			"an event": func() { alert.Apply(inbox.Event{Type: inbox.DirectoryEvent}) }, "a lost feed": alert.FeedLost, "lost events": alert.Forget,
		} {
			what()
			synctest.Wait()
			require.InDelta(t, 60, during(time.Minute), 3, name)
			during(time.Minute)
			alert.Apply(inbox.Event{Type: inbox.OwnershipEvent})
			require.LessOrEqual(t, during(time.Hour), int(time.Hour/dispatch.QuietPause)+1, name)
		}
		stop()
		<-done
	})
}
