package mongo

import (
	"context"

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
	docs, err := byIDs(ctx, s, s.shelves, ws, keys, all[document.SavedViewList])
	out := make(map[shelf.SavedViewListID]shelf.SavedViewList, len(docs))
	for _, d := range docs {
		out[d.Shelf] = d.List()
	}
	return out, fault("read saved views", err)
}

// SaveSavedViewLists replaces the shelves, all or none. The Rev of each must be one more than
// the stored one; ErrStale otherwise.
func (s *Store) SaveSavedViewLists(ctx context.Context, shelves ...shelf.SavedViewList) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	err := s.transact(ctx, transaction{
		do: func(tx context.Context) error {
			for _, shelf := range shelves {
				d := document.OfSavedViewList(shelf)
				if err := replace(tx, s.shelves, inWorkspace(d.Workspace, d.ID), d.Rev, d); err != nil {
					return err
				}
			}
			return nil
		},
		// The reason for the mismatch is unknown here: the caller reads and decides
		// again.
		done: func(context.Context) (bool, error) { return false, nil },
	})
	return fault("save saved views", err)
}

// DeleteSavedViewList removes a shelf with all its views.
func (s *Store) DeleteSavedViewList(ctx context.Context, ws workspace.WorkspaceID, id shelf.SavedViewListID) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	_, err := s.shelves.DeleteOne(ctx, inWorkspace(ws, document.SavedViewListID(ws, id)))
	return fault("remove saved views", err)
}
