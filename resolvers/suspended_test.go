package resolvers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

const suspendedCode = "WORKSPACE_SUSPENDED"

// A suspended workspace is closed to every kind of caller at every door: requests,
// sockets that are opened, each root field on sockets that were open before, and
// subscriptions that run. When it is resumed, everything is as it was.
func TestASuspendedWorkspaceIsClosedAtEveryDoor(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		for kind, row := range credentials() {
			t.Run(string(kind), func(t *testing.T) {
				w := s.newSpace(t, "enterprise", nil)
				c := w.chat()
				holder := row.holder(w, c)
				open := holder.connect()
				running := holder.follow(row.follows, vars{"id": resolvers.ConversationID(c.ID)})
				_, err := s.service.Admin.Suspend(t.Context(), w.id)
				require.NoError(t, err)
				w.settle()
				require.Equal(t, suspendedCode, running.ending())
				got := holder.do(`{ viewer { contact { name } } }`, nil)
				require.Equal(t, suspendedCode, got.code())
				require.Contains(t, got.text, "Ask the operator")
				for _, field := range rootFields(schema) {
					code := open.subscribe(field, nil).answered().code()
					if kind != workspace.ActorContact || code != "PERMISSION_DENIED" { // what is closed to contacts anyway
						require.Equal(t, suspendedCode, code, field)
					}
				}
				late := s.dial(t)
				late.send(wireMessage{Type: "connection_init", Payload: payload(t, object{"Authorization": "Bearer " + holder.token})})
				_, err = late.receive()
				require.ErrorContains(t, err, "4403")
				require.ErrorContains(t, err, "suspended")
				_, err = s.service.Admin.Resume(t.Context(), w.id)
				require.NoError(t, err)
				w.settle()
				require.Empty(t, holder.do(`{ viewer { contact { name } } }`, nil).code())
				require.Empty(t, open.subscribe(`{ viewer { contact { name } } }`, nil).answered().code())
			})
		}
	})
}

// To suspend what is suspended changes nothing.
func TestASecondSuspensionChangesNothing(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		_, err := s.service.Admin.Suspend(t.Context(), w.id)
		require.NoError(t, err)
		w.settle()
		d, err := s.store.Directory(t.Context(), w.id)
		require.NoError(t, err)
		require.True(t, d.Workspace.Suspended())
		again, err := s.service.Admin.Suspend(t.Context(), w.id)
		require.NoError(t, err)
		require.Equal(t, d.Workspace, again, "a second suspension changes nothing")
	})
}

// answered is the first answer of an operation, whose socket stays open.
func (st *stream) answered() answer {
	st.t.Helper()
	for {
		switch m := st.message(); {
		case m.ID != st.id:
		case m.Type == "error":
			return parse(st.t, 0, []byte(`{"errors":`+string(m.Payload)+`}`))
		default:
			return parse(st.t, 0, m.Payload)
		}
	}
}

// rootFields are operations that ask for one root field each, with what it requires.
func rootFields(s *ast.Schema) (out []string) {
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		for _, f := range root.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			var given []string
			for _, a := range f.Arguments {
				if a.Type.NonNull {
					given = append(given, a.Name+": "+sample(s, a.Type))
				}
			}
			selection := ""
			if d := s.Types[f.Type.Name()]; d.IsCompositeType() {
				selection = " { __typename }"
			}
			out = append(out, strings.ToLower(root.Name)+" { "+f.Name+list(given)+selection+" }")
		}
	}
	return out
}

// sample is a value of a type, with what an input requires.
func sample(s *ast.Schema, typ *ast.Type) string {
	if typ.Elem != nil {
		return "[" + sample(s, typ.Elem) + "]"
	}
	switch d := s.Types[typ.NamedType]; {
	case d.Kind == ast.Enum:
		return d.EnumValues[0].Name
	case d.Kind == ast.InputObject:
		var fields []string
		one := d.Directives.ForName("oneOf") != nil
		for i, f := range d.Fields {
			if f.Type.NonNull || one && i == 0 {
				fields = append(fields, f.Name+": "+sample(s, f.Type))
			}
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case d.Name == "Int":
		return "1"
	case d.Name == "Boolean":
		return "true"
	case d.Name == "Sequence":
		return `"1"`
	case d.Name == "DateTime":
		return `"2026-01-01T00:00:00Z"`
	case d.Name == "ID":
		return `"` + resolvers.GlobalID("Conversation", "x") + `"`
	}
	return `"x"`
}
