package sink

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"switchboard/cloudevent"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
)

// batch is how many records are handed over before the next workspace has its turn.
const batch = 100

// Records is what of a log the runner reads.
type Records interface {
	// Read returns the records behind after, in their order.
	Read(ctx context.Context, ws workspace.WorkspaceID, after eventlog.Sequence, limit int) ([]eventlog.Record, error)
}

// Runner writes the logs to a sink. The holder of the lease runs it; should two run for a
// moment, the broker drops what it gets twice.
type Runner struct {
	open    func(context.Context) (Sink, error)
	records Records
	// workspaces lists all of them.
	workspaces func(context.Context) ([]workspace.WorkspaceID, error)
	events     cloudevent.Maker
	// refused hears of each workspace that nothing is written of, and why.
	refused func(ws workspace.WorkspaceID, why error)
	written atomic.Uint64

	mu    sync.Mutex
	grown []workspace.WorkspaceID // each once
	wake  chan struct{}
}

// NewRunner returns one that stands still, and is not connected. Only while it runs it has
// a connection, which open makes. Refused is told of each workspace whose place in the broker
// is ErrForeign, once a run: nothing of it is written, and the others go on.
func NewRunner(
	open func(context.Context) (Sink, error), records Records, events cloudevent.Maker,
	workspaces func(context.Context) ([]workspace.WorkspaceID, error), refused func(workspace.WorkspaceID, error),
) *Runner {
	return &Runner{
		open: open, records: records, events: events, workspaces: workspaces, refused: refused, wake: make(chan struct{}, 1),
	}
}

// Written is how many records this server handed over.
func (r *Runner) Written() uint64 { return r.written.Load() }

// Numbered hears that the log of a workspace has grown.
func (r *Runner) Numbered(newest eventlog.Entry) { r.add(newest.Workspace) }

// Run hands over what the broker lacks, and then what comes, until ctx ends or something
// fails. It may be called again, and begins where the broker stands.
func (r *Runner) Run(ctx context.Context) error {
	all, err := r.workspaces(ctx)
	if err != nil {
		return fmt.Errorf("list the workspaces for the sink: %w", err)
	}
	to, err := r.open(ctx)
	if err != nil {
		return err
	}
	defer to.Close()
	r.add(all...)
	positions, foreign := map[workspace.WorkspaceID]eventlog.Sequence{}, map[workspace.WorkspaceID]bool{}
	for {
		ws, ok := r.next(ctx)
		if !ok {
			return nil
		}
		if foreign[ws] {
			continue
		}
		err := r.step(ctx, to, ws, positions)
		switch {
		case errors.Is(err, ErrForeign):
			foreign[ws] = true
			r.refused(ws, err)
		case err != nil:
			return err
		}
	}
}

// step hands over one batch of a workspace, and puts it behind the others if there is more.
func (r *Runner) step(
	ctx context.Context, to Sink, ws workspace.WorkspaceID, positions map[workspace.WorkspaceID]eventlog.Sequence,
) error {
	at, known := positions[ws]
	if !known {
		var err error
		if at, err = r.position(ctx, to, ws); err != nil {
			return fmt.Errorf("ask the sink where it stands: %w", err)
		}
	}
	records, err := r.records.Read(ctx, ws, at, batch)
	if err != nil {
		return fmt.Errorf("read the log for the sink: %w", err)
	}
	if err := r.publish(ctx, to, records); err != nil {
		return fmt.Errorf("write to the sink: %w", err)
	}
	if n := len(records); n > 0 {
		at = records[n-1].Sequence
		r.written.Add(uint64(n))
	}
	positions[ws] = at
	if len(records) == batch {
		r.add(ws)
	}
	return nil
}

// position is where the broker stands. It is an error if that is in another log, as from
// before a backup was restored: the broker would lack what gets the numbers up to there.
func (r *Runner) position(ctx context.Context, to Sink, ws workspace.WorkspaceID) (eventlog.Sequence, error) {
	at, id, err := to.Position(ctx, ws)
	if err != nil || at == 0 {
		return at, err
	}
	found, err := r.records.Read(ctx, ws, at-1, 1)
	if err != nil {
		return 0, err
	}
	if len(found) > 0 && (found[0].Sequence != at || found[0].Gone) { // retention removed it
		return at, nil
	}
	if len(found) > 0 {
		same, err := r.events.Of(found[0])
		if err != nil || same.ID == id {
			return at, err
		}
	}
	return 0, fmt.Errorf("%w: its record %d of workspace %s is not that of this log, as if a backup was restored; "+
		"name another stream", ErrForeign, at, ws)
}

func (r *Runner) publish(ctx context.Context, to Sink, records []eventlog.Record) error {
	messages := make([]Message, 0, len(records))
	for _, record := range records {
		body, err := encode(r.events, record)
		if err != nil {
			return err
		}
		messages = append(messages, Message{
			Workspace: record.Workspace, Conversation: record.Conversation, Sequence: record.Sequence, Body: body,
		})
	}
	if len(messages) == 0 {
		return nil
	}
	return to.Publish(ctx, messages)
}
