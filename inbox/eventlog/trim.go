package eventlog

import (
	"context"
	"errors"

	"switchboard/inbox/workspace"
)

// trimBatch is how many records are looked at at once.
const trimBatch = 200

// Trim removes the beginning of each log whose content retention has removed, so that
// Bounds.Oldest says where the log begins. A record that is gone behind one that is not
// stays, and so does the last, whose number the next continues. It may end at any point,
// and run on several servers.
func (s *Service) Trim(ctx context.Context) error {
	all, err := s.store.Workspaces(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, w := range all {
		failed = errors.Join(failed, s.trim(ctx, w.ID))
	}
	return failed
}

func (s *Service) trim(ctx context.Context, ws workspace.WorkspaceID) error {
	for ctx.Err() == nil {
		b, err := s.Bounds(ctx, ws)
		if err != nil || b.Newest == 0 {
			return err
		}
		first, err := s.Read(ctx, ws, b.Oldest-1, trimBatch)
		if err != nil {
			return err
		}
		gone := 0
		for gone < len(first) && first[gone].Gone && first[gone].Sequence < b.Newest {
			gone++
		}
		if gone == 0 {
			return nil
		}
		if err := s.store.TrimLog(ctx, ws, first[gone-1].Sequence+1); err != nil || gone < len(first) {
			return err
		}
	}
	return ctx.Err()
}
