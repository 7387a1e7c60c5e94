package dispatch_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/dispatch"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// offerEnder notes what is asked of it.
type offerEnder struct {
	mu      sync.Mutex
	listed  int
	checked []workspace.WorkspaceID
	fails   bool
}

func (o *offerEnder) ExpireOffers(context.Context) error { return nil }

func (o *offerEnder) Offering(context.Context) ([]workspace.WorkspaceID, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.listed++; o.listed == 1 {
		return nil, errors.New("down")
	}
	return []workspace.WorkspaceID{"a", "b"}, nil
}

func (o *offerEnder) CheckOffers(_ context.Context, ws workspace.WorkspaceID) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.checked = append(o.checked, ws)
	if o.fails && ws == "b" {
		return errors.New("down")
	}
	return nil
}

// The targets of a workspace are looked at only when its directory changed, when events may
// have been missed, and again after a failure. B:T6
func TestOffers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		by, duty := &offerEnder{}, dispatch.NewOffers()
		ctx, stop := context.WithCancel(t.Context())
		log := slog.New(slog.DiscardHandler)
		var running sync.WaitGroup
		running.Go(func() { dispatch.New(&line{shared: &shared{}}, "holder", log, duty.Duties(by, log)...).Run(ctx) })
		looked := func(within time.Duration, want ...workspace.WorkspaceID) {
			t.Helper()
			time.Sleep(within)
			synctest.Wait()
			by.mu.Lock()
			defer by.mu.Unlock()
			require.Equal(t, want, by.checked)
			by.checked = nil
		}
		fails := func(so bool) {
			by.mu.Lock()
			defer by.mu.Unlock()
			by.fails = so
		}
		looked(0)
		looked(time.Second, "a", "b")
		looked(time.Hour)
		duty.Apply(inbox.Event{Type: inbox.OwnershipEvent, Workspace: "b"})
		looked(time.Hour)
		fails(true)
		duty.Apply(inbox.Event{Type: inbox.DirectoryEvent, Workspace: "b"})
		looked(0, "b")
		looked(2*time.Second, "b", "b")
		fails(false)
		looked(time.Second, "b")
		for _, signal := range []func(){duty.Forget, duty.FeedBack} {
			signal()
			looked(0, "a", "b")
		}
		duty.FeedLost()
		looked(time.Hour)
		require.Equal(t, 4, by.listed)
		stop()
		running.Wait()
	})
}
