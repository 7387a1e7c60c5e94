package mongo

import (
	"context"

	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// forgetLog removes the log of a workspace but for the number of its last entry, which the
// next one continues.
func forgetLog(ctx context.Context, s *Store, ws workspace.WorkspaceID) error {
	ends, err := s.LogEnds(ctx, ws)
	if err != nil || len(ends) == 0 {
		return err
	}
	last := ends[len(ends)-1]
	if err := s.TrimLog(ctx, ws, last.Sequence); err != nil || last.ID == last.Forgotten().ID {
		return err
	}
	return fault("forget the log", s.transact(ctx, transaction{
		do: func(tx context.Context) error { return forgetEntry(tx, s, last) },
		done: func(ctx context.Context) (bool, error) {
			there, err := s.LogSequences(ctx, ws, []string{last.Forgotten().ID})
			return len(there) > 0, err
		},
	}))
}

func forgetEntry(tx context.Context, s *Store, n eventlog.Entry) error {
	if _, err := s.entries.DeleteOne(tx, inWorkspace(n.Workspace, n.ID)); err != nil {
		return err
	}
	_, err := s.entries.InsertOne(tx, document.OfLogEntry(n.Forgotten()))
	return err
}
