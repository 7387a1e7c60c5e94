package resolvers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
)

// argument is an argument of a root field, or a field deep in its input.
type argument struct {
	root  *ast.Definition
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
		for _, f := range root.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			for _, a := range f.Arguments {
				out = append(out, leaves(s, argument{root: root, field: f, path: []string{a.Name}, typ: a.Type})...)
			}
		}
	}
	return out
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
	for _, a := range arguments(s) {
		if a.String() == name {
			return a
		}
	}
	t.Fatalf("the schema has no argument %s", name)
	return argument{}
}

// document writes an operation of the argument's field that takes every
// argument which v has as a variable.
func (a argument) document(s *ast.Schema, v vars) string {
	var declared, given []string
	for _, arg := range a.field.Arguments {
		if _, ok := v[arg.Name]; ok {
			declared = append(declared, "$"+arg.Name+": "+arg.Type.String())
			given = append(given, arg.Name+": $"+arg.Name)
		}
	}
	return strings.ToLower(a.root.Name) + list(declared) + " { payload: " + a.field.Name + list(given) + " " + a.result(s) + " }"
}

// list writes arguments; an empty list is no GraphQL.
func list(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return "(" + strings.Join(items, ", ") + ")"
}

// result selects what an answer may give away.
func (a argument) result(s *ast.Schema) string {
	d := s.Types[a.field.Type.Name()]
	switch {
	case d.Fields.ForName("userErrors") != nil:
		return selection(s, d.Name)
	case d.Fields.ForName("nodes") != nil:
		return "{ totalCount nodes { __typename } }"
	case d.Name == "InboxCount":
		return "{ count }"
	case d.Fields.ForName("cursor") != nil:
		return "{ cursor }"
	}
	return "{ __typename }"
}

// put gives the variables with value at the argument's place, in lists where
// the schema has lists.
func (a argument) put(t *testing.T, s *ast.Schema, base map[string]any, value any) vars {
	t.Helper()
	out := vars(deep(base))
	at := map[string]any(out)
	typ := a.field.Arguments.ForName(a.path[0]).Type
	for i, step := range a.path {
		if i == len(a.path)-1 {
			at[step] = listed(typ, value)
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

func listed(typ *ast.Type, value any) any {
	if typ.Elem != nil {
		return []any{value}
	}
	return value
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
	if a.root != s.Subscription {
		return c.do(a.document(s, v), v)
	}
	m := c.firstOf(a.document(s, v), v)
	if m.Type == "error" {
		return parse(c.t, 0, []byte(`{"errors":`+string(m.Payload)+`}`))
	}
	return parse(c.t, 0, m.Payload)
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
	if len(refusals) == 0 {
		return "", nil
	}
	refused, _ := refusals[0].(object)
	code, _ = refused["code"].(string)
	field, _ = refused["field"].([]any)
	return code, field
}

// Arguments of fields that are not roots would need tests of their own.
func TestOnlyRootFieldsTakeIDs(t *testing.T) {
	s := loadSchema(t)
	for _, d := range ownTypes(s) {
		if d == s.Query || d == s.Mutation || d == s.Subscription || d.Kind == ast.InputObject {
			continue
		}
		for _, f := range d.Fields {
			for _, a := range f.Arguments {
				for _, leaf := range leaves(s, argument{root: d, field: f, path: []string{a.Name}, typ: a.Type}) {
					require.NotEqual(t, "ID", leaf.typ.Name(), leaf)
				}
			}
		}
	}
}
