package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// ended is a credential and the mutation that ends it.
type ended struct {
	holder func(w *space, c inbox.Conversation) *client
	// follows is a subscription that the holder may run; id is the conversation.
	follows string
	end     string
	named   func(w *space, c inbox.Conversation) string
}

// credentials has a row for each kind of caller that has one.
func credentials() map[workspace.ActorKind]ended {
	as := func(who string) func(*space, inbox.Conversation) *client {
		return func(w *space, _ inbox.Conversation) *client { return w.as(who) }
	}
	id := func(name string) func(*space, inbox.Conversation) string {
		return func(w *space, _ inbox.Conversation) string { return w.global(name) }
	}
	events := `subscription { assignmentEvents { cursor } }`
	return map[workspace.ActorKind]ended{
		workspace.ActorMember:  {as("agent2"), events, `mutation($id: ID!) { payload: removeMember(input: {id: $id}) { userErrors { code } } }`, id("member agent2")},
		workspace.ActorAgent:   {as("ai2"), events, `mutation($id: ID!) { payload: removeAiAgent(input: {id: $id}) { userErrors { code } } }`, id("agent ai2")},
		workspace.ActorPartner: {as("partner"), events, `mutation($id: ID!) { payload: revokeApiKey(input: {id: $id}) { userErrors { code } } }`, id("key partner")},
		workspace.ActorContact: {
			func(w *space, c inbox.Conversation) *client { return w.contact(c) }, followPlace,
			`mutation($id: ID!) { payload: revokeContactTokens(input: {conversationId: $id}) { userErrors { code } } }`,
			func(_ *space, c inbox.Conversation) string { return resolvers.ConversationID(c.ID) },
		},
	}
}

// There is no credential that nothing can end: a mutation ends each kind, and from
// then on requests, sockets that were open before, and subscriptions that run are
// refused. B:Z4, B:Z6
func TestEveryCredentialCanBeEnded(t *testing.T) {
	for _, kind := range []workspace.ActorKind{workspace.ActorMember, workspace.ActorAgent, workspace.ActorPartner, workspace.ActorContact} {
		require.Contains(t, credentials(), kind)
	}
	onEngines(t, func(t *testing.T, s *server) {
		for kind, row := range credentials() {
			t.Run(string(kind), func(t *testing.T) {
				w := s.newSpace(t, "enterprise", nil)
				c := w.chat()
				holder := row.holder(w, c)
				open := holder.connect()
				running := holder.follow(row.follows, vars{"id": resolvers.ConversationID(c.ID)})
				require.Empty(t, holder.do(`{ viewer { contact { name } } }`, nil).code())
				require.Empty(t, w.as("owner").do(row.end, vars{"id": row.named(w, c)}).at("payload.userErrors"))
				require.Equal(t, "UNAUTHENTICATED", holder.do(`{ viewer { contact { name } } }`, nil).code())
				require.Equal(t, "UNAUTHENTICATED", open.subscribe(`{ viewer { contact { name } } }`, nil).only().code())
				for m := running.message(); ; m = running.message() {
					if m.Type == "error" {
						require.Contains(t, string(m.Payload), "UNAUTHENTICATED")
						break
					}
				}
			})
		}
	})
}
