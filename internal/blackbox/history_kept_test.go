package blackbox_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/histcheck"
)

// keepEvents reads the events of a history as they come, until the returned function is
// called, which gives where to go on: a feed reaches back for a time only, and a long run is
// judged at its end.
func keepEvents(t *testing.T, from histcheck.Source, h *histcheck.History, position string) (end func() string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var reading sync.WaitGroup
	var failed error
	reading.Go(func() {
		again := time.NewTicker(25 * tick)
		defer again.Stop()
		for failed == nil && ctx.Err() == nil {
			if failed = h.ReadEvents(t.Context(), from, position); failed == nil {
				position = h.Next
			}
			select {
			case <-again.C:
			case <-ctx.Done():
			}
		}
	})
	t.Cleanup(func() { stop(); reading.Wait() })
	return func() string {
		stop()
		reading.Wait()
		require.NoError(t, failed)
		return position
	}
}
