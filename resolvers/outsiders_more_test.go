package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// Whoever may neither claim nor take over does not come to own by reopening. B:O1, B:O4
func TestReopeningTakesNothingThatCannotBeClaimed(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", func(d *workspace.Directory) {
		d.Workspace.Rules.OnCloseChat = workspace.KeepAssignee
		d.Workspace.CustomRoles = []workspace.CustomRole{{Name: "answers", Permissions: []workspace.Permission{
			{Kind: workspace.Livechat, Action: workspace.PermReply, Scope: workspace.ScopeTeam}, {Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeTeam},
		}}}
		m := d.Members[workspace.MemberID(string(d.Workspace.ID)+"-agent2")]
		m.Roles = []workspace.RoleName{"answers"}
		d.Members[m.ID] = m
	})
	c := w.owned("agent1")
	closeChat(w, c)
	w.editMember("agent1", func(m *workspace.Member) { m.Availability = workspace.Offline })
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
