package blackbox_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/internal/logcheck"
)

// logWatch is who gets the log of a workspace: endpoints of webhooks, subscribers of
// eventLog, and a broker.
type logWatch struct {
	t       *testing.T
	of      workspace.WorkspaceID
	stored  eventlog.Store // beside the servers
	hooks   []*logHook
	readers []*logReader
	broker  *logBroker
}

// newLogWatch opens the hooks and the broker. Servers are started with its flags.
func newLogWatch(t *testing.T, of workspace.WorkspaceID, seed uint64, hooks ...*logHook) *logWatch {
	t.Helper()
	for _, h := range hooks {
		h.open(t, seed)
	}
	return &logWatch{t: t, of: of, hooks: hooks, broker: newLogBroker(t)}
}

func (w *logWatch) flags() []string {
	return []string{"--sink", w.broker.target(), "--webhooks", "any", "--webhook-allow-network", "127.0.0.0/8"}
}

// begin waits until records are numbered as they are committed, and makes the endpoints,
// as an owner.
func (w *logWatch) begin(stored any, owner *client) {
	w.t.Helper()
	var keeps bool
	w.stored, keeps = stored.(eventlog.Store)
	require.True(w.t, keeps)
	eventually(w.t, "a server numbers the log", func() bool {
		p, err := w.stored.LogProgress(w.t.Context())
		require.NoError(w.t, err)
		return p.Position != "" && !p.Filling
	})
	for _, h := range w.hooks {
		h.create(owner)
	}
}

// run lets everybody read until ctx ends.
func (w *logWatch) run(ctx context.Context, listeners *sync.WaitGroup) {
	for _, r := range w.readers {
		listeners.Go(func() { r.run(ctx) })
	}
}

// outages has the hooks that go down do so twice, each time for so long, with so much
// time before each.
func (w *logWatch) outages(ctx context.Context, before, length time.Duration, down func(*logHook) bool) {
	for n, pause := range []time.Duration{before, length, before, length} {
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		for _, h := range w.hooks {
			if down(h) {
				h.setDown(n%2 == 0 && ctx.Err() == nil)
			}
		}
	}
}

// mend has the hooks fail no more.
func (w *logWatch) mend() {
	for _, h := range w.hooks {
		close(h.mended)
	}
}

// logVerdict is what was found of some who got the log.
type logVerdict struct {
	name, of string
	faults   []string
}

func (v *logVerdict) add(faults []logcheck.Fault) {
	for _, f := range faults {
		v.faults = append(v.faults, f.String())
	}
}

// judge compares what everybody got with the log that the events make.
func (w *logWatch) judge(events []inbox.Event) []logVerdict {
	w.t.Helper()
	l := logcheck.Of(events)
	numbered := logVerdict{name: "the log is numbered as it was committed", of: fmt.Sprintf("%d records", len(l))}
	numbered.add(l.Check(w.entries()))
	sunk := logVerdict{name: "the broker has the log"}
	got := w.broker.receiver()
	sunk.of = fmt.Sprintf("%d messages", len(got.Got))
	sunk.add(l.Check(got))
	return []logVerdict{numbered, w.hooked(l, events), w.read(l, events), sunk}
}

// await judges again and again until nothing is wrong, or nothing has come to anybody who
// is alive for as long as a test is patient. Events gives those so far: a duty may be done
// late.
func (w *logWatch) await(events func() []inbox.Event) (verdicts []logVerdict) {
	w.t.Helper()
	again := time.NewTicker(25 * tick)
	defer again.Stop()
	came, since, end := -1, time.Now(), time.Now().Add(10*patience)
	for ; time.Since(since) < patience && time.Now().Before(end); <-again.C {
		if verdicts = w.judge(events()); sound(verdicts) {
			break
		}
		if now := w.came(); now != came {
			came, since = now, time.Now()
		}
	}
	return verdicts
}

// came counts what came to the endpoints that are alive, and to the broker.
func (w *logWatch) came() int {
	n := len(w.broker.got)
	for _, h := range w.hooks {
		if !h.dead {
			n += len(h.receiver(nil).Got)
		}
	}
	return n
}

// sound reports whether nothing is wrong.
func sound(all []logVerdict) bool {
	return !slices.ContainsFunc(all, func(v logVerdict) bool { return len(v.faults) > 0 })
}

func (w *logWatch) hooked(l logcheck.Log, events []inbox.Event) (v logVerdict) {
	v.name = "webhooks delivered everything in order"
	deliveries, refused := 0, 0
	for _, h := range w.hooks {
		r := h.receiver(events)
		deliveries += len(r.Got)
		for _, d := range r.Got {
			if d.Refused {
				refused++
			}
		}
		if !h.dead {
			v.add(l.Check(r))
		}
		v.faults = append(v.faults, h.wrong()...)
	}
	v.of = fmt.Sprintf("%d endpoints, %d attempts, %d of them refused", len(w.hooks), deliveries, refused)
	return v
}

func (w *logWatch) read(l logcheck.Log, events []inbox.Event) (v logVerdict) {
	v.name = "eventLog was read whole, each record once"
	records, times := 0, 0
	for _, r := range w.readers {
		got := r.receiver(events)
		records += len(got.Got)
		v.add(l.Check(got))
		r.mu.Lock()
		if r.refused != "" {
			v.faults = append(v.faults, r.name+": "+r.refused)
		}
		times += max(r.times-1, 0)
		r.mu.Unlock()
	}
	v.of = fmt.Sprintf("%d readers, %d records, %d reconnects", len(w.readers), records, times)
	return v
}

// entries is the stored log.
func (w *logWatch) entries() logcheck.Receiver {
	w.t.Helper()
	r := logcheck.Receiver{Name: "the stored log", Order: logcheck.InAll, Once: true}
	for after := eventlog.Sequence(0); ; {
		found, err := w.stored.LogEntries(w.t.Context(), w.of, after, false, 1_000)
		require.NoError(w.t, err)
		for _, e := range found {
			r.Got, after = append(r.Got, logcheck.Delivery{ID: e.ID, Sequence: int64(e.Sequence)}), e.Sequence
		}
		if len(found) == 0 {
			return r
		}
	}
}

// blind plants a fault into what the first hook got: all that it took of one record is
// gone. It counts the plants that are not seen.
func (w *logWatch) blind(events []inbox.Event) (unseen int) {
	r := w.hooks[0].receiver(events)
	if len(r.Got) == 0 {
		return 1
	}
	lost := r.Got[len(r.Got)/2].Sequence
	r.Got = slices.DeleteFunc(r.Got, func(d logcheck.Delivery) bool { return d.Sequence == lost && !d.Refused })
	if len(logcheck.Of(events).Check(r)) == 0 {
		return 1
	}
	return 0
}
