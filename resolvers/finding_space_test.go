package resolvers_test

import (
	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/resolvers"
)

// savedView is the global id of a view that is shared with the workspace.
func (w *space) savedView() string {
	w.t.Helper()
	all, err := w.service.SavedViews(w.t.Context(), w.principal("owner"))
	require.NoError(w.t, err)
	if len(all) == 0 {
		name, sharing := "All that is closed", inbox.SharedWithWorkspace
		made, err := w.service.CreateSavedView(w.t.Context(), w.principal("owner"), inbox.ViewDraft{
			Name: &name, Sharing: &sharing, Filter: &inbox.View{List: inbox.ListAll, Statuses: []inbox.Status{inbox.Closed}},
		})
		require.NoError(w.t, err)
		all = append(all, made)
	}
	return resolvers.GlobalID("SavedView", all[0].ID)
}
