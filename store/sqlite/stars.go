package sqlite

import (
	"context"
	"database/sql"

	"switchboard/inbox"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// Stars reads the stars of a member; Rev is 0 when there never were any.
func (s *Store) Stars(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) (stars shelf.Stars, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		d, ok, err := get[document.Stars](tx, starDocs, document.LoadID(ws, m))
		if stars = d.Stars(); !ok {
			stars = shelf.Stars{Workspace: ws, Member: m}
		}
		return err
	})
	return stars, fault("read stars", err)
}

// SaveStars replaces the stars, whose Rev must be one more than the stored one, and
// records e with them. ErrStale otherwise.
func (s *Store) SaveStars(ctx context.Context, stars shelf.Stars, e inbox.Event) error {
	d := document.OfStars(stars)
	err := s.update(ctx, func(tx *sql.Tx) error {
		if err := replace(tx, starDocs, stored{d.ID, string(d.Workspace), d.Rev, d}); err != nil {
			return err
		}
		return record(tx, e)
	})
	return fault("save stars", err)
}

// DropStars removes all stars of a member.
func (s *Store) DropStars(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) error {
	err := s.update(ctx, func(tx *sql.Tx) error { return remove(tx, starDocs, document.LoadID(ws, m)) })
	return fault("remove stars", err)
}
