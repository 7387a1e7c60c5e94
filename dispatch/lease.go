package dispatch

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
)

// lease is this server's side of a lease.
type lease struct {
	leases cluster.Leases
	name   string
	holder string
	// term is for how long others leave the lease alone after a beat.
	term time.Duration

	// seen is the lease as it stood last, and since when by this server's clock.
	seen  cluster.Lease
	since time.Time
	// until is when this server stops relying on its lease: a margin before the
	// term ends for watchers, counted from before the last beat was sent, so that
	// its work has ended by then.
	until time.Time
	down  bool
}

const (
	// margin is the part of the term that is left when the holder stops.
	margin = 6
	// looks is how often others look at a lease within its term: what is promised of a
	// holder that died depends on it.
	looks = 4
	// beats is how often the holder writes within the term, and retries how often it tries
	// while that fails.
	beats   = 3
	retries = 20
)

// acquire waits until this server holds the lease. False when ctx ended first.
func (l *lease) acquire(ctx context.Context, log *slog.Logger) bool {
	for ctx.Err() == nil {
		if l.try(ctx, log) {
			return true
		}
		sleep(ctx, l.term/looks)
	}
	return false
}

// try looks at the lease and takes it when it is free or stood still too long.
func (l *lease) try(ctx context.Context, log *slog.Logger) bool {
	now, err := l.leases.Lease(ctx, l.name)
	if l.failed(ctx, log, err) {
		return false
	}
	// The lease names this server if the response to an earlier write was lost.
	free := now.Holder == "" || now.Holder == l.holder
	if now != l.seen || l.since.IsZero() {
		l.seen, l.since = now, time.Now()
	}
	if !free && time.Since(l.since) < l.seen.For {
		return false
	}
	return l.renewOnce(ctx, log) == nil
}

// renewOnce writes that this server holds the lease.
func (l *lease) renewOnce(ctx context.Context, log *slog.Logger) error {
	began := time.Now()
	next := cluster.Lease{Name: l.name, Holder: l.holder, Renewals: l.seen.Renewals + 1, For: l.term}
	err := l.leases.SwapLease(ctx, l.seen, next)
	if err == nil {
		l.seen, l.since, l.until = next, began, began.Add(l.term-l.term/margin)
	}
	if !errors.Is(err, commit.ErrStale) {
		l.failed(ctx, log, err)
	}
	return err
}

// keep returns when the lease is lost or ctx ends.
func (l *lease) keep(ctx context.Context, log *slog.Logger) {
	for ctx.Err() == nil {
		pause := l.term / beats
		if l.down {
			pause = l.term / retries
		}
		sleep(ctx, min(pause, time.Until(l.until)))
		if ctx.Err() != nil || !time.Now().Before(l.until) {
			return
		}
		if l.renew(ctx, log) {
			return
		}
	}
}

// renew beats once more, in the time that is left. Lost says that another has
// the lease; an error that passes leaves the time that is left.
func (l *lease) renew(ctx context.Context, log *slog.Logger) (lost bool) {
	ctx, cancel := context.WithDeadline(ctx, l.until)
	defer cancel()
	err := l.renewOnce(ctx, log)
	if !errors.Is(err, commit.ErrStale) {
		return false
	}
	now, err := l.leases.Lease(ctx, l.name)
	if err == nil && now.Holder == l.holder { // a beat that was written, its answer lost
		l.seen = now
		return false
	}
	return err == nil
}

// releaseTime bounds the last write of a server that ends.
const releaseTime = time.Second

// release gives up the lease, also after ctx ended. A server that has lost it
// changes nothing.
func (l *lease) release(ctx context.Context, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	err := l.leases.SwapLease(ctx, l.seen, cluster.Lease{Name: l.name, Renewals: l.seen.Renewals + 1})
	if err != nil && !errors.Is(err, commit.ErrStale) {
		log.Debug("a lease was not released and will run out", slog.Any("error", err))
	}
	l.since = time.Time{}
}

// failed logs the first of several errors in a row.
func (l *lease) failed(ctx context.Context, log *slog.Logger, err error) bool {
	if err != nil && !l.down && ctx.Err() == nil {
		log.Warn("the lease of the duties cannot be written", slog.Any("error", err))
	}
	l.down = err != nil
	return err != nil
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
