package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/resolvers"
)

// defaults are the arguments and input fields that can be null and have a default which null
// would change if it counted as a value: all but those that are false.
func defaults(schema *ast.Schema) map[string]bool {
	out := map[string]bool{}
	note := func(name string, t *ast.Type, value *ast.Value) {
		if !t.NonNull && value != nil && value.Raw != "false" {
			out[name] = true
		}
	}
	for _, d := range schema.Types {
		for _, f := range d.Fields {
			if d.Kind == ast.InputObject {
				note(d.Name+"."+f.Name, f.Type, f.DefaultValue)
			}
			for _, a := range f.Arguments {
				note(d.Name+"."+f.Name+"("+a.Name+")", a.Type, a.DefaultValue)
			}
		}
	}
	return out
}

// Null is the default for every argument that has one, as a client passes null for what its
// user left out.
func TestNullIsTheDefault(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	w.owned("agent1")
	hook := object{"name": "CRM", "url": "https://crm.example.test/", "apiKeyId": w.global("key partner")}
	made := w.as("owner").do(`mutation($in: CreateWebhookInput!) { createWebhook(input: $in) { webhook { id } } }`, vars{"in": hook}).at("createWebhook.webhook.id")
	ask := map[string]func(null bool) any{
		"InboxView.list": func(null bool) any {
			return w.as("agent2").do(`query($v: InboxView) { conversations(view: $v) { totalCount } }`, vars{"v": without(null, object{}, "list")}).ok()
		},
		"RequestHandoffInput.requireOnline": func(null bool) any {
			to := object{"conversationId": resolvers.ConversationID(w.chat().ID), "to": object{"memberId": w.global("member offline")}}
			return w.as("ai").refusedAct("requestHandoff", without(null, to, "requireOnline"))
		},
		"CreateWebhookInput.order": func(null bool) any {
			return w.as("owner").do(`mutation($in: CreateWebhookInput!) { createWebhook(input: $in) { webhook { order } userErrors { code } } }`, vars{"in": without(null, hook, "order")}).ok()
		},
		"Mutation.rotateWebhookSecret(overlapSeconds)": func(null bool) any {
			asked := map[bool]string{true: "(webhookId: $id, overlapSeconds: null)", false: "(webhookId: $id)"}[null]
			w.as("owner").do(`mutation($id: ID!) { rotateWebhookSecret(webhookId: $id, overlapSeconds: 0) { userErrors { code } } }`, vars{"id": made}).ok()
			hints, _ := w.as("owner").do(`mutation($id: ID!) { rotateWebhookSecret`+asked+` { webhook { secretHints } } }`, vars{"id": made}).at("rotateWebhookSecret.webhook.secretHints").([]any)
			return len(hints)
		},
	}
	for name := range defaults(loadSchema(t)) {
		asks, known := ask[name]
		require.True(t, known, "say how to ask with %s null", name)
		require.Equal(t, asks(false), asks(true), name)
	}
}

// without is an input that leaves a field out, or has it null.
func without(null bool, in object, field string) object {
	if null {
		return merged(in, object{field: nil})
	}
	return in
}
