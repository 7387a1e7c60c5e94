package sqlite

import (
	"context"
	"database/sql"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// CommitEach writes changes as Commit does, in one transaction if each of them can be
// written, as a commit waits for the disk whatever its size; else each by itself. It
// returns the error of each.
func (s *Store) CommitEach(ctx context.Context, changes []commit.Change) []error {
	written := make([]inbox.Event, len(changes))
	err := s.update(ctx, func(tx *sql.Tx) (err error) {
		for i, c := range changes {
			if written[i], err = s.writeChange(tx, c); err != nil {
				return err
			}
		}
		return nil
	})
	errs := make([]error, len(changes))
	for i, c := range changes {
		if err == nil {
			document.Complete(c.Event, written[i])
			continue
		}
		errs[i] = s.Commit(ctx, c)
	}
	return errs
}
