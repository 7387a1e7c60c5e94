package feed_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/live/feed"
)

// Those who listen look at their rights when the earliest end comes, and those who report
// the next one then look at that; without ends nobody looks.
func TestRightsAreLookedAtWhenACredentialEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var rechecks feed.Rechecks
		ends := feed.NewEndRechecks(&rechecks)
		began := time.Now()
		credentials := []time.Duration{time.Hour, time.Minute, time.Minute, 30 * time.Minute}
		report := func() {
			for _, end := range credentials {
				if at := began.Add(end); at.After(time.Now()) {
					ends.EndsAt(at)
				}
			}
		}
		var looked []time.Duration
		go ends.Run(ctx)
		go func() {
			for {
				select {
				case <-rechecks.Next():
					looked = append(looked, time.Since(began))
					report()
				case <-ctx.Done():
					return
				}
			}
		}()
		time.Sleep(time.Second)
		synctest.Wait()
		require.Empty(t, looked)
		report()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		require.Equal(t, []time.Duration{time.Minute, 30 * time.Minute, time.Hour}, looked)
		stop()
		synctest.Wait()
	})
}
