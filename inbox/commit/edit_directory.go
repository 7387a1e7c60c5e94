package commit

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// EditDirectory makes a change of the newest directory that edit sees, and
// again when another change was faster. An empty change writes nothing.
func (s *Base) EditDirectory(ctx context.Context, p inbox.Principal, edit func(access.Access) (workspace.DirectoryChange, error)) error {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return err
	}
	for range MaxAttempts {
		change, err := edit(a)
		if err != nil || change == (workspace.DirectoryChange{}) {
			return err
		}
		err = s.saveDirectory(ctx, p, change)
		if !errors.Is(err, ErrStale) {
			return err
		}
		if a, err = s.callers.Fresh(ctx, p); err != nil {
			return err
		}
	}
	return &inbox.Error{Code: inbox.Unavailable, Message: "Too many changes at once. Try again."}
}

func (s *Base) saveDirectory(ctx context.Context, p inbox.Principal, change workspace.DirectoryChange) error {
	e := inbox.Event{
		ID: inbox.EventID(s.NewID()), Workspace: p.Workspace, Type: inbox.DirectoryEvent, Actor: p.Actor, At: s.Clock(), Directory: &change,
	}
	err := s.store.SaveDirectory(ctx, e)
	if err == nil {
		s.callers.Applied(p.Workspace, change)
		s.Committed(e)
	}
	return err
}
