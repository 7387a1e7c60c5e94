package resolvers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/internal/walk"
)

// nameRow is a text that finds something, or must be the only one of its kind.
type nameRow struct {
	Argument string `json:"argument"`
	// Names is what the text finds: a conversation by its external id, a role.
	Names string `json:"names"`
	// Unique is a text that two workspaces may both have.
	Unique string         `json:"unique"`
	As     string         `json:"as"`
	On     string         `json:"on"`
	Given  []deed         `json:"given"`
	With   map[string]any `json:"with"`
}

// names are the texts of testdata/names.json.
type names struct {
	// Plain are the last names of arguments whose texts stand for nothing.
	Plain []string `json:"plain"`
	// Finds name something that exists; Makes must be the only one. Arguments that
	// end on externalId and idempotencyKey are among Makes by themselves, with
	// what testdata/texts.json gives them.
	Finds []nameRow `json:"finds"`
	Makes []nameRow `json:"makes"`
}

// makes are all arguments whose text must be the only one in its workspace.
func (n names) makes(t *testing.T) []nameRow {
	t.Helper()
	out := slices.Clone(n.Makes)
	for _, row := range readTable[textRow](t, "texts.json") {
		last := row.Argument[strings.LastIndex(row.Argument, ".")+1:]
		if (last == "externalId" || last == "idempotencyKey") && !row.Any {
			out = append(out, nameRow{Argument: row.Argument, Unique: "the-same-in-both", As: row.As, On: row.On, Given: row.Given, With: row.With})
		}
	}
	return out
}

// Every argument that takes a text is known to name something or not.
func TestNamesAreCovered(t *testing.T) {
	s := loadSchema(t)
	n := readObject[names](t, "names.json")
	known := map[string]bool{}
	for _, row := range append(n.makes(t), n.Finds...) {
		known[row.Argument] = true
		require.Equal(t, "String", argumentNamed(t, s, row.Argument).typ.Name(), row.Argument)
	}
	for _, a := range everyArgument(s) {
		if a.typ.Name() == "String" && !known[a.String()] {
			require.Contains(t, n.Plain, a.path[len(a.path)-1], "%s takes a text: say in testdata/names.json what it finds, or must be the only one of, or that it stands for nothing", a)
		}
	}
}

// The names that another workspace gave find nothing. B:Z7
func TestForeignNamesAreAsMadeUpOnes(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w, theirs := s.newSpace(t, "enterprise", nil), s.furnished(t, schema)
		unchanged := theirs.watched()
		for _, row := range readObject[names](t, "names.json").Finds {
			t.Run(row.Argument, func(t *testing.T) {
				st, a := &stage{space: w.in(t), schema: schema}, argumentNamed(t, schema, row.Argument)
				st.set(orElse(row.On, "chat of agent1"))
				base, _ := st.fill(row.With).(map[string]any)
				foreign := map[string]string{"conversation": theirConversation, "role": theirRole}[row.Names]
				madeUp := "never-" + foreign[len("never-"):]
				for _, who := range []string{orElse(row.As, "owner"), "contact", "ai", "website", "partner", "agent1"} {
					got := a.askFor(st.client(who), schema, a.put(t, schema, base, foreign), a.whole(schema))
					want := a.askFor(st.client(who), schema, a.put(t, schema, base, madeUp), a.whole(schema))
					require.Equal(t, want.text, strings.ReplaceAll(got.text, foreign, madeUp))
				}
			})
		}
		unchanged(t)
	})
}

// What must be the only one of its kind in a workspace may be in another: it is
// made anew, and is not the other's. B:Z7
func TestWalkNamesMayBeTheSameInTwoWorkspaces(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		for _, row := range readObject[names](t, "names.json").makes(t) {
			t.Run(row.Argument, func(t *testing.T) {
				spaces := []*space{s.newSpace(t, "enterprise", nil), s.newSpace(t, "enterprise", nil)}
				theirs := row.make(t, schema, spaces[0])
				unchanged := (&stage{space: spaces[0]}).watched()
				ours := row.make(t, schema, spaces[1])
				for _, id := range idsIn(theirs) {
					require.NotContains(t, idsIn(ours), id, "it was given what the other has")
				}
				unchanged(t)
			})
		}
	})
}

// make does what the row asks for in the space, and gives what was made.
func (row nameRow) make(t *testing.T, schema *ast.Schema, w *space) object {
	t.Helper()
	st, a := &stage{space: w, schema: schema}, argumentNamed(t, schema, row.Argument)
	st.set(orElse(row.On, "chat of agent1"))
	for _, d := range row.Given {
		st.succeed(d)
	}
	base, _ := st.fill(row.With).(map[string]any)
	got := a.askFor(st.client(orElse(row.As, "owner")), schema, a.put(t, schema, base, row.Unique), a.whole(schema))
	code, _ := got.verdict()
	require.Empty(t, code, got.text)
	return got.ok()
}

// idsIn lists the ids of an answer.
func idsIn(v any) (out []string) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			out = append(out, idsIn(item)...)
		}
	case object:
		for key, value := range v {
			if id, ok := value.(string); ok && key == "id" {
				out = append(out, id)
			}
			out = append(out, idsIn(value)...)
		}
	}
	return out
}
