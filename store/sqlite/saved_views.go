package sqlite

import (
	"context"
	"database/sql"

	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// SavedViewLists finds many at once; one that was never written is left out.
func (s *Store) SavedViewLists(ctx context.Context, ws workspace.WorkspaceID, ids []shelf.SavedViewListID) (map[shelf.SavedViewListID]shelf.SavedViewList, error) {
	keys := make([]string, 0, len(ids))
	for _, id := range ids {
		keys = append(keys, document.SavedViewListID(ws, id))
	}
	docs, err := several[document.SavedViewList](ctx, s, savedViewDocs, keys)
	out := make(map[shelf.SavedViewListID]shelf.SavedViewList, len(docs))
	for _, d := range docs {
		if d.Workspace == ws {
			out[d.Shelf] = d.List()
		}
	}
	return out, fault("read saved views", err)
}

// SaveSavedViewLists replaces the lists, all or none. The Rev of each must be one more
// than the stored one; ErrStale otherwise.
func (s *Store) SaveSavedViewLists(ctx context.Context, lists ...shelf.SavedViewList) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		for _, l := range lists {
			d := document.OfSavedViewList(l)
			if err := replace(tx, savedViewDocs, stored{d.ID, string(d.Workspace), d.Rev, d}); err != nil {
				return err
			}
		}
		return nil
	})
	return fault("save saved views", err)
}

// DeleteSavedViewList removes a list with all its views.
func (s *Store) DeleteSavedViewList(ctx context.Context, ws workspace.WorkspaceID, id shelf.SavedViewListID) error {
	err := s.update(ctx, func(tx *sql.Tx) error { return remove(tx, savedViewDocs, document.SavedViewListID(ws, id)) })
	return fault("remove saved views", err)
}
