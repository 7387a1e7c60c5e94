package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"switchboard/graph/contract"
	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// loggedFields are a selection on LoggedEvent for every field that can be reached from it,
// once each, by Type.field; trail says by which fields.
func loggedFields(s *ast.Schema) (selections map[string]string, trail map[string][]string) {
	selections, trail = map[string]string{}, map[string][]string{}
	type place struct {
		typeName, before, after string
		by                      []string
	}
	met := map[string]bool{}
	for queue := []place{{typeName: "LoggedEvent"}}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if met[at.typeName] {
			continue
		}
		met[at.typeName] = true
		for _, f := range s.Types[at.typeName].Fields {
			name, inner, typ := at.typeName+"."+f.Name, "", s.Types[f.Type.Name()]
			if strings.HasPrefix(f.Name, "__") || requiresArguments(f) {
				continue
			}
			if typ.IsCompositeType() {
				inner = " { __typename }"
			}
			selections[name] = "{ " + at.before + f.Name + inner + at.after + " }"
			trail[name] = append(append([]string(nil), at.by...), name)
			if !typ.IsCompositeType() {
				continue
			}
			for _, possible := range s.GetPossibleTypes(typ) {
				queue = append(queue, place{
					possible.Name, at.before + f.Name + " { ... on " + possible.Name + " { ", " } }" + at.after, trail[name],
				})
			}
		}
	}
	return selections, trail
}

func requiresArguments(f *ast.FieldDefinition) bool {
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil {
			return true
		}
	}
	return false
}

// For every field that a payload can select, a key that only feeds is refused it if and only
// if it could not read it, and the refusal names the field and what is missing; a key that
// views may select all. What is not refused is never denied when it is sent. B:V12
func TestPayloadsOfFieldsThatTheKeyCannotReadAreRefused(t *testing.T) {
	schema := loadSchema(t)
	open := contract.Marked(schema, contract.ForIntegrations)
	selections, trail := loggedFields(schema)
	require.Greater(t, len(selections), 100)
	s := onEmbedded(t)
	w := s.newSpace(t, "total", nil)
	c := w.fedBy("talked about")
	_, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID}, inbox.Closed)
	require.NoError(t, err)
	w.numbered()
	of := func(key string) func(operation string) error {
		a, err := w.service.Callers.Access(t.Context(), w.principal(key))
		require.NoError(t, err)
		return func(operation string) error {
			doc, invalid := gqlparser.LoadQueryWithRules(schema, operation, rules.NewDefaultRules())
			require.Empty(t, invalid, operation)
			return resolvers.CheckSelection(schema, doc.Operations[0], nil, a)
		}
	}
	feeder, viewer := of("website"), of("partner")
	for name, selection := range selections {
		operation := "{ eventLog(first: 100) { nodes { ... on LoggedEvent " + selection + " } } }"
		require.NoError(t, viewer(operation), name)
		closed := ""
		for _, field := range trail[name] {
			if typeName, plain, _ := strings.Cut(field, "."); closed == "" && !open.Has(typeName, plain) {
				closed = field
			}
		}
		refused := feeder(operation)
		if closed != "" {
			require.Equal(t, inbox.InvalidInput, inbox.CodeOf(refused), name)
			require.Contains(t, refused.Error(), fmt.Sprintf("selects %s, which the API key cannot read: it lacks the permission view", closed))
			continue
		}
		require.NoError(t, refused, name)
		require.NotContains(t, w.as("website").do(operation, nil).text, "PERMISSION_DENIED", name)
	}
}
