package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/graph/schema"
	"switchboard/resolvers"
)

// Introspection, which clients build on, shows the schema that is printed: nothing that
// a library adds and the server refuses, such as @defer.
func TestIntrospectionShowsWhatIsPrinted(t *testing.T) {
	sdl, err := schema.SDL()
	require.NoError(t, err)
	printed := map[string]bool{"include": true, "skip": true, "deprecated": true}
	parsed, err := gqlparser.LoadSchema(&ast.Source{Input: sdl})
	require.NoError(t, err)
	for name, d := range parsed.Directives {
		printed[name] = printed[name] || !d.Position.Src.BuiltIn
	}
	served := resolvers.NewExecutableSchema(nil).Schema()
	for name := range served.Directives {
		require.True(t, printed[name], "@%s", name)
	}
	require.Len(t, served.Types, len(parsed.Types))
}
