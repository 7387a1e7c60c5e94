package commit

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// EditDirectory makes a change of the newest directory that edit sees, and
// again when another change was faster. An empty change writes nothing; but where the
// edit is about a member, it must be empty for the member as stored now: this server may
// not have heard yet what another has just changed.
func (s *Base) EditDirectory(
	ctx context.Context, p inbox.Principal, about workspace.MemberID, edit func(access.Access) (workspace.DirectoryChange, error),
) error {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return err
	}
	for range MaxAttempts {
		change, err := edit(a)
		if err == nil && change == (workspace.DirectoryChange{}) && about != "" {
			if a, err = s.callers.AccessBeside(ctx, p, about); err == nil {
				change, err = edit(a)
			} else if inbox.IsNotFound(err) { // nobody to edit
				return nil
			}
		}
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
