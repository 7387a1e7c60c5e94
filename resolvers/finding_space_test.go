package resolvers_test

import (
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
