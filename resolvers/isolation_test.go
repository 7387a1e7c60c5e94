package resolvers_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/internal/walk"
	"switchboard/resolvers"
)

// rawID takes the type away from a global id.
func rawID(t *testing.T, global string) string {
	t.Helper()
	_, id, _ := strings.Cut(decoded(t, global), ":")
	return id
}

// foreignIDs are ids that an argument can be given of what another workspace
// has: of each type as it is, and each under the type that the argument wants.
// Beside each stands one of the same form that nothing ever had.
func (row idRow) foreignIDs(t *testing.T, schema *ast.Schema, theirs *stage) [][2]string {
	t.Helper()
	var out [][2]string
	globals := theirs.claimable()
	for _, typeName := range idTypes(schema) {
		globals = append(globals, theirs.anID(t, theirs.current, typeName))
	}
	for _, global := range globals {
		typeName, _, _ := strings.Cut(decoded(t, global), ":")
		out = append(out, [2]string{global, made(typeName)})
		if row.Wants != "*" && row.Wants != typeName {
			out = append(out, [2]string{resolvers.GlobalID(row.Wants, rawID(t, global)), made(row.Wants)})
		}
	}
	return out
}

// accepted reports whether the stream begins, so that nothing comes until
// something happens: requireFilter tries those.
func (row idRow) accepted(t *testing.T, global string) bool {
	t.Helper()
	return row.Follows && strings.HasPrefix(decoded(t, global), row.Wants+":")
}

// What belongs to another workspace does not exist: the same answer, byte for
// byte, as for a made-up id, whoever asks, and nothing happens to it. B:Z7
func TestWalkForeignIDsAreAsMadeUpOnes(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w, theirs := s.newSpace(t, "enterprise", nil), s.furnished(t, schema)
		unchanged := theirs.watched()
		for _, row := range readTable[idRow](t, "ids.json") {
			t.Run(row.Argument, func(t *testing.T) {
				st, a := row.stageFor(w.in(t), schema), argumentNamed(t, schema, row.Argument)
				base, _ := st.fill(row.With).(map[string]any)
				w.in(t).settle() // the same place in the stream for all
				if a.field.Name == "eventLog" {
					w.in(t).numbered() // and in the log
				}
				theirs := theirs.in(t)
				compare := func(who string, pair [2]string) {
					t.Helper()
					if !row.accepted(t, pair[0]) {
						a.requireSame(st.client(who), schema, a.put(t, schema, base, pair[0]), a.put(t, schema, base, pair[1]))
					}
				}
				for _, pair := range row.foreignIDs(t, schema, theirs) {
					compare(orElse(row.As, "owner"), pair)
				}
				for _, who := range []string{"contact", "ai", "website", "partner", "agent1"} {
					for _, typeName := range row.types(schema) {
						compare(who, [2]string{theirs.anID(t, theirs.current, typeName), made(typeName)})
					}
				}
			})
		}
		unchanged(t)
	})
}

// ordered sorts the errors of an answer.
func ordered(text string) string {
	var all map[string]json.RawMessage
	var found []json.RawMessage
	if json.Unmarshal([]byte(text), &all) != nil || json.Unmarshal(all["errors"], &found) != nil {
		return text
	}
	slices.SortFunc(found, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
	all["errors"], _ = json.Marshal(found)
	out, _ := json.Marshal(all)
	return string(out)
}

// types are those that the argument takes.
func (row idRow) types(schema *ast.Schema) []string {
	if row.Wants == "*" {
		return idTypes(schema)
	}
	return []string{row.Wants}
}

// requireSame asks with what is another workspace's and with what never was. No
// mutation may take either.
func (a argument) requireSame(c *client, s *ast.Schema, foreign, madeUp vars) answer {
	c.t.Helper()
	got, want := a.askFor(c, s, foreign, a.whole(s)), a.askFor(c, s, madeUp, a.whole(s))
	require.Equal(c.t, a.unnamed(want.text), a.unnamed(got.text), "%v, and made up: %v", foreign, madeUp)
	require.Equal(c.t, want.status, got.status)
	code, _ := got.verdict()
	require.NotEqual(c.t, "INTERNAL", code, got.text)
	if a.root == s.Mutation {
		require.NotEmpty(c.t, code, "it was done: %s", got.text)
	}
	return got
}

// A stream that is filtered by what another workspace has says the same as one
// that is filtered by what nobody has: nothing of what happens there, though
// somebody there listens in the same words, and all that was asked for beside
// it. B:Z7
func TestWalkForeignFiltersAreAsMadeUpOnes(t *testing.T) {
	walk.Alone(t)
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w, theirs := s.newSpace(t, "enterprise", nil), s.furnished(t, schema)
		for _, row := range readTable[idRow](t, "ids.json") {
			if row.Follows {
				t.Run(row.Argument, func(t *testing.T) {
					row.requireFilter(t, row.stageFor(w.in(t), schema), theirs.in(t), argumentNamed(t, schema, row.Argument))
				})
			}
		}
	})
}

func (row idRow) requireFilter(t *testing.T, st, theirs *stage, a argument) {
	t.Helper()
	theirs.set("chat of agent1")
	own := st.anID(t, st.current, row.Wants)
	foreign := theirs.anID(t, theirs.current, row.Wants)
	base, _ := st.fill(row.With).(map[string]any)
	among := func(id string) vars { return a.putAll(t, st.schema, base, id, own) }
	follow := func(c *client, v vars) *stream { return c.follow(a.selecting(st.schema, v, a.whole(st.schema)), v) }
	there := follow(theirs.client("owner"), among(foreign))
	streams := []*stream{follow(st.client("owner"), among(foreign)), follow(st.client("owner"), among(made(row.Wants)))}
	if a.field.Name == "attention" {
		a.requireAttention(t, st, theirs, there, streams)
		return
	}
	theirs.reassign("sales")
	there.item()                                                                                                              // it was told where it belongs
	st.claim(st.start(desk.NewConversation{Agent: st.agent("ai2"), Contact: contacts.NewContact{Name: "Another"}}), "senior") // of no interest to either
	st.reassign("sales")
	first, second := streams[0].message(), streams[1].message()
	require.Equal(t, "next", first.Type, "%s", first.Payload)
	require.Equal(t, string(second.Payload), string(first.Payload))
	require.Contains(t, string(first.Payload), `"`+resolvers.ConversationID(st.current.ID)+`"`)
}

// requireAttention is requireFilter for who is there now, which begins with everybody.
func (a argument) requireAttention(t *testing.T, st, theirs *stage, there *stream, streams []*stream) {
	t.Helper()
	show := func(at *stage) {
		switch a.path[len(a.path)-1] {
		case "formerAssigneeIds", "teamIds":
			at.reassign("sales") // and so into the view
		}
		at.as("senior").act("showAttention", object{"conversationId": resolvers.ConversationID(at.current.ID), "kind": "TYPING"})
	}
	show(theirs)
	there.naming(resolvers.ConversationID(theirs.current.ID))
	show(st)
	own := resolvers.ConversationID(st.current.ID)
	for _, s := range streams {
		require.NotContains(t, s.naming(own), resolvers.ConversationID(theirs.current.ID))
	}
}

// naming reads items up to the one that names the id, and gives their text.
func (st *stream) naming(id string) (text string) {
	st.t.Helper()
	for !strings.Contains(text, `"`+id+`"`) {
		m := st.message()
		require.Equal(st.t, "next", m.Type, "%s", m.Payload)
		text += string(m.Payload)
	}
	return text
}

// reassign gives the conversation to a team.
func (st *stage) reassign(team string) {
	st.t.Helper()
	st.pass(st.current.ID, access.Owner{Team: st.team(team)}, "")
}

// unnamed is a text of an answer with its errors in a fixed order, as those of rows come as
// they are found, and without the ids that the caller gave, which the results of
// actOnConversations repeat.
func (a argument) unnamed(text string) string {
	text = ordered(text)
	if a.field.Name != "actOnConversations" {
		return text
	}
	return regexp.MustCompile(`"conversationId":"[^"]*"`).ReplaceAllString(text, "")
}
