package resolvers_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/resolvers"
)

// secondsAsked is how the arguments of an input, or of a mutation that has none, are asked
// for: the mutation, and what it needs beside.
func secondsAsked(w *space) map[string]struct {
	mutation, who string
	beside        object
} {
	return map[string]struct {
		mutation, who string
		beside        object
	}{
		"TransferConversationInput": {"transferConversation", "agent1", object{
			"conversationId": resolvers.ConversationID(w.owned("agent1").ID), "to": object{"memberId": w.global("member agent2")}, "offer": true,
		}},
		"UpdateWorkspaceRulesInput": {"updateWorkspaceRules", "owner", object{}},
		"RotateApiKeySecretInput":   {"rotateApiKeySecret", "owner", object{"id": w.global("key website")}},
		"rotateWebhookSecret":       {"rotateWebhookSecret", "owner", object{"webhookId": w.global("webhook")}},
	}
}

// Every duration that is out of its bounds is refused with the number that was sent, and
// with the bounds of the schema. B:T6
func TestDurationsAreRefusedAsTheyWereSent(t *testing.T) {
	schema := loadSchema(t)
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	asked, walked := secondsAsked(w), map[string]bool{}
	try := func(of, name string, limit *ast.Directive) {
		how, known := asked[of]
		require.True(t, known, "say how %s of %s is asked for", name, of)
		walked[of] = true
		bound := func(end string) int {
			n, err := strconv.Atoi(limit.Arguments.ForName(end).Value.Raw)
			require.NoError(t, err)
			return n
		}
		for _, bad := range []int{bound("min") - 1, bound("max") + 1, -2147483648, 2147483647} {
			payload := w.as(how.who).seconds(schema, how.mutation, merged(how.beside, object{name: bad}))
			text := fmt.Sprintf("%s is %d; it must be from %d to %d seconds.", name, bad, bound("min"), bound("max"))
			require.Equal(t, []any{object{"code": "INVALID_INPUT", "message": text, "field": []any{name}}}, payload)
		}
	}
	for _, d := range ownTypes(schema) {
		for _, f := range d.Fields {
			if limit := f.Directives.ForName("limit"); d.Kind == ast.InputObject && inSeconds(limit) {
				try(d.Name, f.Name, limit)
			}
		}
	}
	for _, f := range schema.Mutation.Fields {
		for _, arg := range f.Arguments {
			if limit := arg.Directives.ForName("limit"); inSeconds(limit) {
				try(f.Name, arg.Name, limit)
			}
		}
	}
	require.Len(t, walked, len(asked))
}

func inSeconds(limit *ast.Directive) bool {
	return limit != nil && limit.Arguments.ForName("unit").Value.Raw == "seconds"
}

// seconds runs a mutation and returns its userErrors.
func (c *client) seconds(s *ast.Schema, name string, given object) any {
	c.t.Helper()
	f := s.Mutation.Fields.ForName(name)
	d := door{root: f, selection: "{ userErrors { code message field } }"}
	in := vars{"input": given}
	if f.Arguments.ForName("input") == nil {
		in = vars(given)
	}
	return c.do(d.operation(ast.Mutation, in), in).at("payload.userErrors")
}
