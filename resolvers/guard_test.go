package resolvers_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/resolvers"
)

// guardDecision is what testdata/guards says of the fields of a type. Closed is "*"
// for the roots: every other field of those is tried and must be refused.
type guardDecision struct {
	Open   []string `json:"open"`
	Closed []string `json:"closed"`
}

type guardDecisions map[string]guardDecision

func (d guardDecisions) open(typeName, field string) bool {
	return slices.Contains(d[typeName].Open, field)
}

// fieldsOf are the fields of a type but those of introspection.
func fieldsOf(d *ast.Definition) []string {
	var out []string
	for _, f := range d.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			out = append(out, f.Name)
		}
	}
	return out
}

// reached are the object types that somebody with these decisions gets to see.
func (d guardDecisions) reached(s *ast.Schema) []string {
	seen := map[string]bool{}
	var visit func(typeName string)
	visit = func(typeName string) {
		def := s.Types[typeName]
		for _, object := range s.GetPossibleTypes(def) {
			if object.Kind != ast.Object || seen[object.Name] {
				continue
			}
			seen[object.Name] = true
			for _, f := range object.Fields {
				if d.open(object.Name, f.Name) {
					visit(f.Type.Name())
				}
			}
		}
	}
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		visit(root.Name)
	}
	return slices.Sorted(maps.Keys(seen))
}

// Whether a field is open to contacts, or to API keys that read nothing, is
// decided for every field that they can get to, one by one. B:V8, B:Z2
func TestEveryFieldIsDecided(t *testing.T) {
	s, guard := loadSchema(t), resolvers.NewContactGuard(nil)
	for file, opens := range map[string]func(typeName, field string) bool{"guards/contact.json": guard.OpenToContacts, "guards/feeder.json": guard.OpenToFeeders} {
		t.Run(file, func(t *testing.T) {
			decided := readObject[guardDecisions](t, file)
			reached := decided.reached(s)
			for typeName, d := range decided {
				require.Contains(t, reached, typeName, "nothing that is open leads to it: take it out of testdata/%s", file)
				d.requireWhole(t, file, s.Types[typeName])
			}
			for _, def := range ownTypes(s) {
				for _, field := range fieldsOf(def) {
					require.Equal(t, decided.open(def.Name, field), opens(def.Name, field), "%s.%s: the guard and testdata/%s differ", def.Name, field, file)
				}
			}
		})
	}
}

// requireWhole demands that each field of the type is decided, once.
func (d guardDecision) requireWhole(t *testing.T, file string, def *ast.Definition) {
	t.Helper()
	decided := append(slices.Clone(d.Open), d.Closed...)
	if slices.Equal(d.Closed, []string{"*"}) {
		decided = append(fieldsOf(def), "*")
	}
	for _, field := range fieldsOf(def) {
		if !slices.Contains(decided, field) {
			t.Errorf("%s.%s is not decided: put it under open or closed in testdata/%s, and open it in the guard if it is", def.Name, field, file)
		}
		decided = slices.DeleteFunc(decided, func(name string) bool { return name == field })
	}
	if len(decided) > 0 && !slices.Equal(decided, []string{"*"}) {
		t.Errorf("%s has no fields %v, which testdata/%s decides on", def.Name, decided, file)
	}
}

// Every other root field is closed to a key that feeds conversations in,
// whatever it is asked, and nothing happens.
func TestFeedersReachNoOtherRootField(t *testing.T) {
	schema, decided := loadSchema(t), readObject[guardDecisions](t, "guards/feeder.json")
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c, _ := w.visit()
	before := (&stage{space: w}).traces()
	w.requireRootsClosed(t, schema, w.as("website"), resolvers.ConversationID(c.ID), decided)
	require.Equal(t, before, (&stage{space: w}).traces())
}

// requireRootsClosed asks for every root field that is not open.
func (w *space) requireRootsClosed(t *testing.T, schema *ast.Schema, c *client, id string, decided guardDecisions) {
	t.Helper()
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		for _, f := range root.Fields {
			if strings.HasPrefix(f.Name, "__") || decided.open(root.Name, f.Name) {
				continue
			}
			a := argument{root: root, field: f}
			given := vars{}
			for _, arg := range f.Arguments {
				if arg.Type.NonNull {
					given[arg.Name] = w.plausible(schema, arg.Type, id)
				}
			}
			got := a.ask(c, schema, given)
			require.Equal(t, "PERMISSION_DENIED", got.code(), "%s.%s: %s", root.Name, f.Name, got.text)
			require.True(t, root == schema.Query || len(got.Data) == 0, "%s.%s began", root.Name, f.Name)
			require.Nil(t, got.Data["payload"], "%s.%s answered", root.Name, f.Name)
		}
	}
}

// readObject reads a data file that is one object.
func readObject[T any](t *testing.T, name string) (out T) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &out))
	return out
}
