package resolvers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/graph/contract"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// feederDoors ask for one thing of a conversation by an id, at each door that is open to a
// key that only feeds. kind says what the id is of: a conversation, a message, an event, a
// contact, or the caller's own name for a conversation.
func feederDoors() map[string]struct{ kind, ask string } {
	return map[string]struct{ kind, ask string }{
		"Query.node":                          {"conversation", `query($id: ID!) { node(id: $id) { __typename ... on Conversation { subject } } }`},
		"Query.node of a message":             {"message", `query($id: ID!) { node(id: $id) { __typename ... on Message { body } } }`},
		"Query.node of a note":                {"note", `query($id: ID!) { node(id: $id) { __typename ... on Message { body } } }`},
		"Query.node of an event":              {"event", `query($id: ID!) { node(id: $id) { __typename ... on AssignmentEvent { kind } } }`},
		"Query.node of a contact":             {"contact", `query($id: ID!) { node(id: $id) { __typename ... on Contact { name } } }`},
		"Query.nodes":                         {"conversation", `query($id: ID!) { nodes(ids: [$id]) { __typename } }`},
		"Query.eventLog":                      {"event", `query($id: ID!) { eventLog(from: {eventId: $id}) { nodes { sequence } } }`},
		"Subscription.eventLog":               {"event", `subscription($id: ID!) { eventLog(from: {eventId: $id}) { sequence } }`},
		"Query.conversationByExternalId":      {"name", `query($id: String!) { conversationByExternalId(externalId: $id) { subject } }`},
		"Mutation.postMessage":                {"conversation", `mutation($id: ID!) { postMessage(input: {conversationId: $id, author: {contact: true}, body: "Me"}) { message { id } userErrors { code message field } } }`},
		"Mutation.postMessage by name":        {"name", `mutation($id: String!) { postMessage(input: {conversationExternalId: $id, author: {contact: true}, body: "Me"}) { message { id } userErrors { code message field } } }`},
		"Mutation.createContactToken":         {"conversation", `mutation($id: ID!) { createContactToken(input: {conversationId: $id}) { contactToken userErrors { code message field } } }`},
		"Mutation.createContactToken by name": {"name", `mutation($id: String!) { createContactToken(input: {conversationExternalId: $id}) { contactToken userErrors { code message field } } }`},
		"Mutation.revokeContactTokens":        {"name", `mutation($id: String!) { revokeContactTokens(input: {conversationExternalId: $id}) { conversation { id } userErrors { code message field } } }`},
		"Mutation.markDelivered":              {"message", `mutation($id: ID!) { markDelivered(input: {messageId: $id}) { deliveredAt userErrors { code message field } } }`},
		"Mutation.markRead":                   {"message", `mutation($id: ID!) { markRead(input: {messageId: $id}) { readAt userErrors { code message field } } }`},
		"Mutation.setConversationStatus":      {"conversation", `mutation($id: ID!) { setConversationStatus(input: {conversationId: $id, status: CLOSED}) { conversation { id } userErrors { code message field } } }`},
	}
}

// fedThing is a conversation that a key began, with what was said in it.
type fedThing struct {
	inbox.Conversation
	ids map[string]string
}

// fedBy begins a chat by the key of website, and has it answered and noted on.
func (w *space) fedBy(name string) fedThing {
	w.t.Helper()
	c := w.start(desk.NewConversation{Agent: w.agent("ai"), Subject: "Secret", ExternalID: name, Contact: contacts.NewContact{Name: "Secret", ExternalID: "contact of " + name}, Message: "Secret"})
	c = w.claim(c, "agent1")
	said, note := w.answers(c, "Secret", false), w.answers(c, "Secret", true)
	page, _, err := w.service.Reader.History(w.t.Context(), w.principal("owner"), c.ID, 1, 0)
	require.NoError(w.t, err)
	return fedThing{c, map[string]string{
		"conversation": resolvers.ConversationID(c.ID), "message": said, "note": note, "contact": resolvers.GlobalID("Contact", c.Contact), "name": name,
		"event": resolvers.GlobalID("AssignmentEvent", page.Items[0].ID),
	}}
}

// madeUp are ids of the same kinds that nothing has.
func madeUp() map[string]string {
	return map[string]string{
		"conversation": resolvers.GlobalID("Conversation", "nothing"), "message": resolvers.GlobalID("Message", "nothing"), "note": resolvers.GlobalID("Message", "nothing"),
		"contact": resolvers.GlobalID("Contact", "nothing"), "name": "nothing", "event": resolvers.GlobalID("AssignmentEvent", "nothing"),
	}
}

// A key learns of what another key began nothing that a made-up id would not tell, at any
// door, and no door is left out: each root that is open to such keys is walked or names no
// conversation. The key that began it is let in. B:V12, B:Z7
func TestKeysLearnNothingOfOneAnother(t *testing.T) {
	schema := loadSchema(t)
	doors := feederDoors()
	var walked []string
	for name := range doors {
		walked = append(walked, strings.Fields(name)[0])
	}
	begins := []string{"Mutation.createTicket", "Mutation.startLivechat"} // below
	names := []string{"Query.viewer", "Query.teams", "Query.rateLimit"}   // no conversation
	for name := range contract.Marked(schema, contract.ForIntegrations) {
		if root, _, _ := strings.Cut(name, "."); slices.Contains([]string{"Query", "Mutation", "Subscription"}, root) {
			require.Contains(t, slices.Concat(walked, begins, names), name, "a door that nobody walks")
		}
	}
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		_, other := w.newKey("Other website")
		for name, door := range doors {
			t.Run(name, func(t *testing.T) {
				w := w.in(t)
				theirs, nothing := w.fedBy("chat "+name), madeUp()
				w.numbered()
				ask := func(as *client, id string) string {
					as = &client{t: t, server: w.server, token: as.token, space: w}
					if strings.HasPrefix(door.ask, "subscription") {
						m := as.connect().subscribe(door.ask, vars{"id": id}).message()
						return m.Type + string(m.Payload)
					}
					return as.do(door.ask, vars{"id": id}).text
				}
				got, missing := ask(other, theirs.ids[door.kind]), ask(other, nothing[door.kind])
				require.Equal(t, missing, got)
				require.NotContains(t, got, "Secret")
				if name == "Subscription.eventLog" {
					return
				}
				require.Equal(t, slices.Contains([]string{"note", "event"}, door.kind), missing == ask(w.as("website"), theirs.ids[door.kind]), "by the key that began it")
			})
		}
	})
}

// What another key began cannot be begun again: the refusal is the same whatever there is, and
// nothing is written. Nobody gets it by guessing its name.
func TestNoKeyTakesAConversationByItsName(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		_, other := w.newKey("Other website")
		begin := func(c *client, input object) string {
			input["message"] = "Mine"
			return c.do(`mutation($input: StartLivechatInput!) { startLivechat(input: $input) { conversation { id contact { id name } } contactToken warnings { code } userErrors { code message field } } }`, vars{"input": input}).text
		}
		theirs, closed := w.fedBy("one"), w.fedBy("two")
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), desk.Request{Conversation: closed.ID}, inbox.Closed)
		require.NoError(t, err)
		out, err := w.service.Intake.CreateTicket(t.Context(), w.principal("owner"), desk.NewConversation{Subject: "Secret", ExternalID: "three", To: access.Owner{Team: w.team("sales")}})
		require.NoError(t, err)
		before := w.stored(theirs.ID)
		refused := begin(other, object{"externalId": "one", "contact": object{"externalId": "contact of one"}})
		require.Contains(t, refused, "INVALID_INPUT")
		for _, name := range []string{"two", "three"} {
			require.Equal(t, refused, begin(other, object{"externalId": name, "contact": object{"name": "Somebody"}}), name)
		}
		require.Equal(t, before, w.stored(theirs.ID))
		require.Equal(t, out.Conversation, w.stored(out.Conversation.ID))
		require.NotContains(t, refused, "Secret")
		mine := begin(other, object{"externalId": "four", "contact": object{"name": "Somebody"}})
		require.Contains(t, mine, `"userErrors":[]`)
	})
}

// Each key gets what it began by the log, live and in pages, with the ends, and nothing of
// the other's; also what continues its conversations. B:V12
func TestTheLogOfEachKey(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		_, other := w.newKey("Other website")
		begun := other.do(`mutation { startLivechat(input: {externalId: "theirs", contact: {name: "Theo"}, message: "Theirs"}) { conversation { id } userErrors { code } } }`, nil)
		theirs := begun.at("startLivechat.conversation.id")
		ours := w.fedBy("ours")
		w.say(ours.Conversation, "Ours")
		_, err := w.service.Desk.SetStatus(t.Context(), w.principal("agent1"), desk.Request{Conversation: ours.ID}, inbox.Closed)
		require.NoError(t, err)
		next, err := w.service.Messages.StartNew(t.Context(), w.principal("agent1"), ours.ID, "Continued", "")
		require.NoError(t, err)
		w.numbered()
		read := `{ eventLog(first: 100) { nodes { conversation { id } event { kind } message { body } } } }`
		of := func(c *client) (conversations, said, ends []string) {
			nodes := c.do(read, nil).at("eventLog.nodes")
			for _, n := range nodes.([]any) {
				conversations = append(conversations, dig(t, n, "conversation.id").(string))
				if dig(t, n, "message") != nil {
					said = append(said, dig(t, n, "message.body").(string))
				} else {
					ends = append(ends, dig(t, n, "event.kind").(string))
				}
			}
			slices.Sort(conversations)
			return slices.Compact(conversations), said, ends
		}
		conversations, said, ends := of(w.as("website"))
		require.ElementsMatch(t, []string{ours.ids["conversation"], resolvers.ConversationID(next.Conversation.ID)}, conversations)
		require.Subset(t, said, []string{"Secret", "Ours", "Continued"})
		require.Equal(t, []string{"CLOSED"}, ends)
		conversations, said, ends = of(other)
		require.Equal(t, []string{theirs.(string)}, conversations)
		require.Contains(t, said, "Theirs")
		require.Empty(t, ends)
	})
}

// Whoever manages keys gives the conversations of a key to another, and nobody else does. A
// key that was revoked feeds nothing, its heir all of it, in streams that are open too.
func TestConversationsAreHandedOver(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		ours, nobodys := w.fedBy("ours"), w.ticket("team sales")
		id, heir := w.newKey("Heir")
		_, late := w.newKey("Late")
		lateID := late.do(`{ viewer { apiKey { id } } }`, nil).at("viewer.apiKey.id")
		handOver := `mutation($from: ID, $to: ID!) { payload: handOverConversations(input: {fromApiKeyId: $from, toApiKeyId: $to}) { apiKey { id feedsRest } userErrors { code field } } }`
		give := func(who *client, from, to any) answer { return who.do(handOver, vars{"from": from, "to": to}) }
		find := `{ conversationByExternalId(externalId: "ours") { id } }`
		stream := heir.follow(`subscription { eventLog(filter: {records: [MESSAGE]}, from: {now: true}) { message { body } } }`, nil)
		for _, who := range []string{"agent1", "manager", "observer", "ai"} {
			code, _ := give(w.as(who), w.global("key website"), id).verdict()
			require.Equal(t, "PERMISSION_DENIED", code, who)
		}
		require.Equal(t, "PERMISSION_DENIED", give(heir, w.global("key website"), id).code())
		code, field := give(w.as("owner"), id, id).verdict()
		require.Equal(t, "INVALID_INPUT", code)
		require.Equal(t, []any{"toApiKeyId"}, field)
		require.Equal(t, "NOT_FOUND", heir.do(find, nil).code())
		post := vars{"input": object{"conversationId": resolvers.ConversationID(nobodys.ID), "author": object{"contact": true}, "body": "Hello"}}
		require.Contains(t, late.do(postMessage, post).text, "NOT_FOUND")

		given := give(w.as("owner"), w.global("key website"), id)
		require.Empty(t, given.at("payload.userErrors"), given.text)
		w.settle()
		require.Equal(t, ours.ids["conversation"], heir.do(find, nil).at("conversationByExternalId.id"))
		require.Equal(t, ours.ids["conversation"], w.as("website").do(find, nil).at("conversationByExternalId.id"), "until it is revoked")
		w.write(ours.Conversation, "agent1", "For the heir", false)
		require.Equal(t, "For the heir", dig(t, stream.item(), "message.body"))
		shown := w.as("owner").do(`query($id: ID!) { node(id: $id) { ... on ApiKey { handedToId feedsRest } } }`, vars{"id": w.global("key website")})
		requireMatch(t, object{"handedToId": id, "feedsRest": false}, shown.at("node"), "shown")

		give(w.as("owner"), id, lateID).ok()
		w.settle()
		require.Equal(t, "NOT_FOUND", heir.do(find, nil).code(), "it is given on")
		require.Equal(t, ours.ids["conversation"], late.do(find, nil).at("conversationByExternalId.id"))

		require.NotNil(t, late.do(postMessage, post).at("postMessage.message"), "with what no key began, which website had")
		require.Contains(t, heir.do(postMessage, post).text, "NOT_FOUND")
		require.Equal(t, true, give(w.as("owner"), nil, id).at("payload.apiKey.feedsRest"))
		w.settle()
		require.NotNil(t, heir.do(postMessage, post).at("postMessage.message"))
		require.Contains(t, w.as("owner").audited(nil)[0].(object)["summary"], "api_key.hand_over")
	})
}
