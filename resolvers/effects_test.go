package resolvers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox"
	"switchboard/resolvers"
)

// closedSelections leads from the payload of a mutation to each closed field of
// each type that open fields lead to, written plainly, in fragments and behind
// aliases. Refusals are left out: when there is one, nothing has been done.
func (d guardDecisions) closedSelections(s *ast.Schema, payload string) map[string]string {
	out, seen := map[string]string{}, map[string]bool{}
	var visit func(typeName, before, after string)
	visit = func(typeName, before, after string) {
		def := s.Types[typeName]
		if def.Name == "UserError" || seen[typeName] {
			return
		}
		seen[typeName] = true
		if def.IsAbstractType() {
			for _, object := range s.GetPossibleTypes(def) {
				visit(object.Name, before+" ... on "+object.Name+" {", "} "+after)
			}
			return
		}
		for _, f := range def.Fields {
			inner := ""
			if !s.Types[f.Type.Name()].IsLeafType() {
				inner = " { __typename }"
			}
			switch {
			case strings.HasPrefix(f.Name, "__"):
			case !d.open(typeName, f.Name):
				at := typeName + "." + f.Name
				out[at] = before + " asked: " + f.Name + inner + after
				out[at+" in a fragment"] = before + " ... on " + typeName + " @include(if: true) { " + f.Name + inner + " }" + after
			case inner != "":
				visit(f.Type.Name(), before+" "+f.Name+" {", "} "+after)
			}
		}
	}
	visit(payload, "", "")
	return out
}

// A mutation that selects what is closed to its caller is refused before it is
// executed, and leaves nothing behind. B:V8, B:Z2
func TestAClosedSelectionHasNoEffect(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c, contact := w.visit()
		for file, who := range map[string]*client{"guards/contact.json": contact, "guards/feeder.json": w.as("website")} {
			decided := readObject[guardDecisions](t, file)
			before := (&stage{space: w}).traces()
			tried := 0
			for _, name := range decided["Mutation"].Open {
				a := argument{root: schema.Mutation, field: schema.Mutation.Fields.ForName(name)}
				given := vars{"input": w.plausible(schema, a.field.Arguments.ForName("input").Type, resolvers.ConversationID(c.ID))}
				for at, selected := range decided.closedSelections(schema, a.field.Type.Name()) {
					got := a.askFor(who, schema, given, "{ "+selected+" }")
					require.Equal(t, "PERMISSION_DENIED", got.code(), "%s, %s: %s", name, at, got.text)
					require.Empty(t, got.Data, "%s, %s", name, at)
					tried++
				}
			}
			require.Greater(t, tried, 10)
			require.Equal(t, before, (&stage{space: w}).traces(), file)
		}
	})
}

// A closed field that a variable leaves out is not selected.
func TestWhatIsLeftOutIsNotRefused(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c, contact := w.visit()
	query := `query($id: ID!, $staff: Boolean!) { conversation(id: $id) { id version @include(if: $staff) ... on Conversation @skip(if: true) { team { id } } } }`
	contact.do(query, vars{"id": resolvers.ConversationID(c.ID), "staff": false}).ok()
	require.Equal(t, "PERMISSION_DENIED", contact.do(query, vars{"id": resolvers.ConversationID(c.ID), "staff": true}).code())
}

// Paging that a nested list cannot do is found before the mutation is executed.
func TestNestedPagingIsCheckedFirst(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		before := (&stage{space: w}).traces()
		for args, code := range map[string]string{
			"messages(first: 1000)": "INVALID_INPUT", "messages(last: -1)": "INVALID_INPUT", "messages(first: 1, last: 1)": "INVALID_INPUT",
			`messages(after: "x")`: "INVALID_CURSOR", `messages(before: "x")`: "INVALID_CURSOR",
			"history(first: 101)": "INVALID_INPUT", `history(after: "")`: "INVALID_CURSOR",
			"messages(first: $n)": "INVALID_INPUT",
		} {
			for _, selected := range []string{args + " { nodes { id } }", "... on Conversation { again: " + args + " { nodes { id } } }"} {
				got := w.as("agent1").do(`mutation($id: ID!, $n: Int) { sendMessage(input: {conversationId: $id, body: "Hello"}) { conversation { id team @skip(if: true) { members(first: $n) { nodes { id } } } `+selected+` } message { id } userErrors { code } } }`,
					vars{"id": resolvers.ConversationID(c.ID), "n": 1000})
				require.Equal(t, code, got.code(), "%s: %s", selected, got.text)
				require.Empty(t, got.Data)
			}
		}
		require.Equal(t, before, (&stage{space: w}).traces())
	})
}

// Which root fields each caller reaches who may do less than most people of a
// workspace is a decision: testdata/guards/roots.json has them, and each other one
// is refused before anything is executed or begun.
func TestRootFieldsForNarrowCallers(t *testing.T) {
	schema, reached := loadSchema(t), readObject[map[string][]string](t, "guards/roots.json")
	onEngines(t, func(t *testing.T, s *server) {
		for who, open := range reached {
			w := s.newSpace(t, "enterprise", nil)
			c, asks := w.visit()
			if who != "contact" {
				asks = w.as(who)
			}
			for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
				for _, f := range root.Fields {
					if name := root.Name + "." + f.Name; !strings.HasPrefix(f.Name, "__") {
						w.requireReached(schema, argument{root: root, field: f}, asks, c, slices.Contains(open, name), who+", "+name)
					}
				}
			}
		}
	})
}

func (w *space) requireReached(s *ast.Schema, a argument, as *client, c inbox.Conversation, open bool, name string) {
	w.t.Helper()
	given := vars{}
	for _, arg := range a.field.Arguments {
		if arg.Type.NonNull {
			given[arg.Name] = w.plausible(s, arg.Type, resolvers.ConversationID(c.ID))
		}
	}
	result := "{ __typename }"
	if d := s.Types[a.field.Type.Name()]; d.IsLeafType() {
		result = ""
	} else if d.Fields.ForName("userErrors") != nil {
		result = "{ userErrors { code } }"
	}
	if a.root == s.Subscription && open {
		before := as.started()
		as.connect().subscribe(a.selecting(s, given, result), given)
		require.Eventually(w.t, func() bool { return as.begun(before) }, patience, tick, name)
		return
	}
	got := a.askFor(as, s, given, result)
	code, _ := got.verdict()
	require.Equal(w.t, open, code != "PERMISSION_DENIED", "%s: %s", name, got.text)
	if a.root == s.Subscription {
		require.Empty(w.t, got.Data, "%s began", name)
	}
}

// A subscription has one root field, whatever its variables are.
func TestTheRootOfASubscriptionIsUnconditional(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	for _, query := range []string{
		`subscription { workloads @skip(if: true) { cursor } }`,
		`subscription { workloads @include(if: false) { cursor } }`,
		`subscription { workloads @include(if: true) { cursor } }`,
		`subscription { ... @skip(if: true) { workloads { cursor } } }`,
		`subscription { ... on Subscription @include(if: false) { workloads { cursor } } }`,
		`subscription { ...f @skip(if: true) } fragment f on Subscription { workloads { cursor } }`,
		`subscription { ...f } fragment f on Subscription { ... { workloads @skip(if: true) { cursor } } }`,
		`subscription { workloads { cursor } inboxChanges(view: {}) { cursor } }`,
		`subscription { __typename }`,
	} {
		got := w.as("owner").connect().subscribe(query, nil).only()
		require.Equal(t, "GRAPHQL_VALIDATION_FAILED", got.code(), "%s: %s", query, got.text)
	}
	require.Empty(t, s.log.entries(t, `"level":"ERROR"`))
	w.as("owner").follow(`subscription { workloads { cursor @skip(if: true) __typename } }`, nil)
}
