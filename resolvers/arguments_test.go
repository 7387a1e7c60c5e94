package resolvers_test

import (
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"
)

// argument is an argument of a field, or a field deep in its input.
type argument struct {
	root  *ast.Definition // the type that has the field
	field *ast.FieldDefinition
	path  []string // the argument's name and the input fields below it
	typ   *ast.Type
}

func (a argument) String() string {
	return a.root.Name + "." + a.field.Name + "." + strings.Join(a.path, ".")
}

// arguments finds every leaf argument of every root field.
func arguments(s *ast.Schema) []argument {
	var out []argument
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		out = append(out, argumentsOf(s, root)...)
	}
	return out
}

func argumentsOf(s *ast.Schema, d *ast.Definition) []argument {
	var out []argument
	for _, f := range d.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		for _, a := range f.Arguments {
			out = append(out, leaves(s, argument{root: d, field: f, path: []string{a.Name}, typ: a.Type})...)
		}
	}
	return out
}

// everyArgument is arguments with those of all other objects' fields.
func everyArgument(s *ast.Schema) []argument {
	out := arguments(s)
	for _, d := range ownTypes(s) {
		if d.Kind == ast.Object && !isRoot(s, d) {
			out = append(out, argumentsOf(s, d)...)
		}
	}
	return out
}

func isRoot(s *ast.Schema, d *ast.Definition) bool {
	return d == s.Query || d == s.Mutation || d == s.Subscription
}

func leaves(s *ast.Schema, a argument) []argument {
	d := s.Types[a.typ.Name()]
	if d.Kind != ast.InputObject {
		return []argument{a}
	}
	var out []argument
	for _, f := range d.Fields {
		below := argument{root: a.root, field: a.field, typ: f.Type, path: append(append([]string{}, a.path...), f.Name)}
		out = append(out, leaves(s, below)...)
	}
	return out
}

// argumentNamed finds one by what String gives.
func argumentNamed(t *testing.T, s *ast.Schema, name string) argument {
	t.Helper()
	for _, a := range everyArgument(s) {
		if a.String() == name {
			return a
		}
	}
	t.Fatalf("the schema has no argument %s", name)
	return argument{}
}

// document writes an operation of the argument's field that takes every
// argument which v has as a variable. The field of an object that is no root is
// reached by the id in the variable node.
func (a argument) document(s *ast.Schema, v vars) string { return a.selecting(s, v, a.result(s)) }

// selecting is document with another selection.
func (a argument) selecting(s *ast.Schema, v vars, result string) string {
	var declared, given []string
	for _, arg := range a.field.Arguments {
		if _, ok := v[arg.Name]; ok {
			declared = append(declared, "$"+arg.Name+": "+arg.Type.String())
			given = append(given, arg.Name+": $"+arg.Name)
		}
	}
	asked := "payload: " + a.field.Name + list(given) + " " + result
	if isRoot(s, a.root) {
		return strings.ToLower(a.root.Name) + list(declared) + " { " + asked + " }"
	}
	return "query" + list(append(declared, "$node: ID!")) + " { node(id: $node) { ... on " + a.root.Name + " { " + asked + " } } }"
}

// list writes arguments; an empty list is no GraphQL.
func list(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return "(" + strings.Join(items, ", ") + ")"
}

// result selects whether it was done, and how much was found.
func (a argument) result(s *ast.Schema) string {
	d := s.Types[a.field.Type.Name()]
	switch {
	case d.IsLeafType():
		return ""
	case d.Fields.ForName("userErrors") != nil:
		return selection(s, d.Name)
	case d.Fields.ForName("nodes") != nil:
		return "{ nodes { __typename } }"
	case d.Name == "InboxCount":
		return "{ count }"
	case d.Fields.ForName("cursor") != nil:
		return "{ cursor }"
	}
	return "{ __typename }"
}

// whole selects all that an answer may give away.
func (a argument) whole(s *ast.Schema) string { return selection(s, a.field.Type.Name()) }

// put gives the variables with value at the argument's place, in lists where
// the schema has lists.
func (a argument) put(t *testing.T, s *ast.Schema, base map[string]any, value any) vars {
	t.Helper()
	return a.putAll(t, s, base, value)
}

// putAll is put of several values, for a list.
func (a argument) putAll(t *testing.T, s *ast.Schema, base map[string]any, values ...any) vars {
	t.Helper()
	out := vars(deep(base))
	at := map[string]any(out)
	typ := a.field.Arguments.ForName(a.path[0]).Type
	for i, step := range a.path {
		if i == len(a.path)-1 {
			at[step] = listed(typ, values...)
			break
		}
		below, ok := at[step].(map[string]any)
		if !ok {
			below = map[string]any{}
		}
		at[step] = listed(typ, below)
		at = below
		typ = s.Types[typ.Name()].Fields.ForName(a.path[i+1]).Type
	}
	return out
}

func listed(typ *ast.Type, values ...any) any {
	if typ.Elem != nil {
		return values
	}
	return values[0]
}

func deep(m map[string]any) map[string]any {
	out := map[string]any{}
	for key, value := range m {
		if below, ok := value.(map[string]any); ok {
			value = deep(below)
		}
		out[key] = value
	}
	return out
}

// ask sends the operation, over a socket when it is a subscription, and gives
// the answer: of a subscription, the first thing that it says.
func (a argument) ask(c *client, s *ast.Schema, v vars) answer {
	c.t.Helper()
	return a.askFor(c, s, v, a.result(s))
}

// askFor is ask with another selection.
func (a argument) askFor(c *client, s *ast.Schema, v vars, result string) answer {
	c.t.Helper()
	query := a.selecting(s, v, result)
	if a.root != s.Subscription {
		return c.do(query, v)
	}
	return c.connect().subscribe(query, v).only()
}

// only gives the first thing that the stream says, and hangs up.
func (st *stream) only() answer {
	st.t.Helper()
	m := st.message()
	_ = st.conn.Close(websocket.StatusNormalClosure, "")
	if m.Type == "error" {
		return parse(st.t, 0, []byte(`{"errors":`+string(m.Payload)+`}`))
	}
	return parse(st.t, 0, m.Payload)
}

// verdict gives code and field of the refusal in an answer, wherever it is.
func (a answer) verdict() (code string, field []any) {
	a.t.Helper()
	if len(a.Errors) > 0 {
		field, _ = a.Errors[0].Extensions["field"].([]any)
		return a.code(), field
	}
	payload, _ := a.Data["payload"].(object)
	refusals, _ := payload["userErrors"].([]any)
	if results, many := payload["results"].([]any); many && len(refusals) == 0 {
		return verdictOf(results), nil
	}
	if len(refusals) == 0 {
		return "", nil
	}
	refused, _ := refusals[0].(object)
	code, _ = refused["code"].(string)
	field, _ = refused["field"].([]any)
	return code, field
}

// verdictOf is the code of the first of many results; NOTHING where there are none.
func verdictOf(results []any) string {
	if len(results) == 0 {
		return "NOTHING"
	}
	first, _ := results[0].(object)
	refused, _ := first["error"].(object)
	code, _ := refused["code"].(string)
	return code
}
