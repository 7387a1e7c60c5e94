package eventlog

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Service reads the log, and finds places in it.
type Service struct {
	store Store
	now   func() time.Time
}

var _ Records = (*Service)(nil)

// New returns a service that reads from s.
func New(s Store, now func() time.Time) *Service { return &Service{store: s, now: now} }

// Read returns the records that follow after, at most limit.
func (s *Service) Read(ctx context.Context, ws workspace.WorkspaceID, after Sequence, limit int) ([]Record, error) {
	return s.read(ctx, ws, after, false, limit)
}

// ReadBack returns the records that precede before, at most limit, in the order of the log.
func (s *Service) ReadBack(
	ctx context.Context, ws workspace.WorkspaceID, before Sequence, limit int,
) ([]Record, error) {
	return s.read(ctx, ws, before, true, limit)
}

func (s *Service) read(
	ctx context.Context, ws workspace.WorkspaceID, from Sequence, backward bool, limit int,
) ([]Record, error) {
	entries, err := s.store.LogEntries(ctx, ws, from, backward, limit)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	events, err := s.store.Events(ctx, ws, eventsOf(entries))
	if err != nil {
		return nil, err
	}
	out := make([]Record, 0, len(entries))
	for _, n := range entries {
		e, found := events[n.Event]
		out = append(out, n.with(e, found))
	}
	return out, nil
}

// eventsOf returns the events of entries, each once: those of one event follow one another.
func eventsOf(entries []Entry) []inbox.EventID {
	var out []inbox.EventID
	for _, n := range entries {
		if len(out) == 0 || out[len(out)-1] != n.Event {
			out = append(out, n.Event)
		}
	}
	return out
}

// Bounds returns which sequences can be read.
func (s *Service) Bounds(ctx context.Context, ws workspace.WorkspaceID) (Bounds, error) {
	ends, err := s.store.LogEnds(ctx, ws)
	if err != nil || len(ends) == 0 {
		return Bounds{}, err
	}
	return Bounds{Oldest: ends[0].Sequence, Newest: ends[len(ends)-1].Sequence}, nil
}

// Sequences returns the numbers of events and messages by their ids.
func (s *Service) Sequences(ctx context.Context, ws workspace.WorkspaceID, ids []string) (map[string]Sequence, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.store.LogSequences(ctx, ws, ids)
}
