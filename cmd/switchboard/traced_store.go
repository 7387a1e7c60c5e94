package main

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/store"
)

// tracedStore writes the trace into the events that many subscribers receive: changes of
// conversations and of the directory.
type tracedStore struct {
	store.Engine
	tracing *tracing
}

// stamped is the store itself without tracing.
func (t *tracing) stamped(s store.Engine) store.Engine {
	if t == nil {
		return s
	}
	return tracedStore{s, t}
}

// Commit writes the change with the trace.
func (s tracedStore) Commit(ctx context.Context, c commit.Change) error {
	c.Event.Trace = s.tracing.parent(ctx)
	return s.Engine.Commit(ctx, c)
}

// SaveDirectory writes the event with the trace.
func (s tracedStore) SaveDirectory(ctx context.Context, e inbox.Event) error {
	e.Trace = s.tracing.parent(ctx)
	return s.Engine.SaveDirectory(ctx, e)
}

// Administer writes the events with the trace.
func (s tracedStore) Administer(ctx context.Context, save commit.DirectorySave) error {
	parent, events := s.tracing.parent(ctx), make([]inbox.Event, len(save.Events))
	for i, e := range save.Events {
		e.Trace = parent
		events[i] = e
	}
	save.Events = events
	return s.Engine.Administer(ctx, save)
}
