package resolvers_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/graph/contract"
	"switchboard/resolvers"
)

// guardDecision is what the schema says of the fields of a type, and testdata/guards
// records. Closed is "*" for the roots: every other field of those is tried and must
// be refused.
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

// decisionsOf reads from the schema which fields a directive opens, for every type
// that somebody who is held to them can reach and that has any.
func decisionsOf(s *ast.Schema, directive string) guardDecisions {
	open := contract.Marked(s, directive)
	out := guardDecisions{}
	for _, def := range ownTypes(s) {
		d := guardDecision{Open: []string{}, Closed: []string{}}
		for _, field := range fieldsOf(def) {
			if open.Has(def.Name, field) {
				d.Open = append(d.Open, field)
			} else {
				d.Closed = append(d.Closed, field)
			}
		}
		if isRoot(s, def) {
			d.Closed = []string{"*"}
		}
		out[def.Name] = d
	}
	reached := out.reached(s)
	maps.DeleteFunc(out, func(typeName string, d guardDecision) bool {
		return !slices.Contains(reached, typeName) || len(d.Open) == 0 && !isRoot(s, s.Types[typeName])
	})
	return out
}

// record writes the decisions with one type a line, the roots first.
func (d guardDecisions) record(s *ast.Schema) string {
	names := slices.SortedFunc(maps.Keys(d), func(a, b string) int {
		return cmp.Or(-cmp.Compare(order(s, a), order(s, b)), strings.Compare(a, b))
	})
	lines := make([]string, 0, len(names))
	for _, name := range names {
		data, _ := json.Marshal(d[name])
		lines = append(lines, fmt.Sprintf("  %q: %s", name, data))
	}
	return "{\n" + strings.Join(lines, ",\n") + "\n}\n"
}

// order is above 0 for a root: queries, mutations, subscriptions.
func order(s *ast.Schema, typeName string) int {
	return 1 + slices.Index([]string{s.Subscription.Name, s.Mutation.Name, s.Query.Name}, typeName)
}

// update lets tests write the records that they compare with.
var update = flag.Bool("update", false, "write the records of testdata anew instead of comparing with them")

// What the schema opens to contacts, and to API keys that read nothing, is recorded
// field by field, so that whoever opens one sees it in a second place, and a review
// does. B:V8, B:Z2
func TestEveryFieldIsDecided(t *testing.T) {
	s := loadSchema(t)
	for file, directive := range map[string]string{"guards/contact.json": contract.ForContacts, "guards/feeder.json": contract.ForIntegrations} {
		t.Run(file, func(t *testing.T) {
			decided := decisionsOf(s, directive)
			for name := range contract.Marked(s, directive) {
				typeName, _, _ := strings.Cut(name, ".")
				require.Contains(t, decided, typeName, "@%s on %s: nothing that is open leads to it", directive, name)
			}
			if *update {
				require.NoError(t, os.WriteFile("testdata/"+file, []byte(decided.record(s)), 0o600))
			}
			recorded, err := os.ReadFile("testdata/" + file)
			require.NoError(t, err)
			require.Equal(t, string(recorded), decided.record(s), "the schema opens other fields than testdata/%s records: if that is meant, run this test with -update", file)
		})
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
