package sqlite

import (
	"context"
	"database/sql"

	"switchboard/inbox/commit"
)

// CommitAll writes changes as Commit does, all in one transaction or none. It is for
// whoever fills a store: a commit waits for the disk, whatever its size.
func (s *Store) CommitAll(ctx context.Context, changes []commit.Change) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		for _, c := range changes {
			if _, err := s.writeChange(tx, c); err != nil {
				return err
			}
		}
		return nil
	})
	return fault("commit", err)
}
