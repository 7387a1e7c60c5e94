package webhook

import (
	"context"
	"slices"
	"time"

	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
)

const (
	// maxOpen bounds what of a log is planned and not settled: while so much waits, no
	// more is read.
	maxOpen = 10_000
	// keptRecords is how many of them are kept as they were read, until they are tried.
	keptRecords = 256
	// readBatch is how many records are read at once: so few that what waits is kept, unless
	// conversations are blocked.
	readBatch = 64
	// restoreBatch is how many deliveries are read at once when a line begins.
	restoreBatch = 200
	// maxLanes bounds the lanes from which something is sent at once; a replay has a
	// quarter of them.
	maxLanes = 64
	// unsaved is how many records may be passed over before that is written down.
	unsaved = 1_000
	// quiet is how long after the last record the progress is written down.
	quiet = 2 * time.Second
	// keptDeliveries is how many of the newest sequences keep the deliveries that went
	// well.
	keptDeliveries = 10_000
	// forgotten bounds how many are removed at once.
	forgotten = 500
)

// line sends a part of a log to an endpoint, in order: what is new, or a replay. All but
// the attempts themselves is done by the goroutine of run.
type line struct {
	*sender
	replay *workspace.WebhookReplay // nil for what is new
	lanes  *lanes
	window *webhooks.Window
	judged *eventlog.Judged
	most   int           // attempts at once
	slots  chan struct{} // one for each connection

	results  chan result
	onTheWay int
	// restored are stored deliveries that were not settled, or stand before one that was
	// not, by sequence.
	restored map[int64]webhooks.Delivery
	// first are the first deliveries of what a replay sends, by sequence, that are or may be
	// parked by the time when it has sent them.
	first  map[int64]original
	dirty  []webhooks.Delivery // decided on, and not stored
	end    bool                // nothing more was in the log when it was last read
	grown  <-chan struct{}
	saved  int64
	forgot int64
	kept   int // tasks with the record that was read
	// rests is until when a replay stores nothing.
	rests time.Time
}

func newLine(s *sender, replay *workspace.WebhookReplay, slots int) *line {
	l := &line{
		sender: s, replay: replay, lanes: newLanes(), most: maxLanes * slots / connections, slots: make(chan struct{}, slots), restored: map[int64]webhooks.Delivery{},
		first: map[int64]original{},
	}
	l.results = make(chan result, l.most)
	l.judged = &eventlog.Judged{
		Workspace: s.w.Workspace, Signals: s.Signals, Bounds: s.Records.Bounds,
		Renew: func(ctx context.Context) error { return s.Renew(ctx, s.w.Workspace) },
	}
	return l
}

// run sends until ctx ends, something fails or the replay is over. No attempt is being
// made when it returns. errLeft when the endpoint changed, and all that was on its way is
// stored.
func (l *line) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer l.drain()
	defer stop()
	if err := l.restore(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := l.fill(ctx); err != nil {
			return err
		}
		if l.over() {
			return l.save(ctx)
		}
		if l.left() {
			return l.finish(ctx)
		}
		if err := l.wait(ctx, l.dispatch(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// finish waits for the attempts that are being made, and stores what came of them.
func (l *line) finish(ctx context.Context) error {
	var done []result
	for ; l.onTheWay > 0; l.onTheWay-- {
		if r := <-l.results; r.err == nil {
			done = append(done, r)
		}
	}
	for _, r := range done {
		l.results <- r // it holds all that can be on their way
	}
	if l.onTheWay = len(done); l.onTheWay > 0 {
		if err := l.take(ctx, <-l.results); err != nil {
			return err
		}
	}
	return errLeft
}

// drain waits for the attempts that are being made.
func (l *line) drain() {
	for ; l.onTheWay > 0; l.onTheWay-- {
		<-l.results
	}
}

func (l *line) name() string {
	if l.replay == nil {
		return ""
	}
	return l.replay.ID
}

// restore reads where the line stood.
func (l *line) restore(ctx context.Context) error {
	p, _ := l.ledger.look()
	if l.replay != nil {
		p.Delivered, p.Last = max(p.Replays[l.replay.ID], l.replay.From-1), p.ReplaysLast[l.replay.ID]
	}
	l.window, l.saved, l.forgot = webhooks.NewWindow(p), p.Delivered, p.Delivered
	for behind := p.Delivered; ; {
		found, err := l.Store.DeliveriesBehind(ctx, l.w.Workspace, l.w.ID, l.name(), behind, restoreBatch)
		if err != nil {
			return err
		}
		for _, d := range found {
			l.restored[d.Sequence], behind = d, d.Sequence
		}
		if len(found) < restoreBatch {
			break
		}
	}
	if l.replay != nil && l.replay.Test {
		return l.addTest(ctx)
	}
	return nil
}

// addTest plans a test, unless it was sent. It stands behind the newest record.
func (l *line) addTest(ctx context.Context) error {
	b, err := l.Records.Bounds(ctx, l.w.Workspace)
	if err != nil || len(l.restored) > 0 {
		return err
	}
	l.lanes.add(&task{Delivery: webhooks.Delivery{
		Workspace: l.w.Workspace, Webhook: l.w.ID, Record: l.replay.ID, Replay: l.replay.ID, Lane: l.replay.ID, State: webhooks.Pending, Behind: int64(b.Newest),
	}})
	l.window.Plan(0, true)
	return nil
}

// over reports whether a replay has nothing left.
func (l *line) over() bool {
	return l.replay != nil && l.onTheWay == 0 && l.lanes.next() == nil && l.read()
}

// read reports whether the whole of a replay was read.
func (l *line) read() bool {
	return l.replay.Test || l.window.Read() >= l.replay.To || l.end
}

// hungry reports whether more of the log is to be planned: no more than what can be sent at
// once, as what is planned long before is read a second time.
func (l *line) hungry() bool {
	return l.window.Open() < maxOpen && l.lanes.fresh < l.most && (l.replay == nil || !l.read())
}

// fill plans what is new in the log.
func (l *line) fill(ctx context.Context) error {
	for l.end = false; !l.end && l.hungry(); {
		l.grown = l.Signals.Next(l.w.Workspace)
		found, err := l.Records.Read(ctx, l.w.Workspace, eventlog.Sequence(l.window.Read()), readBatch)
		if err != nil {
			return err
		}
		if l.replay != nil {
			found = slices.DeleteFunc(found, func(r eventlog.Record) bool { return int64(r.Sequence) > l.replay.To })
		}
		if l.end = len(found) == 0; l.end {
			break
		}
		if err := l.plan(ctx, found); err != nil {
			return err
		}
	}
	if len(l.dirty) > 0 || l.window.Advance().Delivered-l.saved >= unsaved {
		return l.save(ctx)
	}
	return nil
}

// wait returns when something happened that the line has to look at.
func (l *line) wait(ctx context.Context, pause time.Duration) error {
	_, moved := l.ledger.look()
	grown := l.grown
	if !l.end {
		grown = nil
	}
	if l.window.Advance().Delivered != l.saved && l.onTheWay == 0 {
		pause = min(pause, quiet)
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case r := <-l.results:
		return l.take(ctx, r)
	case <-grown:
	case <-moved:
	case <-l.leaves:
	case <-timer.C:
		if l.window.Advance().Delivered != l.saved {
			return l.save(ctx)
		}
	case <-ctx.Done():
	}
	return nil
}

// save stores what was decided.
func (l *line) save(ctx context.Context) error {
	return l.store(ctx, func(*webhooks.Progress) {})
}

// store is save with another change of the progress.
func (l *line) store(ctx context.Context, edit func(*webhooks.Progress)) error {
	p := l.window.Advance()
	err := l.ledger.save(ctx, func(stored *webhooks.Progress) {
		l.place(stored, p)
		edit(stored)
	}, func(ctx context.Context) ([]webhooks.Delivery, error) { return l.reconciled(ctx, l.dirty) })
	if err != nil {
		return err
	}
	l.saved, l.dirty = p.Delivered, nil
	return l.forget(ctx)
}

// forget removes what went well, in small steps and up to twice as much as was sent since the
// last time: also what a replay sends again, which is mostly older than what is kept.
func (l *line) forget(ctx context.Context) error {
	stored, _ := l.ledger.look()
	before, steps := min(stored.Delivered-keptDeliveries, l.saved), (l.saved-l.forgot)/forgotten
	if before <= 0 || steps <= 0 {
		return nil
	}
	l.forgot += steps * forgotten
	for range 2 * steps {
		n, err := l.Store.ForgetDeliveries(ctx, l.w.Workspace, l.w.ID, before, forgotten)
		if err != nil || n < forgotten {
			return err
		}
	}
	return nil
}

// place notes how far the line has got.
func (l *line) place(stored *webhooks.Progress, p webhooks.Progress) {
	if l.replay == nil {
		stored.Delivered, stored.Last = p.Delivered, p.Last
		return
	}
	stored.Replays, stored.ReplaysLast = without(stored.Replays, l.replay.ID), without(stored.ReplaysLast, l.replay.ID)
	stored.Replays[l.replay.ID], stored.ReplaysLast[l.replay.ID] = p.Delivered, p.Last
}
