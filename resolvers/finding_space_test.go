package resolvers_test

import (
	"context"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/resolvers"
)

// keep saves a view of who.
func (w *space) keep(who, name string, sharing inbox.Sharing, team inbox.TeamID, filter inbox.View) inbox.ShelvedView {
	w.t.Helper()
	made, err := w.service.CreateSavedView(w.t.Context(), w.principal(who), inbox.ViewDraft{Name: &name, Sharing: &sharing, Team: team, Filter: &filter})
	require.NoError(w.t, err)
	return made
}

// savedView is the global id of a view that is shared with the workspace.
func (w *space) savedView() string {
	w.t.Helper()
	all, err := w.service.SavedViews(w.t.Context(), w.principal("owner"))
	require.NoError(w.t, err)
	for _, v := range all {
		if sharing, _ := v.Shelf.Sharing(); sharing == inbox.SharedWithWorkspace {
			return resolvers.GlobalID("SavedView", v.ID)
		}
	}
	made := w.keep("owner", "All that is closed", inbox.SharedWithWorkspace, "", inbox.View{List: inbox.ListAll, Statuses: []inbox.Status{inbox.Closed}})
	return resolvers.GlobalID("SavedView", made.ID)
}

func (w *watchedStore) Stars(ctx context.Context, ws inbox.WorkspaceID, m inbox.MemberID) (inbox.Stars, error) {
	if err := w.called("Stars"); err != nil {
		return inbox.Stars{}, err
	}
	return w.Store.Stars(ctx, ws, m)
}

func (w *watchedStore) Shelves(ctx context.Context, ws inbox.WorkspaceID, ids []inbox.ShelfID) (map[inbox.ShelfID]inbox.Shelf, error) {
	if err := w.called("Shelves"); err != nil {
		return nil, err
	}
	return w.Store.Shelves(ctx, ws, ids)
}
