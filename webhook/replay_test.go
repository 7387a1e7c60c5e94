package webhook_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
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
		require.Less(t, d.single, 2*n/20, "what waits long for its lane is read again, and no more")
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

// manyWere adds n records of so many conversations, sent by a server that has stopped: as
// what is new, or again by a replay that had come to the end of what was new.
func (d *desk) manyWere(n, conversations int, replay string) {
	before := len(d.log)
	d.manyRecords(n, conversations)
	p := d.store.at("crm")
	p.Webhook, p.Workspace, p.Rev = "crm", world.Home, p.Rev+1
	p.Delivered, p.Last = int64(len(d.log)), int64(len(d.log))
	var all []webhooks.Delivery
	for _, r := range d.log[before:] {
		one := webhooks.Delivery{
			Workspace: world.Home, Webhook: "crm", Record: r.ID, Kind: r.Kind, Sequence: int64(r.Sequence), Previous: int64(r.Sequence) - 1,
			Lane: string(r.Conversation), State: webhooks.Delivered, Attempts: []webhooks.Attempt{{At: r.At, Status: http.StatusOK}},
		}
		all = append(all, one)
		if one.Replay = replay; replay != "" {
			all = append(all, one)
			p.Replays, p.ReplaysLast = map[string]int64{replay: p.Delivered}, map[string]int64{replay: p.Last}
		}
	}
	require.NoError(d.t, d.store.SaveWebhookProgress(d.t.Context(), p, all...))
}

// Of what a replay sends again no more is kept than of what is new. B:V12
func TestReplaysAreForgottenToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const before, n = 10_000, 1_400
		r := &receiver{}
		d := newDesk(t, r)
		w := d.endpoint("crm")
		d.manyWere(before, 500, "again")
		require.Equal(t, 2*before, d.store.kept())
		d.replays(w, "again", before+n)
		d.manyRecords(n, 500)
		defer d.run()()
		time.Sleep(2 * time.Hour)
		require.Len(t, r.received(), 2*n)
		require.Less(t, d.store.kept(), 2*10_000+2*500, "the newest 10,000 of both")
	})
}
