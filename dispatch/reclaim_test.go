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

// reclaimer counts what is asked of it.
type reclaimer struct {
	mu     sync.Mutex
	listed int
	with   []workspace.WorkspaceID
	taken  []workspace.WorkspaceID
	fails  error
	during func()
}

func (r *reclaimer) Reclaiming(context.Context) ([]workspace.WorkspaceID, error) {
	r.listed++
	if r.during != nil {
		r.during()
	}
	return r.with, r.fails
}

func (r *reclaimer) Reclaim(_ context.Context, ws workspace.WorkspaceID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken = append(r.taken, ws)
	if ws == "bad" {
		return errors.New("bad")
	}
	return nil
}

// The workspaces with the rule are listed when a directory changed, when events may have
// been missed, after a failure, and once a minute; never each second. B:R1
func TestReclaims(t *testing.T) { synctest.Test(t, reclaims) }

func reclaims(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	by := &reclaimer{with: []workspace.WorkspaceID{"a", "bad", "b"}}
	duty := dispatch.NewReclaims(func() time.Time { return now })
	duties := duty.Duties(by, slog.New(slog.DiscardHandler))
	look, take := duties[0].Do, duties[1].Do
	go func() { _ = take(t.Context()) }()
	run := func(listed int) {
		t.Helper()
		by.listed, by.taken = 0, nil
		require.NoError(t, look(t.Context()))
		synctest.Wait()
		require.ElementsMatch(t, by.with, by.taken, "a failure in one does not stop the others")
		require.Equal(t, listed, by.listed)
	}
	run(1)
	run(0)
	duty.Apply(inbox.Event{Type: inbox.OwnershipEvent})
	run(0)
	duty.Apply(inbox.Event{Type: inbox.DirectoryEvent})
	run(1)
	for _, signal := range []func(){duty.Forget, duty.FeedBack} {
		signal()
		run(1)
	}
	duty.FeedLost()
	run(0)
	now = now.Add(time.Minute)
	run(1)

	by.during = duty.Forget // changed while it was read
	duty.Forget()
	run(1)
	by.during = nil
	run(1)
	run(0)

	by.fails = errors.New("down")
	duty.Forget()
	require.Error(t, look(t.Context()))
	by.fails = nil
	run(1)
}
