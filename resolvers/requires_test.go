package resolvers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/graph/contract"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// grants is a policy that a test can narrow: by one permission or plan feature that
// nobody has, or to those alone that are named, with view.
type grants struct {
	access.Authorizer
	now atomic.Pointer[narrowing]
}

type narrowing struct {
	lacks string
	only  []string // nil for all but lacks
}

func (n *narrowing) has(name string) bool {
	switch {
	case n == nil:
		return true
	case n.lacks == "view" && name == "monitor": // who may watch may view
		return false
	}
	return name != n.lacks && (n.only == nil || slices.Contains(n.only, name))
}

// Scope is that of the policy, and ALL for what a narrowing names.
func (g *grants) Scope(q access.GrantQuery, kind workspace.Kind, action workspace.PermAction) workspace.Scope {
	n := g.now.Load()
	switch {
	case !n.has(string(action)):
		return workspace.ScopeNone
	case n != nil && n.only != nil:
		return workspace.ScopeAll
	}
	return g.Authorizer.Scope(q, kind, action)
}

// Workspace is that of the policy, and true for what a narrowing names.
func (g *grants) Workspace(q access.GrantQuery, action workspace.WorkspaceAction) bool {
	n := g.now.Load()
	return n.has(string(action)) && (n != nil && n.only != nil || g.Authorizer.Workspace(q, action))
}

// Includes is that of the policy.
func (g *grants) Includes(plan workspace.PlanName, feature workspace.Feature) (bool, workspace.PlanName) {
	included, lowest := g.Authorizer.Includes(plan, feature)
	return included && g.now.Load().has(string(feature)), lowest
}

// requirementRow is a line of testdata/requires.json: a situation in which a field
// succeeds, and the condition of its @requires that holds in it.
type requirementRow struct {
	Field string         `json:"field"`
	When  string         `json:"when"`
	As    string         `json:"as"`
	On    string         `json:"on"`
	Given []deed         `json:"given"`
	Input map[string]any `json:"input"`
	// Ask is the operation of a field that is no mutation, with words as in Input.
	Ask string `json:"ask"`
	// Also are permissions of others that the situation needs.
	Also []string `json:"also"`
	// Hides is the permission without which the answer is NOT_FOUND: the caller may not
	// know of what is asked for.
	Hides string `json:"hides"`
}

// attempt prepares the situation, and returns what asks for the field in it.
func (row requirementRow) attempt(t *testing.T, s *server, schema *ast.Schema) func(as string, begins bool) answer {
	t.Helper()
	st := &stage{space: s.newSpace(t, "enterprise", nil), schema: schema}
	st.set(orElse(row.On, "chat of agent1"))
	for _, d := range row.Given {
		st.succeed(d)
	}
	if row.Ask != "" {
		words := []string{"$conversation", resolvers.ConversationID(st.current.ID)}
		if strings.Contains(row.Ask, "@webhook") {
			words = append(words, "@webhook", st.webhook())
		}
		ask := strings.NewReplacer(words...).Replace(row.Ask)
		return func(as string, begins bool) answer { return st.begin(as, ask, nil, begins) }
	}
	filled := map[string]any{}
	for key, value := range row.Input {
		filled[key] = st.fill(value)
	}
	name := strings.TrimPrefix(row.Field, "Mutation.")
	input := schema.Types[schema.Mutation.Fields.ForName(name).Arguments.ForName("input").Type.Name()]
	if _, given := filled["conversationId"]; !given && input.Fields.ForName("conversationId") != nil {
		filled["conversationId"] = resolvers.ConversationID(st.current.ID)
	}
	document := "mutation($input: " + input.Name + "!) { payload: " + name + `(input: $input) { userErrors { code
		... on PermissionDeniedError { permission } ... on PlanRequiredError { feature } } } }`
	return func(as string, _ bool) answer { return st.client(as).do(document, vars{"input": filled}) }
}

// begin asks. A subscription that begins is not waited for: it may have nothing to say.
func (st *stage) begin(as, ask string, v vars, begins bool) answer {
	st.t.Helper()
	c := st.client(as)
	switch {
	case !strings.HasPrefix(ask, "subscription"):
		return c.do(ask, v)
	case begins:
		c.followAtOnce(ask, v)
		return answer{t: st.t}
	}
	return c.connect().subscribe(ask, v).only()
}

// lacked is the permission or the feature that a refusal names.
func (a answer) lacked() string {
	a.t.Helper()
	var from object
	if len(a.Errors) > 0 {
		from = a.Errors[0].Extensions
	} else if refused, _ := dig(a.t, a.Data, "payload.userErrors").([]any); len(refused) > 0 {
		from, _ = refused[0].(object)
	}
	for _, key := range []string{"permission", "feature"} {
		if name, ok := from[key].(string); ok {
			name, _, _ = strings.Cut(name, ":")
			return name
		}
	}
	return ""
}

// Each @requires of the schema is true: whoever lacks that one permission, or is on a
// plan without that one feature, is refused with its name, and whoever has those that
// are declared, and may view, needs no other.
func TestWalkEveryRequirementIsAskedFor(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	s := onEmbedded(t)
	policy, ok := s.policy.(*grants)
	require.True(t, ok)
	proved := map[string]bool{}
	for _, row := range readTable[requirementRow](t, "requires.json") {
		t.Run(strings.TrimSpace(row.Field+" "+row.When), func(t *testing.T) {
			typeName, name, _ := strings.Cut(row.Field, ".")
			field := schema.Types[typeName].Fields.ForName(name)
			require.NotNil(t, field, row.Field)
			only := append([]string{"view"}, row.Also...)
			for _, r := range contract.Requirements(field) {
				if r.When != "" && r.When != row.When {
					continue
				}
				proved[fmt.Sprint(row.Field, r)] = true
				only = append(only, r.Permission, r.Feature)
				for _, missing := range []string{r.Permission, r.Feature} {
					row.requireRefused(t, s, policy, schema, missing)
				}
			}
			row.requireEnough(t, s, policy, schema, only)
		})
	}
	requireProved(t, schema, proved)
}

func (row requirementRow) requireRefused(t *testing.T, s *server, policy *grants, schema *ast.Schema, missing string) {
	t.Helper()
	as, narrow := orElse(row.As, "owner"), &narrowing{lacks: missing}
	switch missing {
	case "":
		return
	case "apikey":
		as, narrow = "owner", nil
	}
	ask := row.attempt(t, s, schema)
	policy.now.Store(narrow)
	got := ask(as, false)
	policy.now.Store(nil)
	if missing == row.Hides {
		code, _ := got.verdict()
		require.Equal(t, "NOT_FOUND", code, got.text)
		return
	}
	require.Equal(t, missing, got.lacked(), "without %s: %s", missing, got.text)
}

func (row requirementRow) requireEnough(t *testing.T, s *server, policy *grants, schema *ast.Schema, only []string) {
	t.Helper()
	ask := row.attempt(t, s, schema)
	policy.now.Store(&narrowing{only: only})
	got := ask(orElse(row.As, "owner"), true)
	policy.now.Store(nil)
	code, _ := got.verdict()
	require.Empty(t, code, "with %v alone: %s", only, got.text)
}

// requireProved wants a row for every requirement of the schema, and for every
// mutation, so that one that needs nothing is known to need nothing.
func requireProved(t *testing.T, schema *ast.Schema, proved map[string]bool) {
	t.Helper()
	if t.Failed() {
		return
	}
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		for _, f := range root.Fields {
			for _, r := range contract.Requirements(f) {
				data, _ := json.Marshal(r)
				require.True(t, proved[fmt.Sprint(root.Name+"."+f.Name, r)], "%s.%s: testdata/requires.json has no row for %s", root.Name, f.Name, data)
			}
		}
	}
}
