package webhook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
)

// result is what became of one attempt.
type result struct {
	*task
	outcome webhooks.Outcome
	// skip says that the key may not see the record now.
	skip bool
	// err says that nothing was sent, for a reason of this installation.
	err error
}

// forever is a pause that something else ends.
const forever = time.Hour

// dispatch begins the attempts that are due, and returns how long until the next is.
func (l *line) dispatch(ctx context.Context) time.Duration {
	p, _ := l.ledger.look()
	now := time.Now()
	opens, failing := p.Health.Opens(), p.Health.Failing()
	if l.replay == nil {
		l.tries.Store(l.onTheWay > 0 || l.lanes.next() != nil)
	}
	if opens.After(now) {
		return pause(opens, now)
	}
	if failing && l.replay != nil && l.tries.Load() {
		return recheck // what is new finds out whether the endpoint is back
	}
	for next := l.lanes.next(); next != nil; next = l.lanes.next() {
		switch {
		case failing && l.onTheWay > 0, l.onTheWay >= l.most:
			return forever
		case !failing && next.NextAt.After(now):
			return pause(next.NextAt, now)
		}
		next.probe = failing
		l.begin(ctx, l.lanes.take())
	}
	return forever
}

func (l *line) begin(ctx context.Context, t *task) {
	l.onTheWay++
	if len(t.Attempts) == 0 && !(l.replay != nil && l.replay.Test) {
		t.Previous = l.window.Before(t.Sequence)
	}
	go func() { l.results <- l.survive(ctx, t) }()
}

// survive is attempt; a panic of it is an error of the endpoint, which is begun anew. It
// would end the server otherwise, and each that takes the endpoint over after it.
func (l *line) survive(ctx context.Context, t *task) (r result) {
	defer func() {
		if value := recover(); value != nil {
			r = result{task: t, err: fmt.Errorf("panic: %v\n%s", value, debug.Stack())}
		}
	}()
	return l.attempt(ctx, t)
}

// attempt sends one event, if the key may see it.
func (l *line) attempt(ctx context.Context, t *task) result {
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	case <-ctx.Done():
		return result{task: t, err: ctx.Err()}
	}
	if l.left() { // what waited for a connection is sent as the endpoint is now
		return result{task: t, err: errLeft}
	}
	r, payload, err := l.prepare(ctx, t)
	if err != nil || payload == nil {
		return result{task: t, skip: err == nil, err: err}
	}
	at := time.Now()
	body, err := bodyOf(*payload, l.w, t.Sequence, t.Previous)
	if err != nil {
		return result{task: t, err: err}
	}
	req := request{payload: *payload, body: body, sequence: t.Sequence, replay: t.Replay}
	if r == nil {
		req.replay = "" // a test replays nothing
	}
	o := post(ctx, l.by, l.w.URL, req.header(signing(l.signers, at), at), body)
	if ctx.Err() != nil {
		return result{task: t, err: ctx.Err()}
	}
	o.Probe, o.Jitter = t.probe, l.Jitter()
	return result{task: t, outcome: o}
}

// prepare makes the payload, by what is so now; nil when the key may not see the record.
func (l *line) prepare(ctx context.Context, t *task) (*eventlog.Record, *Payload, error) {
	a, err := l.Access(ctx, webhooks.Principal(l.w))
	if err != nil {
		return nil, nil, errChanged
	}
	if l.replay != nil && l.replay.Test {
		p := l.RenderTest(l.w, *l.replay)
		return nil, &p, nil
	}
	r := t.record
	if r == nil {
		found, err := l.Records.Read(ctx, l.w.Workspace, eventlog.Sequence(t.Sequence-1), 1)
		if err != nil || len(found) == 0 {
			return nil, nil, err
		}
		r = &found[0]
	}
	present, err := l.present(ctx, a, []eventlog.Record{*r})
	if err != nil || r.Gone || !webhooks.Sees(a, *r, present) {
		return r, nil, err
	}
	p, err := l.Render(ctx, l.w, *r)
	if code := inbox.CodeOf(err); code == inbox.PermissionDenied || code == inbox.NotFound {
		return r, nil, nil
	}
	return r, p, err
}

// take notes results: that which came, and what has come meanwhile. What was not sent takes
// nothing from what was, and is no error where the line is left.
func (l *line) take(ctx context.Context, first result) error {
	all, failed := cameOf(l.gather(ctx, first))
	if len(all) == 0 {
		return failed
	}
	p, _ := l.ledger.look()
	health, gone := p.Health, false
	for _, r := range all {
		if r.skip {
			r.Delivery = r.Delivery.Skip()
		} else {
			r.Delivery = l.tried(r)
			health = health.After(r.outcome)
			l.Observe(r.outcome, l.replay != nil)
			gone = gone || r.outcome.Gone()
		}
		l.drop(r.task)
		l.dirty = append(l.dirty, r.Delivery)
		if r.State.Settled() {
			l.window.Settle(r.Sequence, r.State != webhooks.Skipped)
		}
	}
	began := time.Now()
	if err := l.store(ctx, func(stored *webhooks.Progress) { stored.Health = health }); err != nil {
		return err
	}
	l.rests = time.Now().Add(restPart * time.Since(began))
	l.release(all)
	return cmp.Or(l.verdict(ctx, health, gone), failed)
}

// cameOf are the results of attempts that were made or need not be, and why others were not;
// nil for those that wait for the endpoint as it is now.
func cameOf(all []result) (came []result, failed error) {
	for _, r := range all {
		switch {
		case r.err == nil:
			came = append(came, r)
		case failed == nil && !errors.Is(r.err, errLeft):
			failed = r.err
		}
	}
	return came, failed
}

// drop forgets what was read for an attempt: the next may be hours away.
func (l *line) drop(t *task) {
	if t.record != nil {
		l.kept--
	}
	t.record, t.probe = nil, false
}

// tried is a delivery after an attempt. A test is tried once: who ordered it looks at what
// comes of it, and an endpoint that refuses tests would keep the replays behind it waiting.
func (l *line) tried(r result) webhooks.Delivery {
	d := r.Tried(r.outcome)
	if l.replay != nil && l.replay.Test && !d.State.Settled() {
		d.State, d.NextAt = webhooks.Parked, time.Time{}
	}
	return d
}

// restPart is how much longer than it stores a replay leaves the store to others. With a
// quarter of the store, as of the connections, the p99 of live deliveries beside a replay was
// 1.44 times that without; with a ninth of it 1.09.
const restPart = 8

// together is how long a replay waits for more results to store at once.
const together = 50 * time.Millisecond

// await waits for what a replay may store together, until it may store again.
func (l *line) await(ctx context.Context, all []result) []result {
	rest, more := time.NewTimer(time.Until(l.rests)), time.NewTimer(together)
	defer rest.Stop()
	defer more.Stop()
	for rested, enough := false, false; !rested || !enough && len(all) < l.onTheWay; {
		select {
		case r := <-l.results:
			all = append(all, r)
		case <-rest.C:
			rested = true
		case <-more.C:
			enough = true
		case <-ctx.Done():
			return all
		}
	}
	return all
}

// gather takes the results that are there.
func (l *line) gather(ctx context.Context, first result) []result {
	all := []result{first}
	if l.replay != nil {
		all = l.await(ctx, all)
	}
	for {
		select {
		case r := <-l.results:
			all = append(all, r)
			continue
		default:
		}
		l.onTheWay -= len(all)
		return all
	}
}

func (l *line) release(all []result) {
	for _, r := range all {
		if r.State.Settled() {
			l.lanes.settled(r.task)
		} else {
			l.lanes.again(r.task)
		}
	}
}

// verdict disables an endpoint that wants no more, or did nothing but fail for too long.
func (l *line) verdict(ctx context.Context, health webhooks.Health, gone bool) error {
	switch {
	case gone:
		l.Engine.end(ctx, *l.now.Load(), webhooks.EndGone)
	case health.Lost(time.Now(), l.w.StateAt):
		l.Engine.end(ctx, *l.now.Load(), webhooks.EndFailing)
	default:
		return nil
	}
	return errChanged
}
