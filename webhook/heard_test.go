package webhook_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

// lagging is a server whose feed has not brought what other servers did.
type lagging struct {
	behind *workspace.Directory // what the server knows; nil for all there is
	back   chan struct{}
	renews int
}

// lags has the server hear of nothing from now on.
func (d *desk) lags() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.feed.behind, d.feed.back = d.roster(), make(chan struct{})
}

// catchesUp has the feed bring what it did not.
func (d *desk) catchesUp() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.feed.behind != nil {
		d.feed.behind = nil
		close(d.feed.back)
	}
}

// catchUp reads the directory anew.
func (d *desk) catchUp() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.feed.renews++
	if d.feed.behind != nil {
		d.feed.behind = d.roster()
	}
	return nil
}

// Heard waits for the feed.
func (d *desk) Heard(ctx context.Context, _ workspace.WorkspaceID, _ eventlog.Sequence, within time.Duration) (bool, error) {
	d.mu.Lock()
	behind, back := d.feed.behind != nil, d.feed.back
	d.mu.Unlock()
	if !behind {
		return true, nil
	}
	select {
	case <-back:
		return true, nil
	case <-time.After(within):
		return false, nil
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

// withdrawn takes the right to view away from the key, on another server.
func (d *desk) withdrawn() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.edit(func(dir *workspace.Directory) {
		k := dir.Keys[partner]
		k.Permissions = []workspace.Permission{{Kind: workspace.Ticket, Action: workspace.PermView, Scope: workspace.ScopeAll}}
		k.Rev++
		dir.Keys[partner] = k
	})
}

// No record is judged by rights that are older than it is, however far the feed of this
// server is behind the log: it waits for the feed, and reads the rights if that does not
// come, or has not brought what was there before. B:V12 B:Z4
func TestARecordIsNotJudgedByOlderRights(t *testing.T) {
	for name, c := range map[string]struct {
		before bool          // the right is gone before the server begins to send
		lag    time.Duration // how long the feed takes; 0 for ever
	}{
		"the feed comes":                    {lag: 300 * time.Millisecond},
		"the feed comes late":               {lag: time.Minute},
		"the feed does not come":            {},
		"the feed lags when sending begins": {before: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &receiver{}
				d := newDesk(t, r)
				d.endpoint("crm")
				d.happens("a")
				stop := func() {}
				if !c.before {
					stop = d.run()
					time.Sleep(time.Minute)
					require.Len(t, r.received(), 1)
				}
				d.lags()
				d.withdrawn()
				d.happens("a", "ticket")
				if c.before {
					stop = d.run()
				}
				if c.lag > 0 {
					time.Sleep(c.lag)
					d.catchesUp()
				}
				time.Sleep(time.Hour)
				stop()
				seen := map[bool][]int64{false: {1, 3}, true: {3}}[c.before]
				require.Equal(t, seen, sequences(r.received()))
				require.Equal(t, webhooks.Skipped, d.store.stored("crm", 2).State)
			})
		})
	}
}

// While the feed keeps up, no record costs a read of the directory. B:V12
func TestRightsAreNotReadForEachRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		d := newDesk(t, r)
		d.endpoint("crm")
		defer d.run()()
		for range 100 {
			d.happens("a")
			time.Sleep(time.Minute)
		}
		require.Len(t, r.received(), 100)
		require.Zero(t, d.feed.renews)
	})
}
