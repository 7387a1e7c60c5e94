package resolvers_test

import (
	"context"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// keep saves a view of who.
func (w *space) keep(who, name string, sharing shelf.Sharing, team workspace.TeamID, filter access.View) shelf.ListedView {
	w.t.Helper()
	made, err := w.service.Shelf.CreateSavedView(w.t.Context(), w.principal(who), shelf.ViewDraft{Name: &name, Sharing: &sharing, Team: team, Filter: &filter})
	require.NoError(w.t, err)
	return made
}

// savedView is the global id of a view that is shared with the workspace.
func (w *space) savedView() string {
	w.t.Helper()
	all, err := w.service.Shelf.SavedViews(w.t.Context(), w.principal("owner"))
	require.NoError(w.t, err)
	for _, v := range all {
		if sharing, _ := v.List.Sharing(); sharing == shelf.SharedWithWorkspace {
			return resolvers.GlobalID("SavedView", v.ID)
		}
	}
	made := w.keep("owner", "All that is closed", shelf.SharedWithWorkspace, "", access.View{List: access.ListAll, Statuses: []inbox.Status{inbox.Closed}})
	return resolvers.GlobalID("SavedView", made.ID)
}

func (w *watchedStore) Stars(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) (shelf.Stars, error) {
	if err := w.called("Stars"); err != nil {
		return shelf.Stars{}, err
	}
	return w.Engine.Stars(ctx, ws, m)
}

func (w *watchedStore) SavedViewLists(ctx context.Context, ws workspace.WorkspaceID, ids []shelf.SavedViewListID) (map[shelf.SavedViewListID]shelf.SavedViewList, error) {
	if err := w.called("SavedViewLists"); err != nil {
		return nil, err
	}
	return w.Engine.SavedViewLists(ctx, ws, ids)
}
