package logtail_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/live/logtail"
)

// Who waits for a record of a workspace in which events never stop is told soon after it has
// its number, although the newest event has none yet whenever somebody looks. B:V12
func TestABusyLogIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const events, apart, behind = 1_000, 10 * time.Millisecond, 20 * time.Millisecond
		began := time.Now()
		lookup := func(_ context.Context, _ workspace.WorkspaceID, ids []string) (map[string]eventlog.Sequence, error) {
			out := map[string]eventlog.Sequence{}
			for _, id := range ids {
				var n int
				_, err := fmt.Sscanf(id, "e%d", &n)
				if err == nil && time.Since(began) >= time.Duration(n)*apart+behind {
					out[id] = eventlog.Sequence(n)
				}
			}
			return out, nil
		}
		tail := logtail.New(lookup, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go tail.Run(ctx)
		go func() {
			for n := range events {
				time.Sleep(time.Until(began.Add(time.Duration(n) * apart)))
				tail.Apply(inbox.Event{ID: inbox.EventID(fmt.Sprint("e", n)), Workspace: "home", Type: inbox.OwnershipEvent})
			}
		}()
		time.Sleep(events / 2 * apart)
		for upTo := eventlog.Sequence(events / 4); upTo < events/2; upTo += 50 {
			so, err := tail.Heard(t.Context(), "home", upTo, time.Second)
			require.NoError(t, err)
			require.True(t, so, "record %d", upTo)
		}
		next, woken := tail.Next("home"), time.Now()
		<-next
		require.Less(t, time.Since(woken), time.Second, "a reader is told while events go on")
		time.Sleep(events * apart)
	})
}
