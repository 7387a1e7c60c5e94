package dispatch

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// Dispatcher hands out queues.
type Dispatcher interface {
	// QueuesOf lists the queues of a workspace, none when nothing waits in it.
	QueuesOf(ctx context.Context, ws workspace.WorkspaceID) ([]inbox.Queue, error)
	// Drain assigns the due conversations of q until none is left, or no member may
	// be given more.
	Drain(ctx context.Context, ws workspace.WorkspaceID, q inbox.Queue) (desk.DrainResult, error)
}

var _ Dispatcher = (*desk.Queues)(nil)

// ListWorkspaces lists every workspace.
type ListWorkspaces func(ctx context.Context) ([]workspace.Workspace, error)

// Drainer assigns waiting conversations as soon as a member has capacity: on this
// server after every commit of its own, and, while it holds the lease, after every
// commit of any server and of those that died. B:Q8.
//
// It follows the events to remember which queues may hold something, so that it
// makes no queries for empty queues.
type Drainer struct {
	workspaces ListWorkspaces
	log        *slog.Logger
	queues     *queues
	work       *work
	leading    atomic.Bool
	// walk asks the sweep to look at every workspace.
	walk chan struct{}
}

var (
	_ commit.Observer = (*Drainer)(nil)
	_ desk.QueueState = (*Drainer)(nil)
)

// SweepInterval is how often queues are checked without any event.
const SweepInterval = time.Second

// headStart is how long the server with the lease leaves a queue to the server
// whose commit moved it, so that the two do not compete for conversations.
const headStart = 250 * time.Millisecond

// How long a server leaves a workspace alone, and up to twice as long, after it
// competed with another at one of its queues. Its own commits meanwhile are checked
// afterwards, but usually the server with the lease has done that: it receives all
// events, and returns soon. Several servers at one queue would only compete with
// each other.
const (
	stepBack     = 500 * time.Millisecond
	leadStepBack = 25 * time.Millisecond
)

// drainWorkers is how many workspaces are drained at once by a server.
const drainWorkers = 4

// NewDrainer makes a Drainer that stands still.
func NewDrainer(workspaces ListWorkspaces, log *slog.Logger) *Drainer {
	return &Drainer{workspaces: workspaces, log: log, queues: newQueues(), work: newWork(), walk: make(chan struct{}, 1)}
}

// Run drains until ctx ends. When it returns, nothing is being drained. Call it
// once.
func (d *Drainer) Run(ctx context.Context, from Dispatcher) {
	d.work.run(ctx, drainWorkers, func(ws workspace.WorkspaceID) (rest func()) {
		if !d.drain(ctx, from, ws) {
			return nil
		}
		return func() { d.stepBack(ctx); d.work.add(ws) }
	})
}

func (d *Drainer) stepBack(ctx context.Context) {
	least := stepBack
	if d.leading.Load() {
		least = leadStepBack
	}
	sleep(ctx, least+rand.N(least))
}

// drain dispatches the queues of ws in which something may wait. The next sweep
// tries again after a failure. elsewhere means that another server was dispatching
// one of them.
func (d *Drainer) drain(ctx context.Context, from Dispatcher, ws workspace.WorkspaceID) (elsewhere bool) {
	if mark, unknown := d.queues.unknown(ws); unknown {
		found, err := from.QueuesOf(ctx, ws)
		if d.failed(ctx, ws, err) {
			return false
		}
		d.queues.know(ws, found, mark)
	}
	for q, mark := range d.queues.of(ws) {
		drained, err := from.Drain(ctx, ws, q)
		if d.failed(ctx, ws, err) {
			return elsewhere
		}
		switch drained {
		case desk.DrainEmpty:
			d.queues.empty(ws, q, mark)
		case desk.DrainContended:
			elsewhere = true
		case desk.DrainBlocked:
		}
	}
	return elsewhere
}

func (d *Drainer) failed(ctx context.Context, ws workspace.WorkspaceID, err error) bool {
	if err != nil && ctx.Err() == nil && inbox.CodeOf(err) != inbox.NotFound {
		d.log.Warn("a queue could not be dispatched and will be tried again", slog.String("workspace", string(ws)), slog.Any("error", err))
	}
	return err != nil
}

// Committed receives the events that this server committed. A conversation that
// began to wait is no reason to dispatch: its verb has just found no free member.
func (d *Drainer) Committed(e inbox.Event) {
	d.queues.apply(e)
	if e.FreesCapacity() && d.queues.mayHold(e.Workspace) {
		d.work.add(e.Workspace)
	}
}

// Apply receives the events of all servers. The server with the lease checks the
// queues a little later, when it has received all events that two servers could not
// know of each other.
func (d *Drainer) Apply(e inbox.Event) {
	waits := d.queues.apply(e)
	if d.leading.Load() && (waits || e.FreesCapacity()) && d.queues.mayHold(e.Workspace) {
		d.queues.later(e.Workspace)
	}
}

// Waits reports whether this server knows of a conversation that waits in q.
func (d *Drainer) Waits(ws workspace.WorkspaceID, q inbox.Queue) bool { return d.queues.waits(ws, q) }

// FeedBack is called when the feed is open.
func (d *Drainer) FeedBack() {}

// FeedLost is called when the feed is lost: Sweep goes on by the interval.
func (d *Drainer) FeedLost() {}

// Forget is called when events were lost: every workspace is checked again.
func (d *Drainer) Forget() {
	d.queues.forget()
	select {
	case d.walk <- struct{}{}:
	default:
	}
}

// Sweep is the duty of the server with the lease. It checks every workspace once,
// to find conversations that a server left when it died, and from then on the
// queues that are not empty. It returns when ctx ends, or with the error that
// stopped it.
func (d *Drainer) Sweep(ctx context.Context) error {
	d.leading.Store(true)
	defer d.leading.Store(false)
	if err := d.lookAtAll(ctx); err != nil {
		return err
	}
	tick := time.NewTicker(SweepInterval)
	defer tick.Stop()
	soon := time.NewTicker(headStart)
	defer soon.Stop()
	for {
		select {
		case <-soon.C:
			d.work.add(d.queues.due()...)
		case <-tick.C:
			d.work.add(d.queues.waiting()...)
		case <-d.walk:
			if err := d.lookAtAll(ctx); err != nil {
				return err
			}
		case <-ctx.Done():
			return nil
		}
	}
}

func (d *Drainer) lookAtAll(ctx context.Context) error {
	all, err := d.workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range all {
		if d.queues.mayHold(w.ID) {
			d.work.addBehind(w.ID) // none of them is known to have a member with capacity
		}
	}
	return nil
}
