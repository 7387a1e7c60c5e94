package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// What a conversation shows to somebody is found by its own id, too, whoever it is and
// whyever they see the conversation: by permission, or because it is offered to them. B:T6, B:Z7
func TestWhatAConversationShowsIsANode(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for name, to := range map[string]func(w *space) access.Owner{
			"nobody":   nil,
			"a member": func(w *space) access.Owner { return access.Owner{Member: w.member("sales1")} },
		} {
			w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.TransferAcceptance = workspace.TransferOffered })
			c := w.claim(w.start(desk.NewConversation{Contact: contacts.NewContact{ExternalID: "alone", Name: "Alone"}, Agent: w.agent("ai")}), "agent1") // the only one of its contact
			w.answers(c, "said", false)
			if to != nil {
				w.pass(c.ID, to(w), "")
			}
			found, through, offered := 0, 0, false
			callers := principals(w, c)
			callers["sales1"] = w.as("sales1")
			for who, caller := range callers {
				got := caller.do(`query($id: ID!) { conversation(id: $id) { id assignee { id } team { id } contact { id } originAgent { id } offer { id } lastMessage { id } messages(last: 5) { nodes { id } } history(first: 5) { nodes { id } } } }`, vars{"id": w.anID(t, c, "Conversation")})
				if len(got.Errors) > 0 && got.Data["conversation"] == nil {
					continue
				}
				through++
				for _, id := range idsIn(got.Data["conversation"]) {
					node := caller.do(`query($id: ID!) { node(id: $id) { id } }`, vars{"id": id})
					require.Equal(t, object{"id": id}, node.at("node"), "%s, offered to %s: %s", who, name, node.text)
					found++
				}
				offered = offered || who == "sales1"
			}
			require.Greater(t, through, 3)
			require.Greater(t, found, 10)
			require.Equal(t, name == "a member", offered, "only whom it is offered to sees it from elsewhere: %s", name)
		}
	})
}
