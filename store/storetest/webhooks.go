package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

func deliveryOf(ws workspace.WorkspaceID, hook workspace.WebhookID, sequence int64, state webhooks.State) webhooks.Delivery {
	return webhooks.Delivery{
		Workspace: ws, Webhook: hook, Record: fmt.Sprint("e", sequence), Kind: "OWNERSHIP", Sequence: sequence, Previous: sequence - 1, Lane: "c1", State: state, Step: 1,
		Attempts: []webhooks.Attempt{{At: at(1), Status: 500, Took: time.Second, Body: "no"}, {At: at(2), Error: "no answer in time"}}, NextAt: at(3),
	}
}

// Progress is replaced by the revision, with deliveries or not at all. B:V12
func webhookProgress(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ctx, hook := soon(t), workspace.WebhookID(id("w"))
	read := func(ws workspace.WorkspaceID) webhooks.Progress {
		p, err := d.WebhookProgress(ctx, ws, hook)
		require.NoError(t, err)
		return p
	}
	behind := func(replay string, behind int64) []webhooks.Delivery {
		found, err := d.DeliveriesBehind(ctx, d.ws, hook, replay, behind, 100)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, webhooks.Progress{Workspace: d.ws, Webhook: hook}, read(d.ws))
	p := webhooks.Progress{
		Workspace: d.ws, Webhook: hook, Delivered: 7, Last: 6, Rev: 1, Replays: map[string]int64{"r": 3}, ReplaysLast: map[string]int64{"r": 2}, Ended: []string{"q"},
		Health: webhooks.Health{Failures: 3, Since: at(1), Tried: at(2), ProbeAt: at(2), HoldUntil: at(3)},
	}
	again := deliveryOf(d.ws, hook, 9, webhooks.Retrying)
	again.Replay = "r"
	require.NoError(t, d.SaveWebhookProgress(ctx, p, deliveryOf(d.ws, hook, 8, webhooks.Retrying), deliveryOf(d.ws, hook, 10, webhooks.Parked), again))
	require.Equal(t, p, read(d.ws))
	require.Zero(t, read("elsewhere").Rev)
	require.Equal(t, []webhooks.Delivery{deliveryOf(d.ws, hook, 8, webhooks.Retrying), deliveryOf(d.ws, hook, 10, webhooks.Parked)}, behind("", 7))
	require.Len(t, behind("", 8), 1)
	require.Empty(t, behind("", 10))
	require.Equal(t, []webhooks.Delivery{again}, behind("r", 0))

	for _, rev := range []int{1, 3} {
		stale := p
		stale.Rev = rev
		require.ErrorIs(t, d.SaveWebhookProgress(ctx, stale, deliveryOf(d.ws, hook, 8, webhooks.Delivered)), commit.ErrStale)
	}
	require.Equal(t, webhooks.Retrying, behind("", 7)[0].State, "half of it was written")
	p.Rev, p.Delivered, p.Replays, p.ReplaysLast, p.Ended = 2, 8, nil, nil, nil
	require.NoError(t, d.SaveWebhookProgress(ctx, p, deliveryOf(d.ws, hook, 8, webhooks.Delivered)))
	require.Equal(t, webhooks.Delivered, behind("", 7)[0].State)

	var won atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			next := p
			next.Rev = 3
			if d.SaveWebhookProgress(soon(t), next) == nil {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, won.Load(), "of servers that save at once one wins")
}

// Deliveries are listed newest first, by state, and what went well is forgotten. B:V12
func deliveries(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ctx, hook := soon(t), workspace.WebhookID(id("w"))
	var all []webhooks.Delivery
	for n := range int64(30) {
		all = append(all, deliveryOf(d.ws, hook, n+1, []webhooks.State{webhooks.Delivered, webhooks.Skipped, webhooks.Parked, webhooks.Retrying, webhooks.Delivered}[n%5]))
	}
	require.NoError(t, d.SaveWebhookProgress(ctx, webhooks.Progress{Workspace: d.ws, Webhook: hook, Rev: 1}, all...))
	other := workspace.WebhookID(id("w"))
	require.NoError(t, d.SaveWebhookProgress(ctx, webhooks.Progress{Workspace: d.ws, Webhook: other, Rev: 1}, deliveryOf(d.ws, other, 1, webhooks.Parked)))
	listed := func(ws workspace.WorkspaceID, state webhooks.State) (out []int64) {
		q := webhooks.DeliveryQuery{Workspace: ws, Webhook: hook, State: state, Page: inbox.PageRequest{Limit: 4}}
		for {
			page, err := d.ListDeliveries(ctx, q)
			require.NoError(t, err)
			for _, one := range page.Items {
				out = append(out, one.Sequence)
				q.Page.After = &inbox.PageCursor{Sequence: int(one.Sequence), ID: one.Replay}
			}
			if !page.HasNext {
				return out
			}
		}
	}
	var want, parked []int64
	for n := int64(30); n > 0; n-- {
		want = append(want, n)
		if n%5 == 3 {
			parked = append(parked, n)
		}
	}
	require.Equal(t, want, listed(d.ws, ""))
	require.Equal(t, parked, listed(d.ws, webhooks.Parked))
	require.Empty(t, listed("elsewhere", ""))
	n, err := d.ForgetDeliveries(ctx, d.ws, hook, 21, 100)
	require.NoError(t, err)
	require.Equal(t, 12, n)
	require.Equal(t, parked, listed(d.ws, webhooks.Parked), "what was parked stays")
	require.Len(t, listed(d.ws, webhooks.Delivered), 4)
}

// A test is listed where the log was when it was made, behind no record that was there, and
// a replay beside its record; both are forgotten with the records there, also if they were
// given up, unless they are tried again. B:V12
func deliveriesAgain(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ctx, hook := soon(t), workspace.WebhookID(id("w"))
	made := func(place int64, replay string, test bool, state webhooks.State) webhooks.Delivery {
		one := deliveryOf(d.ws, hook, place, state)
		if one.Replay = replay; test {
			one.Sequence, one.Behind = 0, place
		}
		return one
	}
	all := []webhooks.Delivery{ // as they are listed
		made(12, "", false, webhooks.Delivered),
		made(11, "t3", true, webhooks.Parked),
		made(11, "", false, webhooks.Parked),
		made(10, "", false, webhooks.Delivered),
		made(9, "t2", true, webhooks.Parked),
		made(9, "t1", true, webhooks.Delivered),
		made(9, "r1", false, webhooks.Parked),
		made(9, "", false, webhooks.Parked),
		made(8, "r2", false, webhooks.Retrying),
		made(8, "r1", false, webhooks.Delivered),
	}
	require.NoError(t, d.SaveWebhookProgress(ctx, webhooks.Progress{Workspace: d.ws, Webhook: hook, Rev: 1}, all...))
	listed := func(state webhooks.State) (out []webhooks.Delivery) {
		q := webhooks.DeliveryQuery{Workspace: d.ws, Webhook: hook, State: state, Page: inbox.PageRequest{Limit: 2}}
		for {
			page, err := d.ListDeliveries(ctx, q)
			require.NoError(t, err)
			out = append(out, page.Items...)
			if !page.HasNext {
				return out
			}
			last := out[len(out)-1]
			q.Page.After = &inbox.PageCursor{Sequence: int(last.Place()), ID: last.Replay}
		}
	}
	require.Equal(t, all, listed(""))
	require.Equal(t, []webhooks.Delivery{all[1], all[2], all[4], all[6], all[7]}, listed(webhooks.Parked))
	n, err := d.ForgetDeliveries(ctx, d.ws, hook, 10, 1)
	require.NoError(t, err)
	require.Equal(t, 2, n, "one that went well, and one that was given up")
	n, err = d.ForgetDeliveries(ctx, d.ws, hook, 10, 100)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.Equal(t, []webhooks.Delivery{all[0], all[1], all[2], all[3], all[7], all[8]}, listed(""))
}

// What is wrong with endpoints is found in one go: which are failing, and which have parked
// deliveries that no replay made, however many another has. B:V12
func conditions(t *testing.T, open Opener) {
	d := newDesk(t, open)
	const many = 1001 // more than one read of parked deliveries has
	base, failing := id("w"), webhooks.Health{Failures: 50, Since: at(1)}
	hook := func(name string) workspace.WebhookID { return workspace.WebhookID(base + name) }
	save := func(name string, h webhooks.Health, all ...webhooks.Delivery) {
		t.Helper()
		for i := range all {
			all[i].Webhook = hook(name)
		}
		require.NoError(t, d.SaveWebhookProgress(soon(t), webhooks.Progress{Workspace: d.ws, Webhook: hook(name), Rev: 1, Health: h}, all...))
	}
	made := func(sequence int64, state webhooks.State, replay string) webhooks.Delivery {
		one := deliveryOf(d.ws, "", sequence, state)
		one.Replay = replay
		return one
	}
	var flood []webhooks.Delivery
	for n := range int64(many) {
		flood = append(flood, made(n+1, webhooks.Parked, ""))
	}
	save("a flooded", webhooks.Health{}, flood...)
	save("both", failing, made(9, webhooks.Parked, ""))
	save("failing", failing, made(1, webhooks.Retrying, ""))
	save("nearly failing", webhooks.Health{Failures: 49, Since: at(1)})
	save("parked among others", webhooks.Health{}, made(1, webhooks.Delivered, ""), made(2, webhooks.Parked, ""), made(3, webhooks.Skipped, ""))
	save("replays", webhooks.Health{}, made(0, webhooks.Parked, "test"), made(1, webhooks.Delivered, ""), made(1, webhooks.Parked, "r"))
	save("not asked for", failing, made(1, webhooks.Parked, ""))

	asked := []workspace.WebhookID{hook("replays"), hook("failing"), hook("a flooded"), hook("never sent"), hook("parked among others"), hook("both"), hook("nearly failing")}
	want := map[workspace.WebhookID]webhooks.Condition{
		hook("a flooded"): {Parked: true}, hook("both"): {Failing: true, Parked: true}, hook("failing"): {Failing: true}, hook("parked among others"): {Parked: true},
	}
	found, err := d.WebhookConditions(soon(t), d.ws, asked)
	require.NoError(t, err)
	require.Equal(t, want, found)
	require.Equal(t, hook("replays"), asked[0], "the list of the caller stays")
	for _, none := range [][]workspace.WebhookID{nil, {hook("never sent")}} {
		found, err = d.WebhookConditions(soon(t), d.ws, none)
		require.NoError(t, err)
		require.Empty(t, found)
	}
}

// The key of secrets is made once, whoever asks. B:V12
func webhookKey(t *testing.T, open Opener) {
	d := newDesk(t, open)
	first, err := d.WebhookKey(soon(t))
	require.NoError(t, err)
	require.Len(t, first, 32)
	again, err := d.WebhookKey(soon(t))
	require.NoError(t, err)
	require.Equal(t, first, again)
}

// An endpoint is a part of the directory. B:V12
func webhookDirectory(t *testing.T, open Opener) {
	d := newDesk(t, open)
	d.staffed()
	ctx := soon(t)
	w := arbitrary[workspace.Webhook]().Example(1)
	w.ID, w.Workspace, w.Rev = workspace.WebhookID(id("w")), d.ws, 1
	require.NoError(t, d.SaveDirectory(ctx, inbox.Event{ID: inbox.EventID(id("e")), Workspace: d.ws, Type: inbox.DirectoryEvent, At: at(1), Directory: &workspace.DirectoryChange{Webhook: &w}}))
	read, err := d.Directory(ctx, d.ws)
	require.NoError(t, err)
	require.Equal(t, w, read.Webhooks[w.ID])
	all, err := d.WebhookWorkspaces(ctx)
	require.NoError(t, err)
	require.Equal(t, []workspace.WorkspaceID{d.ws}, all)
}

// hooked gives the estate an endpoint that was sent something.
func (e *estate) hooked() {
	e.hook = workspace.Webhook{ID: workspace.WebhookID(id("w")), Workspace: e.ws, Name: "CRM", Rev: 1}
	require.NoError(e.t, e.SaveDirectory(soon(e.t), directoryEvent(e.ws, workspace.DirectoryChange{Webhook: &e.hook})))
	require.NoError(e.t, e.SaveWebhookProgress(soon(e.t), webhooks.Progress{Workspace: e.ws, Webhook: e.hook.ID, Rev: 1, Health: webhooks.Health{Failures: 50}},
		deliveryOf(e.ws, e.hook.ID, 1, webhooks.Delivered), deliveryOf(e.ws, e.hook.ID, 2, webhooks.Parked)))
}

func (e *estate) readsOfWebhooks() map[string]func(ws workspace.WorkspaceID) (any, error) {
	return map[string]func(ws workspace.WorkspaceID) (any, error){
		"WebhookProgress": func(ws workspace.WorkspaceID) (any, error) {
			p, err := e.WebhookProgress(soon(e.t), ws, e.hook.ID)
			return p.Rev, err
		},
		"WebhookConditions": func(ws workspace.WorkspaceID) (any, error) {
			return e.WebhookConditions(soon(e.t), ws, []workspace.WebhookID{e.hook.ID})
		},
		"DeliveriesBehind": func(ws workspace.WorkspaceID) (any, error) {
			return e.DeliveriesBehind(soon(e.t), ws, e.hook.ID, "", 0, 10)
		},
		"ListDeliveries": func(ws workspace.WorkspaceID) (any, error) {
			return e.ListDeliveries(soon(e.t), webhooks.DeliveryQuery{Workspace: ws, Webhook: e.hook.ID, Page: inbox.PageRequest{Limit: 10}})
		},
	}
}

func (e *estate) writesOfWebhooks() map[string]func(t *testing.T) {
	return map[string]func(t *testing.T){
		"SaveWebhookProgress": func(t *testing.T) {
			t.Helper()
			taken := webhooks.Progress{Workspace: e.other.ws, Webhook: e.hook.ID, Rev: 2}
			require.ErrorIs(t, e.SaveWebhookProgress(soon(t), taken, deliveryOf(e.other.ws, e.hook.ID, 1, webhooks.Parked)), commit.ErrStale)
		},
		"ForgetDeliveries": func(t *testing.T) {
			t.Helper()
			n, err := e.ForgetDeliveries(soon(t), e.other.ws, e.hook.ID, 100, 100)
			require.NoError(t, err)
			require.Zero(t, n)
		},
	}
}
