package feed_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/live/feed"
)

// Rights are looked at each second while the feed is away, and until a directory that was
// loaded meanwhile is newer than the feed; never while the feed is open. B:Z6
func TestRightsAreLookedAtWhileTheFeedIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var rechecks feed.Rechecks
		lost := feed.NewLostFeedRechecks(&rechecks)
		var asked atomic.Int64
		go lost.Run(ctx)
		go func() {
			for {
				select {
				case <-rechecks.Next():
					asked.Add(1)
				case <-ctx.Done():
					return
				}
			}
		}()
		during := func(d time.Duration) int {
			before := asked.Load()
			time.Sleep(d)
			synctest.Wait()
			return int(asked.Load() - before)
		}
		lost.FeedBack()
		during(10 * time.Second)
		require.Zero(t, during(time.Hour), "an open feed")
		lost.FeedLost()
		require.InDelta(t, 60, during(time.Minute), 2, "a lost feed")
		lost.FeedBack()
		require.GreaterOrEqual(t, during(10*time.Second), 2, "a feed that is back")
		require.Zero(t, during(time.Hour), "an open feed")
		lost.Forget()
		require.Positive(t, during(10*time.Second), "lost events")
		stop()
		synctest.Wait()
	})
}
