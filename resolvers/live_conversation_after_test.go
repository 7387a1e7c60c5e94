package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

const followConversationAfter = `subscription($id: ID!, $after: Cursor) { conversationUpdates(id: $id, after: $after) {
	cursor gap accessLost event { kind } message { body } conversation { version assignee { name } }
} }`

// said lets somebody write, and answers where the stream is behind it.
func (st *stream) said(w *space, id inbox.ConversationID, who, body string) string {
	w.t.Helper()
	_, err := w.service.Messages.Send(w.t.Context(), w.principal(who), desk.SendRequest{Conversation: id, Body: body})
	require.NoError(w.t, err)
	cursor, _ := st.item()["cursor"].(string)
	require.NotEmpty(w.t, cursor)
	return cursor
}

// A client that comes back is told what it missed of its conversation, and
// nothing of others. B:V7
func TestConversationUpdatesGoOnBehindACursor(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		seen := w.as("agent1").followConversation(c.ID).said(w, c.ID, "agent1", "first")
		w.owned("agent2") // of no concern
		_, err := w.service.Messages.Send(t.Context(), w.principal("agent1"), desk.SendRequest{Conversation: c.ID, Body: "second"})
		require.NoError(t, err)
		message := "I take it from here"
		_, err = w.service.Desk.TakeOver(t.Context(), w.principal("senior"), desk.Request{Conversation: c.ID}, &message, "")
		require.NoError(t, err)

		again := w.as("agent1").follow(followConversationAfter, vars{"id": resolvers.ConversationID(c.ID), "after": seen})
		for _, want := range []object{
			{"event": nil, "message": object{"body": "second"}},
			{"event": object{"kind": "TAKEN_OVER"}, "message": object{"body": "Samira Haddad is now in the conversation."}, "conversation": object{"assignee": object{"name": "Samira Haddad"}}},
			{"event": nil, "message": object{"body": message}},
		} {
			want["gap"], want["accessLost"] = false, false
			requireMatch(t, want, again.item(), "item")
		}
		_, err = w.service.Desk.Leave(t.Context(), w.principal("senior"), desk.Request{Conversation: c.ID})
		require.NoError(t, err)
		requireMatch(t, object{"gap": false, "event": object{"kind": "LEFT"}}, again.item(), "it goes on live")
	})
}

// What happened while the conversation was out of the caller's sight is not
// told, and said to be missing. B:Z4
func TestConversationThatWasOutOfSightComesBackWithAGap(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.Visibility = workspace.VisibleExclusive })
		c := w.owned("agent1")
		seen := w.as("agent1").followConversation(c.ID).said(w, c.ID, "agent1", "first")
		secret := "not for Anna while it was not hers"
		_, err := w.service.Desk.TakeOver(t.Context(), w.principal("manager"), desk.Request{Conversation: c.ID}, &secret, "")
		require.NoError(t, err)
		_, err = w.service.Desk.Transfer(t.Context(), w.principal("manager"), desk.Request{Conversation: c.ID}, access.Owner{Member: w.member("agent1")}, "")
		require.NoError(t, err)

		again := w.as("agent1").follow(followConversationAfter, vars{"id": resolvers.ConversationID(c.ID), "after": seen})
		requireMatch(t, object{
			"gap": true, "accessLost": false, "event": object{"kind": "TRANSFERRED"}, "conversation": object{"assignee": object{"name": "Anna Berg"}},
		}, again.item(), "item")
	})
}

// A place that nobody has any more is a gap, and the conversation as it is. B:V3
func TestConversationUpdatesSayThatTheyMissed(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c := w.owned("agent1")
	st := w.as("owner").follow(followConversationAfter, vars{"id": resolvers.ConversationID(c.ID)})
	s.hub.Gap(s.hub.Position())
	requireMatch(t, object{"gap": true, "event": nil, "message": nil, "conversation": object{"version": number(2)}}, st.item(), "item")
	st.said(w, c.ID, "agent1", "and on")
	require.Equal(t, "INVALID_CURSOR", w.as("owner").connect().subscribe(followConversationAfter, vars{"id": resolvers.ConversationID(c.ID), "after": "nonsense"}).refused())
}

// Who fetches, and follows behind the answer's cursor, misses nothing of what
// happens between the two; what came before may be told once more. B:V8
func TestNothingFallsBetweenAnAnswerAndItsStream(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		id, visitor := resolvers.ConversationID(c.ID), w.contact(c)
		read := visitor.do(`query($id: ID!) { liveCursor conversation(id: $id) { messages(last: 9) { nodes { body } } } }`, vars{"id": id})
		require.NotContains(t, read.text, "between")
		_, err := w.service.Messages.Send(t.Context(), w.principal("agent1"), desk.SendRequest{Conversation: c.ID, Body: "between"})
		require.NoError(t, err)

		follow := `subscription($id: ID!, $after: Cursor) { conversationUpdates(id: $id, after: $after) { gap message { body } } }`
		st := visitor.follow(follow, vars{"id": id, "after": read.at("liveCursor")})
		for item := st.item(); ; item = st.item() {
			require.Equal(t, false, item["gap"])
			if m, ok := item["message"].(map[string]any); ok && m["body"] == "between" {
				return
			}
		}
	})
}
