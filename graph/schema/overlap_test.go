package schema_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/graph/schema"
)

// aliased are fields that one document cannot select by the same name from two
// types of an interface or a union, with the reason why that stays: clients write
// an alias there. A new pair is mended instead.
func aliased() map[string]string {
	return map[string]string{
		"Actor.email":    "a member always has an address and a contact may have none",
		"Node.email":     "as Actor.email",
		"Node.sequence":  "a message had a number in its conversation before changes had one in the log; Message.logSequence is of the log",
		"Node.expiresAt": "an offer always has an end and a key may have none",
		"Node.filter":    "a saved view filters conversations, and an endpoint kinds of records",
		"Node.status":    "statuses of conversations and of offers are different enums, as kinds are",
		"Node.kind":      "kinds of conversations, of changes and of notifications are different enums",
	}
}

func load(t *testing.T) *ast.Schema {
	t.Helper()
	sdl, err := schema.SDL()
	require.NoError(t, err)
	return gqlparser.MustLoadSchema(&ast.Source{Name: "schema", Input: sdl})
}

// A document may select a field of the same name from any two types of an interface
// or a union only if both answer in the same shape. Each pair of types is asked in a
// document, as a client would. B:V8b
func TestFieldsOfTheSameNameCanBeSelectedTogether(t *testing.T) {
	s := load(t)
	reasons := aliased()
	for _, name := range slices.Sorted(maps.Keys(s.Types)) {
		d := s.Types[name]
		if d.Kind != ast.Interface && d.Kind != ast.Union || strings.HasPrefix(name, "__") {
			continue
		}
		for field, why := range conflicts(s, d) {
			_, known := reasons[name+"."+field]
			require.True(t, known, "%s.%s: %s", name, field, why)
			delete(reasons, name+"."+field)
		}
	}
	require.Empty(t, reasons, "these can be selected together: take them out of the list")
}

// conflicts are the fields that types of d have in different shapes.
func conflicts(s *ast.Schema, d *ast.Definition) map[string]string {
	out := map[string]string{}
	types := s.GetPossibleTypes(d)
	for i, a := range types {
		for _, b := range types[i+1:] {
			for _, f := range a.Fields {
				other := b.Fields.ForName(f.Name)
				if other != nil && !sameShape(s, f.Type, other.Type) {
					out[f.Name] = fmt.Sprintf("%s of %s is %s, that of %s is %s", f.Name, a.Name, f.Type, b.Name, other.Type)
				}
			}
		}
	}
	return out
}

// sameShape is SameResponseShape of the GraphQL specification, for fields whose selections
// are the same: lists and nullability must agree, and so must leaf types.
func sameShape(s *ast.Schema, a, b *ast.Type) bool {
	switch {
	case a.NonNull != b.NonNull, (a.Elem == nil) != (b.Elem == nil):
		return false
	case a.Elem != nil:
		return sameShape(s, a.Elem, b.Elem)
	}
	x, y := s.Types[a.NamedType], s.Types[b.NamedType]
	return x == y || !x.IsLeafType() && !y.IsLeafType()
}

// Whoever acts has a name, which one selection reads from all of them.
func TestEveryActorHasAName(t *testing.T) {
	s := load(t)
	actor := s.Types["Actor"]
	require.Equal(t, ast.Interface, actor.Kind)
	require.Equal(t, "String!", actor.Fields.ForName("name").Type.String())
	each := ""
	for _, d := range s.GetPossibleTypes(actor) {
		require.Equal(t, "String!", d.Fields.ForName("name").Type.String(), d.Name)
		each += " ... on " + d.Name + " { name }"
	}
	_, err := gqlparser.LoadQuery(s, "{ node(id: 1) { ... on AssignmentEvent { actor { name"+each+" } } ... on Message { author { name } } } }")
	require.Empty(t, err)
}
