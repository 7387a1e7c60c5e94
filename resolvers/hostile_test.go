package resolvers_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox/admin"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// hostile are values that no argument of the type may choke on. None is right.
func hostile(s *ast.Schema, typ *ast.Type) []any {
	common := []any{object{}, object{"x": 1}, []any{[]any{[]any{}}}, true, json.Number("1.5"), json.Number("1e400"), json.Number("-1e400")}
	switch {
	case typ.Name() == "Boolean":
		return append(common[:3:3], "yes", 1)
	case typ.Name() == "Int":
		return append(common[:3:3], "ten", "1", "", true, json.Number("1.5"), json.Number("1.0"), json.Number("1e3"), json.Number("4294967297"), json.Number("2147483648"), json.Number("-2147483649"), json.Number("1e400"),
			json.Number("9223372036854775808"), json.Number("-9223372036854775809"), json.Number("1"+strings.Repeat("0", 400)))
	case s.Types[typ.Name()].Kind == ast.Enum:
		return append(common, "SOMETHING", "", "open", 7)
	}
	if typ.Name() == "String" || typ.Name() == "Cursor" || typ.Name() == "DateTime" {
		return append(common[:3:3], true, 1, json.Number("4294967297"))
	}
	return common[:3]
}

// askWritten sends the values within the document.
func (a argument) askWritten(c *client, s *ast.Schema, v vars) answer {
	c.t.Helper()
	var given []string
	for name, value := range v {
		given = append(given, name+": "+literal(value))
	}
	query := strings.ToLower(a.root.Name) + " { payload: " + a.field.Name + "(" + strings.Join(given, ", ") + ") " + a.result(s) + " }"
	if a.root != s.Subscription {
		return c.do(query, nil)
	}
	return c.connect().subscribe(query, nil).only()
}

// hostileInts are whole numbers that some argument of the type Int must refuse
// by itself or have no trouble with.
func hostileInts() []any {
	return []any{json.Number("-1"), json.Number("2147483647"), json.Number("-2147483648"), json.Number("9223372036854775807"), json.Number("-9223372036854775808")}
}

// A value of a wrong type, wherever it is put, is an error about the request:
// nothing is executed, nothing is logged as a fault.
func TestWalkValuesOfWrongTypesAreRefused(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	w.chat()
	before := (&stage{space: w}).traces()
	for _, a := range arguments(schema) {
		for _, value := range hostile(schema, a.typ) {
			v := a.put(t, schema, nil, value)
			varied, written := a.ask(w.as("owner"), schema, v), a.askWritten(w.as("owner"), schema, v)
			for _, got := range []answer{varied, written} {
				require.NotEmpty(t, got.Errors, "%s took %#v: %s", a, value, got.text)
				require.Contains(t, []string{"GRAPHQL_VALIDATION_FAILED", "BAD_REQUEST"}, got.code(), "%s, %v: %s", a, value, got.text)
				require.NotContains(t, got.text, "strconv", "%s, %v", a, value)
				require.NotContains(t, got.text, "interface {}", "%s, %v", a, value)
			}
		}
	}
	require.Equal(t, before, (&stage{space: w}).traces())
	require.Empty(t, s.log.entries(t, `"level":"ERROR"`))
}

// Whole numbers of any size are refused or harmless.
func TestNumbersOfAnySizeAreHarmless(t *testing.T) {
	schema := loadSchema(t)
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	for _, a := range arguments(schema) {
		if a.typ.Name() != "Int" {
			continue
		}
		for _, value := range hostileInts() {
			v := a.put(t, schema, w.required(schema, a), value)
			for _, got := range []answer{a.ask(w.as("owner"), schema, v), a.askWritten(w.as("owner"), schema, v)} {
				code, _ := got.verdict()
				require.Contains(t, []string{"INVALID_INPUT", "GRAPHQL_VALIDATION_FAILED", "CONFLICT", "NOT_FOUND", "PERMISSION_DENIED"}, code, "%s, %v: %s", a, value, got.text)
			}
		}
	}
	d, err := s.store.Directory(t.Context(), w.id)
	require.NoError(t, err)
	require.NoError(t, admin.ValidateRules(d.Workspace.Rules))
	require.Equal(t, 1, d.Workspace.Rev, "a rule was set")
	require.Empty(t, s.log.entries(t, `"level":"ERROR"`))
}

// required fills what an input demands beside a.
func (w *space) required(s *ast.Schema, a argument) map[string]any {
	input := a.field.Arguments.ForName("input")
	if input == nil {
		return nil
	}
	filled := map[string]any{}
	for _, f := range s.Types[input.Type.Name()].Fields {
		switch {
		case !f.Type.NonNull:
		case f.Name == "conversationId":
			filled[f.Name] = resolvers.GlobalID("Conversation", "x")
		case f.Type.Name() == "OwnerTarget":
			filled[f.Name] = object{"memberId": w.global("member agent1")}
		case f.Type.Name() == "HandoffTarget":
			filled[f.Name] = object{"anyone": true}
		case f.Type.Name() == "ConversationStatus":
			filled[f.Name] = "CLOSED"
		default:
			filled[f.Name] = "Hello"
		}
	}
	return map[string]any{"input": filled}
}

// B:A1: one target, not none and not two, whether written out or in variables.
func TestOneTarget(t *testing.T) {
	schema := loadSchema(t)
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c := w.chat()
	id, member, team := resolvers.ConversationID(c.ID), w.global("member agent1"), w.global("team sales")
	before := (&stage{space: w}).traces()
	wrong := map[string][]object{
		"assignConversation":   {{}, {"memberId": member, "teamId": team}, {"memberId": nil}, {"memberId": member, "teamId": nil}},
		"transferConversation": {{}, {"memberId": member, "teamId": team}, {"teamId": nil}},
		"requestHandoff": {{}, {"memberId": member, "teamId": team}, {"memberId": member, "anyone": true}, {"teamId": team, "anyone": true},
			{"anyone": false}, {"anyone": nil}, {"memberId": member, "teamId": team, "anyone": true}},
		"createTicket": {{}, {"memberId": member, "teamId": team}, {"memberId": nil, "teamId": nil}},
	}
	for mutation, targets := range wrong {
		for _, to := range targets {
			input := object{"conversationId": id, "to": to}
			if mutation == "createTicket" {
				input = object{"subject": "A", "contact": object{}, "to": to}
			}
			who := "owner"
			if mutation == "requestHandoff" {
				who = "ai"
			}
			written := w.as(who).do("mutation { payload: "+mutation+"(input: "+literal(input)+") { userErrors { code field } } }", nil)
			code, _ := written.verdict()
			require.Contains(t, []string{"GRAPHQL_VALIDATION_FAILED", "INVALID_INPUT"}, code, "%s %v: %s", mutation, to, written.text)
			typ := schema.Mutation.Fields.ForName(mutation).Arguments.ForName("input").Type.String()
			varied := w.as(who).do("mutation($input: "+typ+") { payload: "+mutation+"(input: $input) { userErrors { code field } } }", vars{"input": input})
			code, _ = varied.verdict()
			require.Contains(t, []string{"GRAPHQL_VALIDATION_FAILED", "INVALID_INPUT"}, code, "%s %v by variable: %s", mutation, to, varied.text)
		}
	}
	require.Equal(t, before, (&stage{space: w}).traces())
	require.Empty(t, s.log.entries(t, `"level":"ERROR"`))
}

// literal writes a value as GraphQL.
func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("%q", v)
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, literal(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case vars:
		return literal(object(v))
	case object:
		var fields []string
		for key, value := range v {
			fields = append(fields, key+": "+literal(value))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// Lists of filters are bounded.
func TestListsOfArgumentsAreBounded(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	many := func(text string, n int) []string { return strings.Fields(strings.Repeat(text+" ", n)) }
	for name, v := range map[string]vars{
		"assigneeIds": {"view": object{"assigneeIds": many(w.global("member agent1"), 101)}},
		"teamIds":     {"view": object{"teamIds": many(w.global("team sales"), 101)}},
		"channels":    {"view": object{"channels": many("web", 101)}},
	} {
		a := w.as("owner").do(`query($view: InboxView) { payload: conversations(view: $view) { totalCount } }`, v)
		code, field := a.verdict()
		require.Equal(t, "INVALID_INPUT", code, a.text)
		require.Equal(t, []any{name}, field)
	}
	views := w.as("owner").do(`query($views: [InboxView!]!) { payload: inboxCounts(views: $views) { count } }`, vars{"views": make([]object, 0)})
	require.Empty(t, views.at("payload"))
	over := make([]object, 21)
	for i := range over {
		over[i] = object{}
	}
	code, field := w.as("owner").do(`query($views: [InboxView!]!) { payload: inboxCounts(views: $views) { count } }`, vars{"views": over}).verdict()
	require.Equal(t, "INVALID_INPUT", code)
	require.Equal(t, []any{"views"}, field)
}

// The case of an enum value matters: another is not read as no value at all.
func TestEnumValuesInAnotherCaseAreRefused(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c := w.owned("agent1")
	id := resolvers.ConversationID(c.ID)
	for _, a := range []answer{
		w.as("agent1").do(`mutation { payload: setAvailability(input: {availability: away}) { userErrors { code } } }`, nil),
		w.as("agent1").do(`mutation($a: Availability!) { payload: setAvailability(input: {availability: $a}) { userErrors { code } } }`, vars{"a": "away"}),
		w.as("agent1").do(`mutation($i: SetStatusInput!) { payload: setConversationStatus(input: $i) { userErrors { code } } }`, vars{"i": object{"conversationId": id, "status": "closed"}}),
		w.as("agent1").do(`query($v: InboxView) { payload: conversations(view: $v) { totalCount } }`, vars{"v": object{"statuses": "open"}}),
		w.as("agent1").do(`query($id: ID!, $a: [ConversationAction!]) { payload: conversation(id: $id) { viewerCan(actions: $a) { action } } }`, vars{"id": id, "a": []string{"VIEW", "reply"}}),
	} {
		require.Equal(t, "GRAPHQL_VALIDATION_FAILED", a.code(), a.text)
	}
	require.Equal(t, c, w.stored(c.ID))
}
