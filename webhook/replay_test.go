package webhook_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
)

// manyRecords adds n records of so many conversations in turn.
func (d *desk) manyRecords(n, conversations int) {
	names := make([]string, 0, n)
	for i := range n {
		names = append(names, fmt.Sprint("c", i%conversations))
	}
	d.happens(names...)
}

// replays orders that all of the log is sent again.
func (d *desk) replays(w workspace.Webhook, id string, to int64) {
	d.change(func(dir *workspace.Directory) {
		w := dir.Webhooks[w.ID]
		w.Replays = append(w.Replays, workspace.WebhookReplay{ID: id, From: 1, To: to})
		w.Rev++
		dir.Webhooks[w.ID] = w
	})
}

// Whether a long log is sent for the first time or again, each record is read once: no more
// is planned than can be sent soon. B:V12
func TestLongLogsAreReadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 2000
		r := &receiver{}
		d := newDesk(t, r)
		d.manyRecords(n, 500)
		w := d.endpoint("crm")
		defer d.run()()
		time.Sleep(time.Hour)
		require.Len(t, r.received(), n)
		d.replays(w, "again", n)
		time.Sleep(time.Hour)
		require.Len(t, r.received(), 2*n)
		require.Zero(t, d.single)
	})
}

// However slow the store is, a replay has a quarter of it: what is new does not wait behind
// a thousand saves. B:V12
func TestAReplayLeavesTheStoreToOthers(t *testing.T) {
	for _, takes := range []time.Duration{time.Millisecond, 20 * time.Millisecond, time.Second} {
		t.Run(takes.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const n = 1000
				r := &receiver{}
				d := newDesk(t, r)
				d.manyRecords(n, 200)
				w := d.endpoint("crm")
				defer d.run()()
				time.Sleep(time.Hour)
				d.store.mu.Lock()
				d.store.takes, d.store.busy = takes, 0
				d.store.mu.Unlock()
				began := time.Now()
				d.replays(w, "again", n)
				for len(r.received()) < 2*n {
					time.Sleep(takes)
				}
				took := time.Since(began)
				d.store.mu.Lock()
				defer d.store.mu.Unlock()
				require.LessOrEqual(t, d.store.busy, took/4+3*takes, "but for the first and the last saves")
				require.LessOrEqual(t, d.store.busy, n/8*takes, "several are stored together")
			})
		})
	}
}

// Of what a replay sends again no more is kept than of what is new. B:V12
func TestReplaysAreForgottenToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 11_500
		r := &receiver{}
		d := newDesk(t, r)
		d.manyRecords(n, 500)
		w := d.endpoint("crm")
		defer d.run()()
		time.Sleep(time.Hour)
		d.replays(w, "again", n)
		time.Sleep(time.Hour)
		require.Len(t, r.received(), 2*n)
		require.Less(t, d.store.kept(), 2*10_000+2*500, "the newest 10,000 of both")
	})
}
