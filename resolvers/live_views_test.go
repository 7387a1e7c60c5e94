package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

const followView = `subscription($view: InboxView!, $after: Cursor) { inboxChanges(view: $view, after: $after) {
	cursor gap change reason conversationId conversation { id version status assignee { name } lastMessage { body } }
} }`

// B:V4
func TestViewsAreToldWhatEntersAndLeaves(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		unassigned := w.as("agent1").follow(followView, vars{"view": object{"list": "UNASSIGNED"}})
		mine := w.as("agent1").follow(followView, vars{"view": object{"list": "MINE", "statuses": []string{"OPEN", "UNSET"}}})
		sales := w.as("sales1").follow(followView, vars{"view": object{"list": "MY_TEAMS"}})
		bots := w.as("manager").follow(followView, vars{"view": object{"handlers": []string{"AI"}, "search": "parc ver"}})
		started, err := w.service.Intake.StartLivechat(t.Context(), w.principal("website"), desk.NewConversation{
			Agent: w.agent("ai"), Subject: "A late parcel", Contact: contacts.NewContact{Name: "Véra"},
		})
		require.NoError(t, err)
		c := started.Conversation
		id := resolvers.ConversationID(c.ID)
		told := func(st *stream, change string, reason any, shown object) {
			t.Helper()
			item := st.item()
			require.NotEmpty(t, item["cursor"])
			require.Equal(t, []any{false, change, reason, id}, []any{item["gap"], item["change"], item["reason"], item["conversationId"]})
			if shown == nil {
				require.Nil(t, item["conversation"])
				return
			}
			requireMatch(t, shown, item["conversation"], "conversation")
		}
		told(unassigned, "ENTERED", nil, object{"id": id, "version": number(1)})
		told(bots, "ENTERED", nil, object{"id": id})

		w.claim(c, "agent1")
		told(unassigned, "LEFT", "REASSIGNED", object{"assignee": object{"name": "Anna Berg"}})
		told(bots, "LEFT", "REASSIGNED", object{"id": id})
		told(mine, "ENTERED", nil, object{"version": number(2)})

		_, err = w.service.Messages.Send(t.Context(), w.principal("agent1"), desk.SendRequest{Conversation: c.ID, Body: "Hello"})
		require.NoError(t, err)
		told(mine, "UPDATED", nil, object{"lastMessage": object{"body": "Hello"}})

		w.pass(c.ID, access.Owner{Member: w.member("sales1")}, "")
		told(mine, "LEFT", "NO_LONGER_PERMITTED", nil)

		w.pass(c.ID, access.Owner{Team: w.team("sales")}, "")
		told(sales, "ENTERED", nil, object{"id": id})
		w.pass(c.ID, access.Owner{Member: w.member("agent1")}, "")
		told(mine, "ENTERED", nil, object{"id": id})
		_, err = w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID}, inbox.Closed)
		require.NoError(t, err)
		told(mine, "LEFT", "STATUS_CHANGED", object{"status": "CLOSED"})
	})
}

// Rights that change move what a view holds without any event of a
// conversation: the client is told to fetch again. Rights that do not matter to
// the view change nothing. B:V4, B:Z4
func TestChangedRightsAreAGapInAView(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.ticket("sales1")
		mine := w.as("agent1").follow(followView, vars{"view": object{"list": "ALL"}})
		all := w.as("manager").follow(followView, vars{"view": object{"list": "ALL"}})
		note := func() {
			_, err := w.service.Messages.Send(t.Context(), w.principal("sales1"), desk.SendRequest{Conversation: c.ID, Body: "A note", Internal: true})
			require.NoError(t, err)
		}
		note()
		w.editMember("agent1", func(m *workspace.Member) { m.Teams = append(m.Teams, w.team("sales")) })
		require.Equal(t, true, mine.item()["gap"], "more is in sight now")
		note()
		require.Equal(t, "UPDATED", mine.item()["change"], "what came into sight is told")

		w.editMember("agent1", func(m *workspace.Member) { m.Teams = m.Teams[:1] })
		gap := mine.item()
		require.Equal(t, []any{true, nil, nil, nil}, []any{gap["gap"], gap["change"], gap["conversationId"], gap["conversation"]}, "less is in sight now")
		note()
		w.pass(c.ID, access.Owner{Member: w.member("agent1")}, "")
		require.Equal(t, "ENTERED", mine.item()["change"], "nothing was told of what was out of sight")
		for _, change := range []string{"UPDATED", "UPDATED", "UPDATED", "UPDATED"} {
			item := all.item()
			require.Equal(t, []any{false, change}, []any{item["gap"], item["change"]}, "the manager sees all, whoever is in which team")
		}
		refused := w.with(contactOf(c)).connect().subscribe(followView, vars{"view": object{"list": "ALL"}})
		require.Equal(t, "PERMISSION_DENIED", refused.refused())
	})
}

// A page says where it can be kept right from. Whoever comes back is told what
// was missed, or that it cannot be told: also when the rights changed meanwhile.
// B:V3, B:V4
func TestComingBackToAView(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.chat()
		view := object{"list": "UNASSIGNED"}
		w.settle()
		page := w.as("agent1").do(`query($view: InboxView) { conversations(view: $view) { liveCursor nodes { id } } }`, vars{"view": view})
		require.Equal(t, []string{resolvers.ConversationID(c.ID)}, column(t, page.at("conversations.nodes"), "id"))
		since := page.at("conversations.liveCursor")
		require.IsType(t, "", since)
		w.claim(c, "agent1")
		w.chat()
		w.settle()

		back := w.as("agent1").follow(followView, vars{"view": view, "after": since})
		require.Equal(t, "LEFT", back.item()["change"])
		entered := back.item()
		require.Equal(t, "ENTERED", entered["change"])
		w.chat()
		require.Equal(t, "ENTERED", back.item()["change"], "it goes on live")

		s.hub.Gap(s.hub.Position())
		require.Equal(t, true, back.item()["gap"])
		again := w.as("agent1").follow(followView, vars{"view": view, "after": entered["cursor"]})
		require.Equal(t, "ENTERED", again.item()["change"], "the database tells what this server cannot")

		w.editMember("agent1", func(m *workspace.Member) { m.Teams = append(m.Teams, w.team("sales")) })
		w.settle()
		moved := w.as("agent1").follow(followView, vars{"view": view, "after": entered["cursor"]})
		require.Equal(t, true, moved.item()["gap"], "the rights are not those of the cursor")
		w.chat()
		require.Equal(t, "ENTERED", moved.item()["change"])

		for _, bad := range []string{"", "x"} {
			require.Equal(t, "INVALID_CURSOR", w.as("owner").connect().subscribe(followView, vars{"view": view, "after": bad}).refused())
		}
		foreign := s.newSpace(t, "enterprise", nil)
		require.Equal(t, "INVALID_CURSOR", foreign.as("owner").connect().subscribe(followView, vars{"view": view, "after": since}).refused())
	})
}
