package guard_test

import (
	"testing"

	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/stretchr/testify/require"

	"switchboard/transport/guard"
)

// FuzzDocument measures any document: what passes is as small as it is said to
// be, fragments expanded.
func FuzzDocument(f *testing.F) {
	f.Add(`{node{...F ...F}} fragment F on Node{...G ...G} fragment G on Node{name name}`)
	f.Add(`{node{...F}} fragment F on Node{name ...G} fragment G on Node{name}`)
	f.Add(introspection.Query)
	f.Fuzz(func(t *testing.T, query string) {
		passes, fields := guard.Measured(query, 3000)
		if passes {
			require.LessOrEqual(t, fields, 2000)
		}
	})
}
