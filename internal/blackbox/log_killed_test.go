package blackbox_test

import (
	"context"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/internal/logcheck"
)

// logWorkers change conversations at once, each its own.
const logWorkers = 8

// envChanges is how many changes of ownership there are, instead of a few.
const envChanges = "SWITCHBOARD_TEST_CHANGES"

// logSize is how many changes there are at least, in how many conversations, how often the
// server is killed that numbers and sends, and for how long an endpoint is down: of 10,000
// changes in 300 conversations ten times, and twice a minute.
func logSize(t *testing.T) (changes int64, conversations, kills int, down time.Duration) {
	t.Helper()
	text := os.Getenv(envChanges)
	if text == "" {
		return 200, 24, 1, time.Second
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, envChanges)
	return int64(n), max(24, n*3/100), max(1, n/1_000), min(time.Minute, time.Duration(n)*6*time.Millisecond)
}

// The server that numbers the log, sends to webhooks and writes to the broker is killed amid
// changes, again and again, while receivers fail, hang and are down: another one goes on.
// Numbers are dense and in the order of the commits; each record comes to every receiver, of
// a conversation in the order of its versions, with a chain of previous without a hole; and
// the stream of the broker is the log. Then everything is sent again twice, and each
// receiver still knows what the history says. Rows 1 and 3. B:V12
func TestTheLogOutlivesItsServers(t *testing.T) {
	t.Parallel()
	for engine, open := range logDesks(3) {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			changes, conversations, kills, down := logSize(t)
			all := []logcheck.Kind{logcheck.Ownership, logcheck.Message, logcheck.Availability}
			hooks := []*logHook{
				{name: "fails", order: logcheck.InLanes, records: all, fails: 30, hangs: 1, mercy: 1},
				{name: "in any order", order: logcheck.AnyOrder, records: all[:1], fails: 30, hangs: 1, mercy: 1},
				{name: faultDowns, order: logcheck.InLanes, records: all[1:], mercy: 1},
			}
			if os.Getenv(envChanges) != "" { // it may be tried once a minute then
				hooks[2].records = all
			}
			d := newLogDesk(t, open, hooks...)
			ids := make([]string, conversations)
			for n := range ids {
				ids[n], _ = d.visit(n)
			}
			kept := keepEvents(t, d.stored, &d.log, d.place)
			working, stop := context.WithCancel(t.Context())
			listening, deafen := context.WithCancel(t.Context())
			var workers, listeners sync.WaitGroup
			defer func() { stop(); workers.Wait(); deafen(); listeners.Wait() }()
			d.readers(listening, &listeners)
			workers.Go(func() {
				d.watch.outages(working, down, down, func(h *logHook) bool { return h.name == faultDowns })
			})
			for n := range logWorkers {
				workers.Go(func() { d.keepChanging(working, ids, n) })
			}
			for n := range kills {
				d.until(changes * int64(n+1) / int64(kills+1))
				d.killHolder()
				d.until(d.done.Load() + logWorkers)
			}
			d.until(changes)
			d.holder() // somebody numbers what was committed meanwhile
			stop()
			workers.Wait()
			d.place = kept()
			d.watch.mend()
			d.settled()
			for range 2 {
				d.replayAll()
			}
			d.settled()
			d.sameAsTheHistory(ids)
		})
	}
}

// keepChanging changes the conversations of one worker, one after the other, until ctx ends.
func (d *logDesk) keepChanging(ctx context.Context, ids []string, worker int) {
	pace := time.NewTicker(4 * tick)
	defer pace.Stop()
	for n := 0; ; n++ {
		for i := worker; i < len(ids); i += logWorkers {
			select {
			case <-pace.C:
				d.change(ctx, ids[i], n)
			case <-ctx.Done():
				return
			}
		}
	}
}

// until waits until so many changes were acknowledged, for as long as there are more of them.
func (d *logDesk) until(changes int64) {
	d.t.Helper()
	for done := d.done.Load(); done < changes; done = d.done.Load() {
		eventually(d.t, "another change is acknowledged", func() bool { return d.done.Load() > done })
	}
}

// replayAll has the whole log sent again to each endpoint, and waits until that has begun.
func (d *logDesk) replayAll() {
	d.t.Helper()
	const order = `mutation($id: ID!) { replayWebhook(input: {webhookId: $id, from: {sequence: "1"}}) { replayId userErrors { code message } } }`
	for _, h := range d.watch.hooks {
		made := d.boss(0).do(order, object{"id": h.id})
		require.Empty(d.t, made.at("replayWebhook.userErrors"), made.text)
		replay := str(d.t, made.Data, "replayWebhook.replayId")
		for !h.has(replay) { // it waits for the one before
			came := d.watch.came()
			eventually(d.t, h.name+" is sent everything again", func() bool { return h.has(replay) || d.watch.came() > came })
		}
	}
}

// has reports whether a replay has begun to come.
func (h *logHook) has(replay string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, d := range h.got {
		if d.Replay == replay {
			return true
		}
	}
	return false
}

// sameAsTheHistory demands that each receiver of changes knows of each conversation what the
// last change of its history says.
func (d *logDesk) sameAsTheHistory(ids []string) {
	d.t.Helper()
	events := d.read().Events
	l := logcheck.Of(events)
	const read = `query($id: ID!) { conversation(id: $id) { version history(first: 1) { nodes { version to { status assignee { id } } } } } }`
	want := map[string]logcheck.State{}
	for n, id := range ids {
		last := d.boss(n).do(read, object{"id": id}).at("conversation.history.nodes.0")
		to := sideOf(dig(last, "to"))
		want[plainID(id)] = logcheck.State{Owner: to.Owner, Status: to.Status, Version: number(d.t, last, "version")}
	}
	for _, h := range d.watch.hooks {
		if r := h.receiver(events); h.records[0] == logcheck.Ownership {
			require.Equal(d.t, want, r.Ends(l), h.name)
		}
	}
}
