package schema_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"switchboard/graph/schema"
)

// What `switchboard schema` prints is one document: each type once, with no extensions,
// and every directive that is used is declared, but those that every tool knows.
func TestTheSchemaIsOneDocument(t *testing.T) {
	sdl, err := schema.SDL()
	require.NoError(t, err)
	document, err := parser.ParseSchema(&ast.Source{Name: "schema", Input: sdl})
	require.NoError(t, err)
	require.Empty(t, document.Extensions)
	seen := map[string]bool{"deprecated": true}
	for _, d := range document.Directives {
		seen[d.Name] = true
	}
	for _, use := range regexp.MustCompile(`(?m)^[^"#]*[\s)\]!]@(\w+)`).FindAllStringSubmatch(outsideOfDescriptions(sdl), -1) {
		require.True(t, seen[use[1]], "@%s is not declared", use[1])
	}
	for _, d := range document.Definitions {
		require.False(t, seen["type "+d.Name], "%s is defined twice", d.Name)
		seen["type "+d.Name] = true
	}
	require.Equal(t, 1, strings.Count(sdl, "\ntype Query {"))
	require.Subset(t, slices.Collect(maps.Keys(seen)), []string{"oneOf", "specifiedBy", "type Query", "type Mutation", "type Subscription"})
	require.NotContains(t, sdl, "@defer", "the server does not take it")
}

func outsideOfDescriptions(sdl string) string {
	return regexp.MustCompile(`(?s)""".*?"""`).ReplaceAllString(sdl, "")
}

// graphql-js and Relay's compiler take the printed schema as it is.
func TestClientToolsTakeTheSchema(t *testing.T) {
	_, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat("check/node_modules/relay-compiler")
	}
	if err != nil && os.Getenv("SWITCHBOARD_TEST_REQUIRE_NODE") == "" {
		t.Skip("not tested with the tools of clients: run npm ci in graph/schema/check first")
	}
	require.NoError(t, err, "Node 20 is required: run npm ci in graph/schema/check first")
	sdl, err := schema.SDL()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "schema.graphql")
	require.NoError(t, os.WriteFile(file, []byte(sdl), 0o600))
	out, err := exec.CommandContext(t.Context(), "node", "check/tools.js", file).CombinedOutput()
	require.NoError(t, err, string(out))
}
