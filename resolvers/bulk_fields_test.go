package resolvers_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/resolvers"
)

// leaf is an argument of an input, by its path, and whether it is one of exactly one.
type leaf struct {
	path  []string
	field *ast.FieldDefinition
}

// leavesOf are all arguments of an input type that hold no other arguments.
func leavesOf(s *ast.Schema, input string, under ...string) (out []leaf) {
	for _, f := range s.Types[input].Fields {
		path := append(slices.Clone(under), f.Name)
		if f.Type.Elem != nil && s.Types[f.Type.Name()].Kind == ast.InputObject {
			path = append(path, "0")
		}
		if s.Types[f.Type.Name()].Kind == ast.InputObject {
			out = append(out, leavesOf(s, f.Type.Name(), path...)...)
			continue
		}
		out = append(out, leaf{path, f})
	}
	return out
}

// badFor are values of the argument's type that nothing accepts.
func (l leaf) badFor() []any {
	texts := []any{strings.Repeat("x", 3000), "\x00", " "}
	ids := []any{"made-up", resolvers.GlobalID("Webhook", "w"), resolvers.GlobalID("Member", "made-up"), resolvers.GlobalID("Team", "made-up"),
		resolvers.GlobalID("AIAgent", "made-up"), resolvers.GlobalID("Conversation", "made-up"), resolvers.GlobalID("ReasonCode", "made-up"),
		resolvers.GlobalID("SavedView", "made-up"), resolvers.GlobalID("Contact", "made-up")}
	var bad []any
	switch l.field.Type.Name() {
	case "ID":
		bad = ids
	case "String":
		bad = texts
	case "Boolean":
		return []any{false}
	case "Int":
		return []any{-1}
	case "DateTime":
		return []any{"2026-03-02T00:00:00Z"}
	default:
		return []any{"MADE_UP"}
	}
	if l.field.Type.Elem == nil {
		return bad
	}
	out := []any{[]any{}}
	for _, one := range bad {
		many := slices.Repeat([]any{one}, 600)
		out = append(out, []any{one}, []any{one, one}, many)
	}
	return out
}

// with is base with the value at the path: an input of which exactly one field is given
// gets no other.
func with(s *ast.Schema, input string, base object, path []string, value any) object {
	out := object{}
	name := path[0]
	if s.Types[input].Directives.ForName("oneOf") == nil {
		out = merged(object{}, base)
	}
	if len(path) == 1 {
		out[name] = value
		return out
	}
	f, rest := s.Types[input].Fields.ForName(name), path[1:]
	if f.Type.Elem != nil {
		items, _ := base[name].([]object)
		below := object{}
		if len(items) > 0 {
			below = items[0]
		}
		out[name] = []object{with(s, f.Type.Name(), below, rest[1:], value)}
		return out
	}
	below, _ := base[name].(object)
	out[name] = with(s, f.Type.Name(), below, rest, value)
	return out
}

// sent reports whether the input has something at the path.
func sent(input any, path []string) bool {
	if len(path) == 0 {
		return true
	}
	switch in := input.(type) {
	case object:
		below, there := in[path[0]]
		return there && sent(below, path[1:])
	case []object:
		i, err := strconv.Atoi(path[0])
		return err == nil && i >= 0 && i < len(in) && sent(in[i], path[1:])
	case []any:
		i, err := strconv.Atoi(path[0])
		return err == nil && i >= 0 && i < len(in) && sent(in[i], path[1:])
	}
	return false
}

// Whatever is wrong with a call, each refusal names an argument that the caller sent, by
// its path in the caller's own input; and every argument of which a value can be refused is
// named so for one. Only what no single argument is to blame for names none. B:G1
func TestBulkNamesTheCallersArguments(t *testing.T) {
	schema := loadSchema(t)
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	mine := resolvers.ConversationID(w.owned("agent1").ID)
	// Types alone refuse these, or no value is wrong.
	free := map[string]string{
		"selection.ids.0.expectedVersion": "a conflict names no argument", "dryRun": "both are right",
		"selection.view.starred": "both are right", "selection.view.includeSnoozed": "both are right", "selection.view.awaitingReply": "both are right",
		"selection.view.list": "of an enum", "selection.view.kinds": "of an enum", "selection.view.statuses": "of an enum", "selection.view.handlers": "of an enum",
	}
	// These say what a conversation is, which its result names.
	blameless := map[string]bool{"NOT_FOUND": true, "CONFLICT": true, "NOT_ASSIGNEE": true, "NOT_ASSIGNED": true, "PERMISSION_DENIED": true, "CONVERSATION_CLOSED": true}
	named := map[string]bool{}
	for _, l := range leavesOf(schema, "BulkInput") {
		where := strings.Join(l.path, ".")
		base := object{"selection": chosen(mine), "verb": object{"close": true}, "dryRun": true}
		for _, bad := range l.badFor() {
			in := with(schema, "BulkInput", base, l.path, bad)
			if from := l.path[len(l.path)-1]; from == "from" || from == "until" {
				in = with(schema, "BulkInput", base, l.path[:len(l.path)-1], object{"from": bad, "until": bad})
			}
			a := w.as("agent1").do(`mutation($in: BulkInput!) { payload: actOnConversations(input: $in) {
				userErrors { code field } results { error { code field } } } }`, vars{"in": in})
			if a.Data == nil {
				continue // not of the type
			}
			payload, _ := a.Data["payload"].(object)
			refusals, _ := payload["userErrors"].([]any)
			ofTheCall := len(refusals)
			for _, one := range results(t, payload) {
				if one["error"] != nil {
					refusals = append(refusals, one["error"])
				}
			}
			for i, r := range refusals {
				field, _ := dig(t, r, "field").([]any)
				if field == nil {
					code, _ := dig(t, r, "code").(string)
					require.True(t, i >= ofTheCall && blameless[code], "%s of %v names no argument", code, in)
					continue
				}
				var path []string
				for _, step := range field {
					path = append(path, step.(string))
				}
				require.True(t, sent(in, path), "%v is no argument of %v", path, in)
				got := strings.Join(path, ".")
				named[where] = named[where] || got == where || strings.HasPrefix(where, got+".") && (strings.Contains(where, "Between.") || strings.HasPrefix(where, "verb.")) || strings.HasPrefix(got, where+".")
			}
		}
		require.NotEqual(t, named[where], free[where] != "", "%s is named by no refusal, or should not be", where)
	}
}
