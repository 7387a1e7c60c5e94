package resolvers_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/graph/contract"
	"switchboard/resolvers"
)

// limit is the @limit of the argument; the zero value for none.
func (a argument) limit(s *ast.Schema) contract.Limit {
	l, _ := contract.LimitIn(a.directives(s))
	return l
}

// directives are those where the argument, or the field of its input, is defined.
func (a argument) directives(s *ast.Schema) ast.DirectiveList {
	def := a.field.Arguments.ForName(a.path[0])
	out, typ := def.Directives, def.Type
	for _, step := range a.path[1:] {
		f := s.Types[typ.Name()].Fields.ForName(step)
		out, typ = f.Directives, f.Type
	}
	return out
}

// sized finds the arguments, and the fields of inputs at any depth, that a @limit
// bounds in number: lists, pages and figures. TestWalkTextsAreBounded has the texts.
func sized(s *ast.Schema) (out []argument) {
	var visit func(a argument)
	visit = func(a argument) {
		if l, limited := contract.LimitIn(a.directives(s)); limited && l.Unit != "bytes" && l.Unit != "characters" {
			out = append(out, a)
		}
		if d := s.Types[a.typ.Name()]; d.Kind == ast.InputObject {
			for _, f := range d.Fields {
				visit(argument{root: a.root, field: a.field, typ: f.Type, path: append(slices.Clone(a.path), f.Name)})
			}
		}
	}
	for _, d := range ownTypes(s) {
		if d.Kind != ast.Object {
			continue
		}
		for _, f := range d.Fields {
			for _, arg := range f.Arguments {
				visit(argument{root: d, field: f, path: []string{arg.Name}, typ: arg.Type})
			}
		}
	}
	return out
}

// bases are inputs of mutations that are taken, but for what is tried.
func (st *stage) bases() map[string]object {
	out := map[string]object{
		"createTeam": {"name": "Night shift"}, "updateTeam": {"id": "@team sales"},
		"addMember": {"email": "new@example.test", "name": "New", "roles": []any{"observer"}}, "updateMember": {"id": "@member agent2"},
		"createRole": {"name": "night"}, "updateRole": {"name": "night"}, "createApiKey": {"name": "Reports", "role": "partner"},
		"createTicket":  {"subject": "A late parcel", "contact": object{}, "to": object{"teamId": "@team support"}},
		"startLivechat": {"contact": object{}}, "updateContact": {"contactId": "$contact"}, "markNotificationsRead": {}, "updateWorkspaceRules": {},
		"transferConversation": {"conversationId": "$conversation", "to": object{"memberId": "@member agent2"}, "offer": true},
		"rotateApiKeySecret":   {"id": "@key website"},
		"createSavedView":      {"name": "Mine", "filter": object{}}, "updateSavedView": {"id": "@view"},
		"createWebhook":      {"name": "Hook", "url": "https://hooks.example.test/", "apiKeyId": "@key partner"},
		"updateWebhook":      {"webhookId": "@webhook"},
		"replayWebhook":      {"webhookId": "@webhook", "from": object{"sequence": "1"}},
		"actOnConversations": {"verb": object{"unassign": true}, "dryRun": true},
	}
	for name, input := range out {
		out[name], _ = st.fill(map[string]any(input)).(map[string]any)
	}
	return out
}

// base gives the other variables of an operation.
func (st *stage) base(t *testing.T, a argument) vars {
	t.Helper()
	out := vars{"node": map[string]string{"Conversation": resolvers.ConversationID(st.current.ID), "Team": st.global("team support"), "WebhookEndpoint": st.webhook()}[a.root.Name]}
	for _, arg := range a.field.Arguments {
		if one := st.schema.Types[arg.Type.Name()].Directives.ForName("oneOf") != nil; one && arg.Name == a.path[0] {
			continue // its other fields may not be given
		}
		if arg.Type.NonNull && a.root != st.schema.Mutation {
			out[arg.Name] = st.plausible(st.schema, arg.Type, resolvers.ConversationID(st.current.ID))
		}
	}
	if a.root == st.schema.Mutation && a.field.Arguments.ForName("input") == nil {
		out["webhookId"] = st.webhook()
		return out
	}
	if a.root == st.schema.Mutation {
		input, known := st.bases()[a.field.Name]
		require.True(t, known, "%s: say in bases what it takes", a)
		if slices.Contains(a.path, "spreadOver") {
			input = object{"selection": chosen(resolvers.ConversationID(st.current.ID)), "dryRun": true}
		}
		out["input"] = input
	}
	return out
}

// items makes n different values for the list.
func (st *stage) items(a argument, n int) []any {
	out := make([]any, 0, n)
	for i := range n {
		switch name := a.path[len(a.path)-1]; {
		case name == "attributes":
			out = append(out, object{"key": fmt.Sprint("key", i), "value": "x"})
		case name == "views":
			out = append(out, object{})
		case name == "records":
			out = append(out, []string{"OWNERSHIP", "MESSAGE", "AVAILABILITY", "CONTACT"}[i%4])
		case name == "permissions":
			out = append(out, "view:ticket:ALL")
		case name == "contactEmails":
			out = append(out, fmt.Sprintf("c%d@example.test", i))
		case name == "ids" && a.field.Name == "actOnConversations":
			out = append(out, object{"conversationId": resolvers.GlobalID("Conversation", fmt.Sprint("value", i))})
		case listedTypes()[name] != "":
			out = append(out, resolvers.GlobalID(listedTypes()[name], fmt.Sprint("value", i)))
		default:
			out = append(out, fmt.Sprint("value", i))
		}
	}
	return out
}

// listedTypes are the types of what lists of ids name.
func listedTypes() map[string]string {
	return map[string]string{
		"assigneeIds": "Member", "formerAssigneeIds": "Member", "memberIds": "Member", "teamIds": "Team", "contactIds": "Contact",
		"originAgentIds": "AIAgent", "conversationIds": "Conversation", "ids": "Notification", "spreadOver": "Member",
	}
}

// refuses reports whether the answer is a refusal of the argument for its size.
func (a argument) refuses(got answer, bound int) bool {
	code, field := got.verdict()
	return code == "INVALID_INPUT" && len(field) > 0 && strings.HasSuffix(a.path[len(a.path)-1], fmt.Sprint(field[len(field)-1])) &&
		(strings.Contains(got.text, "at most "+strconv.Itoa(bound)) || strings.Contains(got.text, "must ") || strings.Contains(got.text, "can be given "+strconv.Itoa(bound)))
}

// Every @limit of a list, a page or a figure is the one that is enforced: what is
// within it is not refused for its size, and one more is.
func TestSizesAreBounded(t *testing.T) {
	schema := loadSchema(t)
	s := onEmbedded(t)
	st := &stage{space: s.newSpace(t, "enterprise", nil), schema: schema}
	st.set("chat of agent1")
	st.succeed(deed{As: "owner", Do: "createRole", Input: object{"name": "dawn", "permissions": []any{"view:ticket:OWN"}}})
	all := sized(schema)
	require.Greater(t, len(all), 60)
	for _, a := range all {
		t.Run(a.String(), func(t *testing.T) {
			st := &stage{space: st.space.in(t), schema: schema, current: st.current}
			l, base := a.limit(schema), st.base(t, a)
			ask := func(n int) answer {
				values := []any{n}
				if a.typ.Elem != nil {
					values = st.items(a, n)
				}
				v := a.putAll(t, schema, base, values...)
				as := orElse(map[string]string{"transferConversation": "agent1"}[a.field.Name], "owner") // its owner
				return st.begin(as, a.selecting(schema, v, a.sizes(schema)), v, n >= l.Min && n <= l.Max)
			}
			got := ask(l.Max + 1)
			require.True(t, a.refuses(got, l.Max), "%d were taken: %s", l.Max+1, got.text)
			small := l.Min > 0 || a.typ.Elem == nil
			if small {
				got := ask(l.Min - 1)
				require.True(t, a.refuses(got, l.Max), "%d were taken: %s", l.Min-1, got.text)
			}
			require.False(t, a.refuses(ask(l.Max), l.Max), "%d were refused", l.Max)
			if small {
				require.False(t, a.refuses(ask(l.Min), l.Max), "%d were refused", l.Min)
			}
		})
	}
}

// sizes selects little.
func (a argument) sizes(s *ast.Schema) string {
	if d := s.Types[a.field.Type.Name()]; d.Fields.ForName("userErrors") != nil {
		return "{ userErrors { code message field } }"
	}
	return a.result(s)
}
