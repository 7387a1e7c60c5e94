package resolvers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// leavings are the ways in which somebody's mark is over although it was said a moment
// ago: whoever may not be there is shown to nobody.
func leavings() map[string]struct {
	who   string
	leave func(w *space, c inbox.Conversation)
} {
	type leaving = struct {
		who   string
		leave func(w *space, c inbox.Conversation)
	}
	return map[string]leaving{
		"the member is removed": {"agent2", func(w *space, _ inbox.Conversation) {
			w.editMember("agent2", func(m *workspace.Member) { m.Removed = true })
		}},
		"the roles are taken": {"agent2", func(w *space, _ inbox.Conversation) {
			w.editMember("agent2", func(m *workspace.Member) { m.Roles = nil })
		}},
		"the team is left": {"agent2", func(w *space, _ inbox.Conversation) {
			w.editMember("agent2", func(m *workspace.Member) { m.Teams = nil })
		}},
		"owners hide what they own": {"agent2", func(w *space, _ inbox.Conversation) {
			w.editWorkspace(func(ws *workspace.Workspace) { ws.Rules.Visibility = workspace.VisibleExclusive })
		}},
		"a role to watch is given": {"agent2", func(w *space, _ inbox.Conversation) {
			w.editMember("agent2", func(m *workspace.Member) { m.Roles = []workspace.RoleName{"manager"} })
		}},
		"the contact's token is revoked": {"contact", func(w *space, c inbox.Conversation) {
			_, err := w.service.Desk.RevokeContactTokens(w.t.Context(), w.principal("owner"), desk.ConversationRef{ID: c.ID}, "")
			require.NoError(w.t, err)
		}},
		"the key that issued the token is revoked": {"contact of website", func(w *space, _ inbox.Conversation) {
			w.edit(func(d *workspace.Directory) workspace.DirectoryChange {
				k := d.Keys[w.key("website")]
				k.Hash, k.RevokedAt, k.Rev = "", time.Now().UTC().Truncate(time.Millisecond), k.Rev+1
				return workspace.DirectoryChange{Key: &k}
			})
		}},
	}
}

// Nobody is shown who may not be at the conversation any more.
func TestWhoeverMayNotBeThereIsShownToNobody(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for name, row := range leavings() {
			t.Run(name, func(t *testing.T) {
				w := s.newSpace(t, "enterprise", nil)
				c := w.owned("agent1")
				owner := w.as("agent1").follow(followAttention, at(c)).begun()
				caller := map[string]*client{"contact": w.contact(c), "contact of website": w.with(c.ContactPrincipal(w.key("website")))}[row.who]
				if caller == nil {
					caller = w.as(row.who)
				}
				caller.showed(c, "TYPING")
				require.Len(t, owner.attended(), 1)
				row.leave(w, c)
				owner.until(c, "")
			})
		}
	})
}

// Whoever loses a conversation out of sight is shown that nobody is there any more, and
// nothing of what happens behind their back: the next thing they are shown is what is
// so after they see it again, or the end.
func TestLostConversationsShowNobody(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for name, how := range losses() {
			t.Run(name, func(t *testing.T) {
				k := keeps(t, s)
				c, lost := k.conversation, k.as("agent1")
				marker := k.ticket("agent1")
				follow := map[string]*stream{
					"ids": lost.follow(followAttention, at(c, marker)).begun(), "view": lost.follow(followAttention, vars{"of": object{"view": object{}}}).begun(),
				}
				k.as("senior").showed(c, "TYPING")
				for _, st := range follow {
					st.until(c, "Samira Haddad TYPING")
				}
				k.lose(how)
				if k.gone {
					for _, st := range follow {
						require.Equal(t, "UNAUTHENTICATED", st.ending("Samira"))
					}
					return
				}
				for _, st := range follow {
					st.until(c, "")
				}
				k.contact(c).shows(c, "TYPING")
				k.as("senior").shows(c, "DRAFTING")
				require.NotEmpty(t, column(t, lost.shows(c, "VIEWING").at("showAttention.userErrors"), "code"))
				if !k.sees(lost, marker) {
					return
				}
				k.contact(marker).showed(marker, "TYPING")
				for name, st := range follow {
					require.Equal(t, map[string]string{resolvers.ConversationID(marker.ID): "Vera Visitor TYPING"}, st.attended(), name)
				}
			})
		}
	})
}

// sees reports whether the client may still read a conversation.
func (k *keeper) sees(who *client, c inbox.Conversation) bool {
	return who.do(`query($id: ID!) { conversation(id: $id) { id } }`, vars{"id": resolvers.ConversationID(c.ID)}).code() == ""
}

// Nothing of another workspace is shown or said, and a made-up id is as a foreign one.
func TestAttentionStaysInItsWorkspace(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w, other := s.newSpace(t, "enterprise", nil), s.newSpace(t, "enterprise", nil)
		c, theirs := w.ticket("team support"), other.ticket("team support")
		st := other.as("owner").follow(followAttention, at(c, theirs)).begun()
		visitor := other.contact(other.chat()).follow(followAttention, at(c, theirs)).begun()
		w.as("agent1").showed(c, "TYPING")
		made := inbox.Conversation{ID: "01JMADEUP0000000000000000"}
		require.Equal(t, other.as("owner").shows(made, "TYPING").at("showAttention"), other.as("owner").shows(c, "TYPING").at("showAttention"))
		require.Equal(t, []string{"NOT_FOUND"}, column(t, other.as("owner").shows(c, "TYPING").at("showAttention.userErrors"), "code"))
		other.as("agent1").showed(theirs, "TYPING")
		require.Equal(t, map[string]string{resolvers.ConversationID(theirs.ID): "Anna Berg TYPING"}, st.attended())
		require.Equal(t, "Anna Berg TYPING", people(t, w.as("agent2").shows(c, "VIEWING").at("showAttention.present")))
		_, err := s.service.Admin.Suspend(t.Context(), other.id)
		require.NoError(t, err)
		require.Equal(t, suspendedCode, st.ending())
		require.Equal(t, suspendedCode, visitor.ending(), "the contact of the other was shown nothing")
	})
}

// A view shows who is at the conversations that it holds now.
func TestAViewShowsThoseAtItsConversations(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c, rest := w.ticket("team support"), w.ticket("team support")
		rows := w.as("agent2").follow(followAttention, vars{"of": object{"view": object{"list": "MINE"}}}).begun()
		w.as("agent1").showed(c, "VIEWING")
		w.as("agent1").showed(rest, "VIEWING")
		w.claim(c, "agent2")
		rows.until(c, "Anna Berg VIEWING")
		w.pass(c.ID, access.Owner{Member: w.member("agent1")}, "")
		rows.until(c, "")
	})
}
