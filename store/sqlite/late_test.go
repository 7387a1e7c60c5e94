package sqlite_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/store/sqlite"
)

// Wherever its time ends, a read ends whole or is UNAVAILABLE, which is tried again.
func TestAReadWhoseTimeEnds(t *testing.T) {
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	require.NoError(t, s.Migrate(t.Context()))
	all := many(t, s)
	scopes := map[workspace.Kind]workspace.Scope{}
	for _, kind := range workspace.Kinds() {
		scopes[kind] = workspace.ScopeAll
	}
	view := access.ConversationQuery{Workspace: "w", Visibility: access.VisibilityFilter{Scopes: scopes}, View: access.View{List: access.ListAll}}
	began := time.Now()
	_, err = s.OwnershipSnapshots(t.Context(), view, len(all))
	require.NoError(t, err)
	whole, read, late := time.Since(began), 0, 0
	for n := range 400 {
		ctx, cancel := context.WithTimeout(t.Context(), whole*time.Duration(n)/300)
		found, err := s.OwnershipSnapshots(ctx, view, len(all))
		cancel()
		if err == nil {
			require.Len(t, found, len(all))
			read++
			continue
		}
		require.Equal(t, inbox.Unavailable, inbox.CodeOf(err), "%v", err)
		late++
	}
	t.Log(read, "whole,", late, "late")
}
