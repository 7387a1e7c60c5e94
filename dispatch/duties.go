package dispatch

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"switchboard/inbox/cluster"
)

// Duty is something that one server does for all.
type Duty struct {
	// Name is for the log.
	Name string
	// Every is how long to wait after one run ended before the next begins. The
	// first run is as soon as the lease is held.
	Every time.Duration
	// Wake, when not nil, begins a run early. Give it a buffer of one and send
	// without waiting: on servers without the lease nobody receives.
	Wake <-chan struct{}
	// Alert, when not nil, says when there may be something to do. Without that the pause
	// is QuietPause.
	Alert *Alert
	// Do is one run. It must end soon after ctx does, and be harmless when another
	// server does the same at the same time. An error is logged, and the duty is
	// done again when its time comes.
	Do func(ctx context.Context) error
}

// Duties does every duty on this server while this server holds the lease.
type Duties struct {
	lease  *lease
	duties []Duty
	log    *slog.Logger
}

// leaseName is the one lease of all duties.
const leaseName = "duties"

// DefaultTerm is for how long a server that died keeps others waiting, together with the
// quarter of it after which the others look again: 8 seconds are promised. B:R1
const DefaultTerm = 6 * time.Second

// New makes Duties that stand still. Holder names this server among those of
// the installation, anew with each start of the process.
func New(leases cluster.Leases, holder string, log *slog.Logger, duties ...Duty) *Duties {
	return &Duties{
		lease:  &lease{leases: leases, name: leaseName, holder: holder, term: DefaultTerm},
		duties: duties, log: log,
	}
}

// Run does the duties whenever this server holds the lease, until ctx ends. When
// it returns, no duty is running and the lease is free. Call it once.
func (d *Duties) Run(ctx context.Context) {
	for ctx.Err() == nil && len(d.duties) > 0 {
		if !d.lease.acquire(ctx, d.log) {
			return
		}
		d.log.Info("this server does the duties of all now")
		d.term(ctx)
		d.log.Info("this server no longer does the duties of all")
	}
}

// term does the duties until the lease is lost or ctx ends.
func (d *Duties) term(ctx context.Context) {
	held, lost := context.WithCancel(ctx)
	var running sync.WaitGroup
	for _, duty := range d.duties {
		running.Go(func() { duty.repeat(held, d.log) })
	}
	d.lease.keep(ctx, d.log)
	lost()
	running.Wait()
	d.lease.release(ctx, d.log)
}

// repeat does the duty again and again until ctx ends.
func (d Duty) repeat(ctx context.Context, log *slog.Logger) {
	for ctx.Err() == nil {
		if err := d.Do(ctx); err != nil && ctx.Err() == nil {
			log.Warn("a duty was not done and will be tried again", slog.String("duty", d.Name), slog.Any("error", err))
		}
		timer := time.NewTimer(d.Alert.pause(d.Every))
		select {
		case <-timer.C:
		case <-d.Wake:
		case <-d.Alert.woken():
		case <-ctx.Done():
		}
		timer.Stop()
	}
}
