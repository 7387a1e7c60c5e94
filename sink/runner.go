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
	places, foreign := map[workspace.WorkspaceID]place{}, map[workspace.WorkspaceID]bool{}
	for {
		ws, ok := r.next(ctx)
		if !ok {
			return nil
		}
		if foreign[ws] {
			continue
		}
		err := r.step(ctx, to, ws, places)
		switch {
		case errors.Is(err, ErrForeign):
			foreign[ws] = true
			r.refused(ws, err)
		case err != nil:
			return err
		}
	}
}

// place is where the broker stands in the log of a workspace: behind a record, the CloudEvent
// of which has an id; zero for nothing.
type place struct {
	at eventlog.Sequence
	id string
}

// step hands over one batch of a workspace, and puts it behind the others if there is more.
func (r *Runner) step(
	ctx context.Context, to Sink, ws workspace.WorkspaceID, places map[workspace.WorkspaceID]place,
) error {
	stands, known := places[ws]
	if !known {
		var err error
		if stands.at, stands.id, err = to.Position(ctx, ws); err != nil {
			return fmt.Errorf("ask the sink where it stands: %w", err)
		}
	}
	records, err := r.behind(ctx, ws, stands)
	if err != nil {
		return fmt.Errorf("read the log for the sink: %w", err)
	}
	if err := r.publish(ctx, to, records); err != nil {
		return fmt.Errorf("write to the sink: %w", err)
	}
	if n := len(records); n > 0 {
		newest, err := r.events.Of(records[n-1])
		if err != nil {
			return err
		}
		stands = place{records[n-1].Sequence, newest.ID}
		r.written.Add(uint64(n))
	}
	places[ws] = stands
	if len(records) == batch {
		r.add(ws)
	}
	return nil
}

// behind reads the next batch, together with the record at the place. It is ErrForeign if that is
// in another log, as from before a backup was restored, or of a workspace that was deleted and
// made again: the broker would lack what gets the numbers up to there.
func (r *Runner) behind(ctx context.Context, ws workspace.WorkspaceID, stands place) ([]eventlog.Record, error) {
	if stands.at == 0 {
		return r.records.Read(ctx, ws, 0, batch)
	}
	found, err := r.records.Read(ctx, ws, stands.at-1, batch+1)
	switch {
	case err != nil:
		return nil, err
	case len(found) > 0 && found[0].Sequence != stands.at: // retention removed it
		return found[:min(batch, len(found))], nil
	case len(found) > 0 && found[0].Gone:
		return found[1:], nil
	case len(found) > 0:
		if same, err := r.events.Of(found[0]); err != nil || same.ID == stands.id {
			return found[1:], err
		}
	}
	return nil, fmt.Errorf("%w: its record %d of workspace %s is not that of this log, as if a backup was restored, "+
		"or the workspace deleted and made again; name another stream", ErrForeign, stands.at, ws)
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
