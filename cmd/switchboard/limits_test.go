package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/auth"
	"switchboard/graph"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
)

func apiSchema() *ast.Schema { return graph.NewExecutableSchema(graph.Config{}).Schema() }

// The same of what subscriptions keep.
func TestEveryRootThatKeepsSomethingExists(t *testing.T) {
	for name, bytes := range rootBytes() {
		require.NotNil(t, apiSchema().Subscription.Fields.ForName(name), name)
		require.Positive(t, bytes)
	}
}

func TestWhoMayReadTheSchema(t *testing.T) {
	for setting, want := range map[string]map[workspace.ActorKind]bool{
		"all":     {workspace.ActorMember: true, workspace.ActorAgent: true, workspace.ActorPartner: true, workspace.ActorContact: false},
		"members": {workspace.ActorMember: true, workspace.ActorAgent: false, workspace.ActorPartner: false, workspace.ActorContact: false},
		"off":     {workspace.ActorMember: false, workspace.ActorAgent: false, workspace.ActorPartner: false, workspace.ActorContact: false},
	} {
		s := schemaSettings{Introspection: setting}
		for kind, may := range want {
			ctx := auth.NewContext(t.Context(), inbox.Principal{Actor: workspace.Actor{Kind: kind, ID: "x"}})
			require.Equal(t, may, s.mayIntrospect(ctx), "%s, %s", setting, kind)
		}
		require.False(t, s.mayIntrospect(t.Context()), "nobody")
	}
}

func TestTrustedDocumentsOfAFile(t *testing.T) {
	s := schemaSettings{TrustedDocuments: "testdata/documents.json", TrustedDocumentsMode: "only"}
	documents, err := s.trusted(apiSchema(), nil, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	require.Equal(t, 1, documents.Len()-shippedDocuments(t))
	require.True(t, documents.Only)
	require.False(t, documents.Exempt(t.Context()))
	s.TrustedDocumentsMode = "off"
	documents, err = s.trusted(apiSchema(), nil, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	require.Nil(t, documents)
}

// A file that cannot be used ends the start, with the exit code of a setting and
// the name of what is wrong in it.
func TestTrustedDocumentsThatCannotBeUsed(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	for name, row := range map[string]struct{ text, says string }{
		"no JSON":           {`query { viewer }`, "JSON object of ids and documents"},
		"of another schema": {`{"a": "{ viewer { member { name } } }", "b": "{ nothing }"}`, `document "b"`},
	} {
		file := filepath.Join(t.TempDir(), "documents.json")
		require.NoError(t, os.WriteFile(file, []byte(row.text), 0o600))
		got := runTest(t, newDeps(), nil, "serve", "--memory", "--addr", "127.0.0.1:0", "--trusted-documents", file, "--trusted-documents-mode", "only")
		require.Equal(t, exitUsage, got.code, name)
		require.Contains(t, got.stderr, file)
		require.Contains(t, got.stderr, row.says)
	}
}
