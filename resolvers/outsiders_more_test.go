package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/resolvers"
)

// Whoever may neither claim nor take over does not come to own by reopening. B:O1, B:O4
func TestReopeningTakesNothingThatCannotBeClaimed(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", func(d *inbox.Directory) {
		d.Workspace.Rules.OnCloseChat = inbox.KeepAssignee
		d.Workspace.CustomRoles = []inbox.CustomRole{{Name: "answers", Permissions: []inbox.Permission{
			{Kind: inbox.Livechat, Action: inbox.PermReply, Scope: inbox.ScopeTeam}, {Kind: inbox.Livechat, Action: inbox.PermView, Scope: inbox.ScopeTeam},
		}}}
		m := d.Members[inbox.MemberID(string(d.Workspace.ID)+"-agent2")]
		m.Roles = []inbox.RoleName{"answers"}
		d.Members[m.ID] = m
	})
	c := w.owned("agent1")
	closeChat(w, c)
	w.editMember("agent1", func(m *inbox.Member) { m.Availability = inbox.Offline })
	w.settle()
	w.as("agent2").do(`mutation($id: ID!) { reopenAndReply(input: {conversationId: $id, body: "x"}) { conversation { id } } }`, vars{"id": resolvers.ConversationID(c.ID)})
	require.NotEqual(t, w.member("agent2"), w.stored(c.ID).Assignee)
}

// Knowing a contact's id of the website opens nothing of a contact out of sight.
func TestAContactsExternalIDOpensNothing(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.claim(w.alices(t), "agent1")
		require.Contains(t, w.as("sales1").do(`query($id: ID!) { conversation(id: $id) { id } }`, vars{"id": resolvers.ConversationID(c.ID)}).text, "PERMISSION_DENIED")
		got := w.as("sales1").do(`mutation { startLivechat(input: {contact: {externalId: "alice"}}) { conversation { contact { name email externalId } } userErrors { code } } }`, nil)
		require.NotContains(t, got.text, "alice@example.test")
	})
}
