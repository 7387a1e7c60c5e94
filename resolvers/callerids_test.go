package resolvers_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// claims are attempts to be taken for somebody else by an id that callers choose,
// one for each argument that takes such an id but for idempotency keys.
func claims() map[string]func(t *testing.T, w *space) {
	return map[string]func(t *testing.T, w *space){
		"Mutation.startLivechat.input.externalId":                   claimChat,
		"Mutation.createTicket.input.externalId":                    claimTicket,
		"Mutation.startLivechat.input.contact.externalId":           claimContact,
		"Mutation.createTicket.input.contact.externalId":            claimContact,
		"Mutation.postMessage.input.externalId":                     claimMessage,
		"Mutation.postMessage.input.conversationExternalId":         claimByName,
		"Mutation.createContactToken.input.conversationExternalId":  claimByName,
		"Mutation.revokeContactTokens.input.conversationExternalId": claimByName,
		"Query.conversationByExternalId.externalId":                 claimByName,
	}
}

// An id that a caller chose proves nothing about who the caller is or speaks for.
// A new argument of the kind fails this until it has a row. B:N1
func TestIDsThatCallersChooseProveNothing(t *testing.T) {
	rows := claims()
	for _, a := range everyArgument(loadSchema(t)) {
		if last := strings.ToLower(a.path[len(a.path)-1]); strings.HasSuffix(last, "externalid") {
			require.Contains(t, rows, a.String(), "add a row to claims")
		}
	}
	onEngines(t, func(t *testing.T, s *server) {
		for name, try := range rows {
			t.Run(name, func(t *testing.T) { try(t, s.newSpace(t, "enterprise", nil)) })
		}
	})
}

const secretSubject = "A very private matter"

// alices is a chat of Alice, under an external id that others know.
func (w *space) alices(t *testing.T) inbox.Conversation {
	t.Helper()
	return w.start(desk.NewConversation{
		ExternalID: "sess-1", Subject: secretSubject, Message: "It is me, Alice", Agent: w.agent("ai"),
		Contact: contacts.NewContact{ExternalID: "alice", Name: "Alice", Email: "alice@example.test"},
	})
}

const startAgain = `mutation($input: StartLivechatInput!) { payload: startLivechat(input: $input) { contactToken conversation { id subject status contact { name } } userErrors { code message field } } }`

func claimChat(t *testing.T, w *space) {
	w = w.in(t)
	c := w.alices(t)
	ticket, err := w.service.Intake.CreateTicket(t.Context(), w.principal("website"), desk.NewConversation{
		ExternalID: "ticket-1", Subject: secretSubject, Contact: contacts.NewContact{ExternalID: "alice"}, To: access.Owner{Team: w.team("sales")},
	})
	require.NoError(t, err)
	before := (&stage{space: w}).traces()
	mallory, alice := object{"externalId": "mallory", "name": "Mallory"}, object{"externalId": "alice", "name": "Alice"}
	refusals := map[string][]any{}
	for name, row := range map[string]struct {
		as, id  string
		contact object
	}{
		"another contact":           {"website", "sess-1", mallory},
		"no contact at all":         {"website", "sess-1", object{}},
		"the name alone":            {"website", "sess-1", object{"name": "Alice", "email": "alice@example.test"}},
		"a ticket's id":             {"website", "ticket-1", alice},
		"out of sight, of a ticket": {"ai2", "ticket-1", alice},
		"out of sight":              {"ai2", "sess-1", alice},
	} {
		got := w.as(row.as).do(startAgain, vars{"input": object{"externalId": row.id, "contact": row.contact, "message": "Hi"}})
		require.Nil(t, got.at("payload.conversation"), "%s: %s", name, got.text)
		require.Nil(t, got.at("payload.contactToken"), name)
		require.NotContains(t, got.text, secretSubject)
		requireMatch(t, object{"code": "INVALID_INPUT", "field": []any{"externalId"}}, got.at("payload.userErrors").([]any)[0], "refusal")
		refusals[row.as] = append(refusals[row.as], got.at("payload.userErrors"))
	}
	require.Equal(t, refusals["ai2"][0], refusals["ai2"][1], "the refusal gives away what there is")
	require.NotContains(t, fmt.Sprint(refusals["ai2"]), "ticket")
	require.Contains(t, fmt.Sprint(refusals["website"]), "names a ticket already", "who feeds it is told what exists")
	closeChat(w, c)
	closed := w.as("website").do(startAgain, vars{"input": object{"externalId": "sess-1", "contact": mallory, "message": "Hi"}})
	requireMatch(t, object{"code": "INVALID_INPUT", "field": []any{"externalId"}}, closed.at("payload.userErrors").([]any)[0], "refusal")
	require.Equal(t, ticket.Conversation, w.stored(ticket.Conversation.ID))
	require.Len(t, (&stage{space: w}).traces(), len(before))
}

func claimTicket(t *testing.T, w *space) {
	w = w.in(t)
	w.alices(t)
	got := w.as("website").do(`mutation($input: CreateTicketInput!) { payload: createTicket(input: $input) { conversation { id } userErrors { code field } } }`,
		vars{"input": object{"externalId": "sess-1", "contact": object{"externalId": "alice"}, "subject": "Mine now", "to": object{"teamId": w.global("team sales")}}})
	require.Nil(t, got.at("payload.conversation"), "no ticket was made, and none is answered with")
	requireMatch(t, []any{object{"code": "INVALID_INPUT", "field": []any{"externalId"}}}, got.at("payload.userErrors"), "userErrors")
}

// Naming a known contact begins something new and reaches nothing that is there.
func claimContact(t *testing.T, w *space) {
	w = w.in(t)
	c := w.alices(t)
	for _, who := range []string{"agent1", "ai", "website"} {
		got := w.as(who).do(startAgain, vars{"input": object{"contact": object{"externalId": "alice"}}})
		require.NotEqual(t, resolvers.ConversationID(c.ID), got.at("payload.conversation.id"))
		token, given := got.at("payload.contactToken").(string)
		require.Equal(t, who == "website", given, who)
		if given {
			read := (&client{t: t, server: w.server, token: token, space: w}).do(`query($id: ID!) { conversation(id: $id) { id } }`, vars{"id": resolvers.ConversationID(c.ID)})
			require.Equal(t, "NOT_FOUND", read.code())
		}
	}
}

// A message's id is one of its conversation and its author.
func claimMessage(t *testing.T, w *space) {
	w = w.in(t)
	c, other := w.alices(t), w.chat()
	first := w.as("website").do(postMessage, vars{"input": asContact(c, "Mine", "m-1")}).at("postMessage.message.id")
	elsewhere := w.as("website").do(postMessage, vars{"input": asContact(other, "Mine", "m-1")}).at("postMessage.message.id")
	require.NotEqual(t, first, elsewhere)
	asAgent := w.asAgent(c, "Mine too", c.Epoch)
	asAgent["externalId"] = "m-1"
	refused := w.as("website").do(postMessage, vars{"input": asAgent})
	require.Nil(t, refused.at("postMessage.message"), "an AI agent is answered with what the contact said")
	requireMatch(t, []any{object{"code": "INVALID_INPUT", "field": []any{"externalId"}}}, refused.at("postMessage.userErrors"), "userErrors")
}

// Knowing the id of a conversation opens it to nobody who may not see or feed it.
func claimByName(t *testing.T, w *space) {
	w = w.in(t)
	c := w.alices(t)
	for _, who := range []string{"ai2", "partner", "contact of another"} {
		caller := principals(w, c)[who]
		for _, asked := range []string{
			`{ conversationByExternalId(externalId: "sess-1") { id } }`,
			`mutation { createContactToken(input: {conversationExternalId: "sess-1"}) { contactToken userErrors { code } } }`,
			`mutation { revokeContactTokens(input: {conversationExternalId: "sess-1"}) { conversation { id } userErrors { code } } }`,
			`mutation { postMessage(input: {conversationExternalId: "sess-1", author: {contact: true}, body: "Hi"}) { message { id } userErrors { code } } }`,
		} {
			got := caller.do(asked, nil)
			require.Contains(t, got.text, "PERMISSION_DENIED", "%s: %s", who, asked)
			require.NotContains(t, got.text, resolvers.ConversationID(c.ID))
		}
	}
	require.Equal(t, c, w.stored(c.ID))
}

// An idempotency key is its caller's: with the same one another caller gets nothing
// that the first one made.
func TestIdempotencyKeysAreTheirCallersOwn(t *testing.T) {
	schema := loadSchema(t)
	var rows []textRow
	covered := map[string]bool{}
	for _, row := range readTable[textRow](t, "texts.json") {
		if strings.HasSuffix(row.Argument, ".idempotencyKey") {
			rows, covered[row.Argument] = append(rows, row), true
		}
	}
	for _, a := range everyArgument(schema) {
		require.True(t, a.path[len(a.path)-1] != "idempotencyKey" || covered[a.String()], "testdata/texts.json has no line for %s", a)
	}
	others := map[string]string{"owner": "admin", "agent1": "senior", "agent2": "senior", "ai": "ai2", "website": "partner"}
	onEngines(t, func(t *testing.T, s *server) {
		for _, row := range rows {
			t.Run(row.Argument, func(t *testing.T) {
				st, a := &stage{space: s.newSpace(t, "enterprise", nil), schema: schema}, argumentNamed(t, schema, row.Argument)
				st.set(orElse(row.On, "chat of agent1"))
				for _, d := range row.Given {
					st.succeed(d)
				}
				base, _ := st.fill(row.With).(map[string]any)
				by := orElse(row.As, "owner")
				first := a.askFor(st.client(by), schema, a.put(t, schema, base, "the-key"), a.whole(schema))
				code, _ := first.verdict()
				require.Empty(t, code, first.text)
				second := a.askFor(st.client(others[by]), schema, a.put(t, schema, base, "the-key"), a.whole(schema))
				theirs := madeIn(first.Data)
				for _, id := range madeIn(second.Data) {
					require.NotContains(t, theirs, id, "%s was given what %s made", others[by], by)
				}
			})
		}
	})
}

// madeIn lists the ids of messages and events in an answer.
func madeIn(v any) (out []string) {
	for _, id := range idsIn(v) {
		text, _ := base64.RawURLEncoding.DecodeString(id)
		if kind, _, _ := strings.Cut(string(text), ":"); slices.Contains([]string{"Message", "AssignmentEvent"}, kind) {
			out = append(out, id)
		}
	}
	return out
}

// A repeat by external id never drops what was said: the message is written once,
// whoever repeats however often, and a closed chat says that it is closed. B:N1
func TestRepeatedStartsDropNothing(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		ask := func(who, body, key string) answer {
			return w.as(who).do(startAgain, vars{"input": object{
				"externalId": "sess-1", "contact": object{"externalId": "alice", "name": "Alice"}, "aiAgentId": w.global("agent ai"), "message": body, "idempotencyKey": key,
			}})
		}
		said := func(id any) []string {
			cid, err := resolvers.ParseConversationID(fmt.Sprint(id))
			require.NoError(t, err)
			page, err := w.store.ListMessages(t.Context(), desk.MessageQuery{Workspace: w.id, Conversation: cid, Page: inbox.PageRequest{Limit: 50}})
			require.NoError(t, err)
			out := []string{}
			for _, m := range page.Items {
				out = append(out, string(m.Author.Kind)+": "+m.Body)
			}
			return out
		}
		id := ask("website", "Hello", "k1").at("payload.conversation.id")
		for _, body := range []string{"Hello", "Where is it?", "Where is it?", "Hello"} {
			require.Equal(t, id, ask("website", body, "").at("payload.conversation.id"))
		}
		require.Equal(t, id, ask("website", "Where is it?", "k2").at("payload.conversation.id"))
		require.Equal(t, id, ask("owner", "Let me see", "").at("payload.conversation.id"), "a member speaks for themselves")
		want := []string{"CONTACT: Hello", "CONTACT: Where is it?", "MEMBER: Let me see"}
		require.Equal(t, want, said(id))

		cid, err := resolvers.ParseConversationID(fmt.Sprint(id))
		require.NoError(t, err)
		closeChat(w, w.stored(cid))
		byMember := ask("owner", "Anybody there?", "")
		require.Nil(t, byMember.at("payload.conversation"))
		require.Equal(t, []string{"CONVERSATION_CLOSED"}, column(t, byMember.at("payload.userErrors"), "code"))
		require.Equal(t, id, ask("website", "Hello", "k1").at("payload.conversation.id"), "the same request is answered as before")
		require.Equal(t, id, ask("website", "", "").at("payload.conversation.id"), "nothing would be lost")
		require.Equal(t, want, said(id))
		for range 2 {
			opened := ask("website", "Hello", "")
			require.Equal(t, "OPEN", opened.at("payload.conversation.status"), "what the contact says opens it again")
		}
		require.Equal(t, append(want, "CONTACT: Hello"), said(id), "said again after the closing, and repeated")
	})
}
