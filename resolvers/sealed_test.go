package resolvers_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// cursorField is where a response has a cursor: the field, and a request that
// shows it, where $id is a conversation.
type cursorField struct{ field, as, query string }

// cursorFields are all fields of the schema that show a cursor.
func cursorFields() []cursorField {
	return []cursorField{
		{"Query.liveCursor", "owner", `query { liveCursor }`},
		{"ConversationConnection.liveCursor", "agent1", `query { conversations { liveCursor } }`},
		{"ConversationEdge.cursor", "owner", `query { conversations { edges { cursor } } }`},
		{"MessageEdge.cursor", "owner", `query($id: ID!) { conversation(id: $id) { messages { edges { cursor } } } }`},
		{"AssignmentEventHistoryEdge.cursor", "owner", `query($id: ID!) { conversation(id: $id) { history { edges { cursor } } } }`},
		{"PageInfo.startCursor", "owner", `query($id: ID!) { conversation(id: $id) { history { pageInfo { startCursor } } } }`},
		{"PageInfo.endCursor", "owner", `query { conversations { pageInfo { endCursor } } }`},
		{"NotificationEdge.cursor", "manager", `query { notifications { edges { cursor } } }`},
		{"LoggedEvent.cursor", "owner", `query { eventLog { nodes { cursor } } }`},
		{"LoggedEventEdge.cursor", "owner", `query { eventLog { edges { cursor } } }`},
		{"WebhookEdge.cursor", "owner", `query { webhooks { edges { cursor } } }`},
		{"DeliveryEdge.cursor", "owner", `query { webhooks { nodes { deliveries { edges { cursor } } } } }`},
		{"OfferEdge.cursor", "agent1", `query { offers(side: SENT) { edges { cursor } } }`},
		{"ApiKeyEdge.cursor", "owner", `query { apiKeys { edges { cursor } } }`},
		{"ContactEdge.cursor", "owner", `query { contacts { edges { cursor } } }`},
		{"AuditEdge.cursor", "owner", `query { auditLog { edges { cursor } } }`},
		{"MemberEdge.cursor", "owner", `query { members { edges { cursor } } }`},
		{"TeamEdge.cursor", "owner", `query { teams { edges { cursor } } }`},
		{"SavedViewEdge.cursor", "owner", `query { savedViews { edges { cursor } } }`},
		{"AssignableEdge.cursor", "owner", `query($id: ID!) { assignableMembers(conversationId: $id) { edges { cursor } } }`},
		{"AssignmentEventEdge.cursor", "owner", `subscription($after: Cursor) { assignmentEvents(after: $after) { cursor } }`},
		{"ConversationUpdate.cursor", "owner", `subscription($id: ID!, $after: Cursor) { conversationUpdates(id: $id, after: $after) { cursor } }`},
		{"InboxChange.cursor", "agent1", `subscription($after: Cursor) { inboxChanges(view: {}, after: $after) { cursor } }`},
		{"InboxCountsChange.cursor", "agent1", `subscription { inboxCounts(views: [{list: ALL}]) { cursor } }`},
		{"WorkloadsChange.cursor", "owner", `subscription { workloads { cursor } }`},
	}
}

// Every field that shows a cursor is among them.
func TestCursorFieldsAreCovered(t *testing.T) {
	listed := map[string]bool{}
	for _, f := range cursorFields() {
		listed[f.field] = true
	}
	for _, d := range ownTypes(loadSchema(t)) {
		for _, f := range d.Fields {
			if name := d.Name + "." + f.Name; f.Type.Name() == "Cursor" && d.Kind == "OBJECT" {
				require.True(t, listed[name], "%s shows a cursor: add a request for it to cursorFields", name)
			}
		}
	}
}

// toModel gives the texts under a field's name.
func toModel(from any, name string) (out []string) {
	switch v := from.(type) {
	case object:
		for key, value := range v {
			if text, ok := value.(string); ok && key == name {
				out = append(out, text)
			}
			out = append(out, toModel(value, name)...)
		}
	case []any:
		for _, value := range v {
			out = append(out, toModel(value, name)...)
		}
	}
	return out
}

// forms are what a text may stand for, in every usual form and two levels deep.
func forms(text string, depth int) []string {
	out := []string{text}
	if depth == 0 {
		return out
	}
	for _, decode := range []func(string) ([]byte, error){
		base64.RawURLEncoding.DecodeString, base64.URLEncoding.DecodeString, base64.RawStdEncoding.DecodeString, base64.StdEncoding.DecodeString, hex.DecodeString,
	} {
		if data, err := decode(text); err == nil {
			out = append(out, forms(string(data), depth-1)...)
			var fields map[string]any
			if json.Unmarshal(data, &fields) == nil {
				for _, value := range fields {
					if inner, ok := value.(string); ok {
						out = append(out, forms(inner, depth-1)...)
					}
				}
			}
		}
	}
	return out
}

// known are ids and positions of all that happened since position.
func (s *server) known(t *testing.T, position string) []string {
	t.Helper()
	feed, err := s.store.WatchWorkspace(t.Context(), "", position)
	require.NoError(t, err)
	defer func() { require.NoError(t, feed.Close(t.Context())) }()
	found := map[string]bool{}
	for {
		item, more, err := feed.TryNext(t.Context())
		require.NoError(t, err)
		if !more {
			return slices.DeleteFunc(slices.Collect(maps.Keys(found)), func(id string) bool { return len(id) < 6 })
		}
		e := item.Event
		raw, _ := base64.RawURLEncoding.DecodeString(item.Position) // one engine's positions are no such text
		for _, id := range []string{string(e.ID), string(e.Workspace), string(e.Conversation), e.Actor.ID, item.Position, string(raw), string(e.To.Assignee), string(e.To.Team)} {
			found[id] = true
		}
	}
}

// No cursor holds anything that could be read: not an id, not a position, in no
// form. B:Z7
func TestCursorsHoldNothingToRead(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		begin, err := s.store.Watch(t.Context(), "")
		require.NoError(t, err)
		position := begin.Position()
		require.NoError(t, begin.Close(t.Context()))
		st, other := s.furnished(t, schema), s.furnished(t, schema)
		after := st.as("owner").do(`{ liveCursor }`, nil).at("liveCursor")
		st.succeed(deed{As: "manager", Do: "assignConversation", Input: object{"to": object{"memberId": "@member agent1"}}})
		other.chat()
		st.offer("")
		st.succeed(deed{As: "agent1", Do: "sendMessage", Input: object{"body": "Hello"}})
		st.settle()
		needles := s.known(t, position)
		require.Greater(t, len(needles), 10)
		readable := func(text string) (found []string) {
			for _, form := range forms(text, 3) {
				for _, id := range needles {
					if strings.Contains(form, id) {
						found = append(found, id)
					}
				}
			}
			return found
		}
		for _, f := range cursorFields() {
			v := vars{"id": resolvers.ConversationID(st.current.ID), "after": after}
			maps.DeleteFunc(v, func(name string, _ any) bool { return !strings.Contains(f.query, "$"+name) })
			var got any
			if strings.HasPrefix(f.query, "subscription") {
				got = st.as(f.as).connect().subscribe(f.query, v).item()
			} else {
				got = st.as(f.as).do(f.query, v).ok()
			}
			_, name, _ := strings.Cut(f.field, ".")
			cursors := toModel(got, name)
			require.NotEmpty(t, cursors, "%s: %v", f.field, got)
			for _, cursor := range cursors {
				require.Empty(t, readable(cursor), "%s can be read: %s", f.field, cursor)
				opened, err := s.seals.Open(st.id, cursor)
				require.NoError(t, err, f.field)
				if name == "liveCursor" || f.as == "manager" {
					require.NotEmpty(t, readable(base64.RawURLEncoding.EncodeToString(opened)), "%s: what would be read, were it not sealed", f.field)
				}
			}
		}
	})
}

// places are all live cursors that a caller can ask for, as one text.
func (c *client) places(conversations bool) string {
	query := `{ liveCursor }`
	if conversations {
		query = `{ liveCursor conversations { liveCursor } mine: conversations(view: {list: MINE}) { liveCursor } }`
	}
	return c.do(query, nil).text
}

// inOneTick runs f again while it fell into two ticks, in which all places move.
func inOneTick(f func()) {
	minute := func() int64 { return time.Now().Unix() / 60 }
	for {
		began := minute()
		if f(); minute() == began {
			return
		}
	}
}

// The places that a caller is handed move with what the caller may see, and with
// nothing else: not with what happens in another workspace, and not with what
// happens out of sight in one's own. B:Z7
func TestLiveCursorsMoveWithWhatOneMaySee(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w, other := s.newSpace(t, "enterprise", nil), s.newSpace(t, "enterprise", nil)
		mine, theirs := w.owned("agent1"), other.owned("agent1")
		sales := w.owned("sales1")
		visitor := w.contact(mine)
		all := map[string]*client{"owner": w.as("owner"), "agent1": w.as("agent1"), "ai2": w.as("ai2"), "visitor": visitor}
		places := func() map[string]string {
			other.settle() // the feed is one, so all before has come as well
			out := map[string]string{}
			for name, c := range all {
				out[name] = c.places(c != visitor)
			}
			return out
		}
		moved := func(do func()) (who []string) {
			inOneTick(func() {
				who = []string{}
				before := places()
				do()
				after := places()
				for name := range all {
					if before[name] != after[name] {
						who = append(who, name)
					}
				}
			})
			slices.Sort(who)
			return who
		}
		note := func(w *space, who string, c inbox.Conversation) {
			_, err := w.service.Messages.Send(t.Context(), w.principal(who), desk.SendRequest{Conversation: c.ID, Body: "note", Internal: true})
			require.NoError(t, err)
		}
		require.Empty(t, moved(func() {}))
		require.Empty(t, moved(func() {
			for range 25 {
				note(other, "agent1", theirs)
			}
		}), "25 notes of another workspace")
		require.Equal(t, []string{"owner"}, moved(func() { note(w, "sales1", sales) }), "out of the sight of all but one")
		require.Equal(t, []string{"agent1", "owner"}, moved(func() { note(w, "agent1", mine) }), "a note that the visitor is not shown")
		require.Equal(t, []string{"agent1", "owner", "visitor"}, moved(func() { w.says(contactOf(mine), mine, "Hello") }))
		require.Equal(t, []string{"agent1", "ai2", "owner"}, moved(func() { w.start(newChatOf(w, "ai2")) }))
	})
}

// Who goes on behind a place that did not move misses nothing, and is told again
// no more than what happened since it last moved. B:V3
func TestNothingFallsBehindAPlaceThatDidNotMove(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		mine := w.owned("agent1")
		visitor := w.contact(mine)
		w.owned("sales1")
		w.settle()
		at := visitor.do(`{ liveCursor }`, nil).at("liveCursor")
		for range 3 {
			w.owned("sales1")
		}
		said := w.says(contactOf(mine), mine, "Anybody?")
		st := visitor.followAtOnce(`subscription($id: ID!, $after: Cursor) { conversationUpdates(id: $id, after: $after) { gap message { id } } }`,
			vars{"id": resolvers.ConversationID(mine.ID), "after": at})
		want := resolvers.GlobalID("Message", said.Messages[0].ID)
		for {
			item := st.item()
			require.Equal(t, false, item["gap"])
			if message, ok := item["message"].(object); ok && message["id"] == want {
				return
			}
		}
	})
}

// A live cursor whose key is gone is a gap: the client fetches again. One that was
// never given is refused. B:V3
func TestALiveCursorThatIsTooOldIsAGap(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.chat()
		id := resolvers.ConversationID(c.ID)
		owner := w.as("owner")
		at := owner.do(`{ liveCursor conversations { edges { cursor } } }`, nil)
		live, page := at.at("liveCursor"), column(t, at.at("conversations.edges"), "cursor")[0]
		s.ageSeals(t)
		for _, query := range []string{
			`subscription($after: Cursor) { stream: assignmentEvents(after: $after) { gap cursor } }`,
			`subscription($after: Cursor) { stream: inboxChanges(view: {}, after: $after) { gap cursor } }`,
			`subscription($after: Cursor) { stream: conversationUpdates(id: "` + id + `", after: $after) { gap cursor } }`,
		} {
			item := owner.connect().subscribe(query, vars{"after": live}).item()
			require.Equal(t, true, item["gap"], query)
			require.NotEmpty(t, item["cursor"])
			unsealed := base64.RawURLEncoding.EncodeToString([]byte(`{"l":"1","k":"2","i":"live"}`))
			for _, bad := range []string{unsealed, "x", never(t, item["cursor"].(string))} {
				require.Equal(t, "INVALID_CURSOR", owner.connect().subscribe(query, vars{"after": bad}).refused(), bad)
			}
		}
		require.Equal(t, "INVALID_CURSOR", owner.do(`query($after: Cursor) { conversations(after: $after) { edges { cursor } } }`, vars{"after": page}).code())
	})
}
