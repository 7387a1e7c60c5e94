package authz_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox/workspace"
)

// Words that opened nothing are out of the vocabulary. What was stored with them, in
// files and in a workspace's own roles, can still be read and gives nothing. B:Z1, B:Z3
func TestRetiredWordsAreReadAndGiveNothing(t *testing.T) {
	files := tiny(t)
	files["features.csv"].Data = append(files["features.csv"].Data, "\nanalytics, low\n"...)
	files["policy.csv"].Data = append(files["policy.csv"].Data, "p, owner, *, export, ALL\n"...)
	loaded, err := authz.Load(files)
	require.NoError(t, err)
	export := workspace.Permission{Kind: workspace.Ticket, Action: "export", Scope: workspace.ScopeAll}
	policy := authz.New(loaded)
	require.Equal(t, workspace.ScopeNone, policy.Scope(query("high", "owner"), workspace.Ticket, "export"))
	require.Equal(t, workspace.ScopeNone, policy.Scope(query("high", "desk", role("desk", export, seesAll)), workspace.Ticket, "export"))
	require.Equal(t, workspace.ScopeAll, policy.Scope(query("high", "desk", role("desk", export, seesAll)), workspace.Livechat, workspace.PermView))

	files["policy.csv"].Data = append(files["policy.csv"].Data, "p, nobody, *, export, ALL\n"...)
	_, err = authz.Load(files)
	require.Error(t, err, "the rest of the line is still checked")
}

// A policy from before a feature may lack its line: it can be used, and no plan includes
// the feature.
func TestAPolicyMayLackWhatIsNew(t *testing.T) {
	files := tiny(t)
	lines := string(files["features.csv"].Data)
	files["features.csv"].Data = []byte(strings.ReplaceAll(lines, "routing.reclaim, high", ""))
	old, err := authz.Load(files)
	require.NoError(t, err)
	included, lowest := authz.New(old).Includes("high", workspace.FeatureReclaim)
	require.False(t, included)
	require.Empty(t, lowest)
	files["features.csv"].Data = []byte(lines)
	whole, err := authz.Load(files)
	require.NoError(t, err)
	included, _ = authz.New(whole).Includes("high", workspace.FeatureReclaim)
	require.True(t, included)
}
