package resolvers_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/graph/schema"
)

// served parses the schema once: that takes as long as twenty requests, and nobody writes to
// what comes of it.
var served = sync.OnceValues(func() (*ast.Schema, error) {
	sdl, err := schema.SDL()
	if err != nil {
		return nil, err
	}
	return gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: sdl})
})

// loadSchema is the schema that is served.
func loadSchema(t *testing.T) *ast.Schema {
	t.Helper()
	parsed, err := served()
	require.NoError(t, err)
	return parsed
}

// ownTypes are the types that the schema's files define.
func ownTypes(s *ast.Schema) []*ast.Definition {
	var out []*ast.Definition
	for name, d := range s.Types {
		if !d.BuiltIn && !strings.HasPrefix(name, "__") {
			out = append(out, d)
		}
	}
	return out
}

// Clients read the schema before anything else.
func TestEverythingIsDescribed(t *testing.T) {
	described := func(what, text string) {
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s has no description", what)
		}
	}
	for _, d := range ownTypes(loadSchema(t)) {
		if d.Name != "Query" && d.Name != "Mutation" && d.Name != "Subscription" {
			described(d.Name, d.Description)
		}
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			described(d.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				described(d.Name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
		for _, v := range d.EnumValues {
			described(d.Name+"."+v.Name, v.Description)
		}
	}
}

// An act that moves conversations of people says how many it moves at once: its payload
// has the count of all.
func TestActsOverManySayTheirBound(t *testing.T) {
	schema, found := loadSchema(t), 0
	for _, act := range schema.Mutation.Fields {
		payload := schema.Types[act.Type.Name()]
		if payload == nil || payload.Fields.ForName("released") == nil || act.Name == "addMember" || act.Name == "createRole" {
			continue // what is new has no conversations
		}
		found++
		said := strings.Join(strings.Fields(act.Description), " ")
		if !strings.Contains(said, "at once, the rest within moments, 100 in each step") {
			t.Errorf("%s does not say how many conversations it moves at once", act.Name)
		}
	}
	require.GreaterOrEqual(t, found, 6)
}

// A list that grows is a connection.
func TestConnectionsHaveOneShape(t *testing.T) {
	s := loadSchema(t)
	for _, d := range ownTypes(s) {
		if !strings.HasSuffix(d.Name, "Connection") {
			continue
		}
		for field, want := range map[string]string{"pageInfo": "PageInfo!", "edges": "[", "nodes": "["} {
			f := d.Fields.ForName(field)
			require.NotNil(t, f, "%s.%s", d.Name, field)
			require.True(t, strings.HasPrefix(f.Type.String(), want), "%s.%s is %s", d.Name, field, f.Type)
		}
		edge := s.Types[d.Fields.ForName("edges").Type.Name()]
		require.Equal(t, "Cursor!", edge.Fields.ForName("cursor").Type.String(), edge.Name)
		require.Equal(t, d.Fields.ForName("nodes").Type.Name(), edge.Fields.ForName("node").Type.Name(), edge.Name)
	}
}

// selection selects what tells apart any value of a type: a few fields of
// objects that lead on, every field of those that do not.
func selection(s *ast.Schema, name string) string {
	switch name {
	case "Conversation":
		return "{ id version epoch assignee { id } }"
	case "Member", "AIAgent":
		return "{ id name }"
	case "Message":
		return "{ id }"
	case "AssignmentEvent":
		return "{ id version conversation { id } }"
	case "Workspace":
		return "{ id rules { method } }"
	case "Actor":
		return "{ __typename ... on Member { id } }"
	case "UserError":
		return userErrors(s)
	}
	if s.Types[name].IsLeafType() {
		return ""
	}
	var out strings.Builder
	for _, f := range s.Types[name].Fields {
		if !strings.HasPrefix(f.Name, "__") {
			out.WriteString(" " + f.Name + " " + selection(s, f.Type.Name()))
		}
	}
	return "{ __typename" + out.String() + " }"
}

// userErrors selects every field of every refusal.
func userErrors(s *ast.Schema) string {
	var out strings.Builder
	out.WriteString("{ __typename code message field")
	for _, d := range s.GetPossibleTypes(s.Types["UserError"]) {
		out.WriteString(" ... on " + d.Name + " {")
		for _, f := range d.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				out.WriteString(" " + f.Name + " " + selection(s, f.Type.Name()))
			}
		}
		out.WriteString(" }")
	}
	return out.String() + " }"
}

// mutation writes the document of a mutation, with all of its payload.
func mutation(s *ast.Schema, name string) string {
	f := s.Mutation.Fields.ForName(name)
	return "mutation($input: " + f.Arguments.ForName("input").Type.String() + ") { payload: " + name + "(input: $input) " +
		selection(s, f.Type.Name()) + " }"
}
