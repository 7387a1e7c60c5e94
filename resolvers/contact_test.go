package resolvers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// openToContacts reads which fields a contact may ask for, by type.
func openToContacts(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for typeName, d := range readObject[guardDecisions](t, "guards/contact.json") {
		out[typeName] = d.Open
	}
	return out
}

// ways lead a contact's query to an object of each type; %s is what is asked of
// it.
func ways() map[string]string {
	conversation := `query($id: ID!) { conversation(id: $id) { %s } }`
	in := func(inner string) string { return strings.Replace(conversation, "%s", inner, 1) }
	send := func(mutation, inner string) string {
		return `mutation($id: ID!) { ` + mutation + ` ` + inner + ` }`
	}
	refused := func(input, typeName string) string {
		return send(`sendMessage(input: `+input+`)`, `{ userErrors { ... on `+typeName+` { %s } } }`)
	}
	return map[string]string{
		"Viewer":               `{ viewer { %s } }`,
		"Conversation":         conversation,
		"Member":               in(`assignee { %s }`),
		"AIAgent":              in(`originAgent { %s }`),
		"Contact":              in(`contact { %s }`),
		"Message":              in(`messages(first: 1) { nodes { %s } }`),
		"MessageConnection":    in(`messages(first: 1) { %s }`),
		"MessageEdge":          in(`messages(first: 1) { edges { %s } }`),
		"PageInfo":             in(`messages(first: 1) { pageInfo { %s } }`),
		"SystemActor":          in(`messages(last: 1) { nodes { author { ... on SystemActor { %s } } } }`),
		"SendMessagePayload":   send(`sendMessage(input: {conversationId: $id, body: "Hello"})`, `{ %s }`),
		"ShowAttentionPayload": send(`showAttention(input: {conversationId: $id, kind: TYPING})`, `{ %s }`),
		"InvalidInputError":    refused(`{conversationId: $id, body: ""}`, "InvalidInputError"),
	}
}

// visit sets a conversation with a contact, an owner who left before, and a
// system message that says who owns it now.
func (w *space) visit() (inbox.Conversation, *client) {
	w.t.Helper()
	c := w.start(desk.NewConversation{Agent: w.agent("ai"), Message: "Hello", Contact: contacts.NewContact{Name: "Vera", Email: "vera@example.test", ExternalID: "v1"}})
	w.claim(c, "agent1")
	_, err := w.service.Desk.Leave(w.t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID})
	require.NoError(w.t, err)
	c = w.claim(c, "agent2")
	return c, w.contact(c)
}

// ask is a field with the arguments that it must have, and a selection that
// reaches no further.
func ask(s *ast.Schema, f *ast.FieldDefinition) string {
	inner := ""
	if !s.Types[f.Type.Name()].IsLeafType() {
		inner = " { __typename }"
	}
	return "asked: " + f.Name + inner // by an alias, which must not get around the guard
}

// B:V8
func TestContactsReadWhatIsOpenToThem(t *testing.T) {
	schema := loadSchema(t)
	open := openToContacts(t)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c, contact := w.visit()
		for typeName, way := range ways() {
			for _, f := range schema.Types[typeName].Fields {
				if strings.HasPrefix(f.Name, "__") {
					continue
				}
				args := vars{}
				if strings.Contains(way, "$id") {
					args["id"] = resolvers.ConversationID(c.ID)
				}
				a := contact.do(strings.Replace(way, "%s", ask(schema, f), 1), args)
				if slices.Contains(open[typeName], f.Name) {
					require.Empty(t, a.Errors, "%s.%s: %s", typeName, f.Name, a.text)
					continue
				}
				require.Equal(t, "PERMISSION_DENIED", a.code(), "%s.%s: %s", typeName, f.Name, a.text)
				require.NotContains(t, a.text, `"asked":{`, "%s.%s", typeName, f.Name)
			}
		}
	})
}

// Every root field but the open ones is closed to contacts, whatever it is
// asked. B:V8
func TestContactsReachNoOtherRootField(t *testing.T) {
	schema, decided := loadSchema(t), readObject[guardDecisions](t, "guards/contact.json")
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	c, contact := w.visit()
	before := (&stage{space: w}).traces()
	w.requireRootsClosed(t, schema, contact, resolvers.ConversationID(c.ID), decided)
	require.Equal(t, before, (&stage{space: w}).traces())
}

// plausible makes a value that the schema takes.
func (w *space) plausible(s *ast.Schema, typ *ast.Type, id string) any {
	if typ.Elem != nil {
		return []any{w.plausible(s, typ.Elem, id)}
	}
	d := s.Types[typ.Name()]
	switch {
	case d.Kind == ast.Enum:
		return d.EnumValues[0].Name
	case d.Name == "ID":
		return id
	case d.Name == "Int":
		return 1
	case d.Name == "Sequence":
		return "1"
	case d.Name == "Boolean":
		return true
	case d.Name == "DateTime":
		return "2100-01-01T00:00:00Z"
	case d.Kind == ast.Scalar:
		return "Hello"
	case d.Directives.ForName("oneOf") != nil:
		if d.Fields.ForName("memberId") != nil {
			return object{"memberId": w.global("member agent1")}
		}
		first := d.Fields[0]
		return object{first.Name: w.plausible(s, first.Type, id)}
	}
	out := object{}
	for _, f := range d.Fields {
		if f.Type.NonNull {
			out[f.Name] = w.plausible(s, f.Type, id)
		}
	}
	return out
}

// B:V8, B:Z7
func TestContactsReachOneConversation(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c, contact := w.visit()
		beside := w.start(desk.NewConversation{Agent: w.agent("ai"), Contact: contacts.NewContact{ExternalID: "v1"}})
		require.Equal(t, c.Contact, beside.Contact, "another conversation of the same contact")
		before := w.stored(beside.ID)
		other := resolvers.ConversationID(beside.ID)
		requireMatch(t, object{"name": "Vera", "email": "vera@example.test"}, contact.do(`{ viewer { contact { name email } } }`, nil).at("viewer.contact"), "viewer")
		require.Equal(t, "NOT_FOUND", contact.do(`query($id: ID!) { conversation(id: $id) { id } }`, vars{"id": other}).code())
		for _, do := range []string{"sendMessage", "reopenAndReply", "startNewConversation"} {
			a := contact.do(`mutation($input: `+schema.Mutation.Fields.ForName(do).Arguments[0].Type.String()+`) { payload: `+do+`(input: $input) { userErrors { code message } } }`,
				vars{"input": object{"conversationId": other, "body": "Hello"}})
			code, _ := a.verdict()
			require.Equal(t, "NOT_FOUND", code, "%s: %s", do, a.text)
		}
		require.Equal(t, "NOT_FOUND", contact.connect().subscribe(`subscription($id: ID!) { conversationUpdates(id: $id) { cursor } }`, vars{"id": other}).refused())
		require.Equal(t, before, w.stored(beside.ID))
	})
}

// A contact's feed has what was said to the contact, and nothing else. B:V8
func TestContactsHearWhatIsSaidToThem(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c, contact := w.visit()
		st := contact.follow(`subscription($id: ID!) { conversationUpdates(id: $id) {
			accessLost event { __typename } message { body internal author { __typename ... on Member { name } ... on SystemActor { name } } }
			conversation { handler queuePosition assignee { name } lastMessage { body } messages(first: 100) { nodes { body internal } } }
		} }`, vars{"id": resolvers.ConversationID(c.ID)})
		say := func(body string, internal bool) {
			_, err := w.service.Messages.Send(t.Context(), w.principal("agent2"), desk.SendRequest{Conversation: c.ID, Body: body, Internal: internal})
			require.NoError(t, err)
		}
		say("secret one", true)
		say("Good morning", false)
		_, err := w.service.Desk.Transfer(t.Context(), w.principal("agent2"), desk.Request{Conversation: c.ID}, access.Owner{Member: w.member("senior")}, "secret two")
		require.NoError(t, err)
		secret := "secret three"
		_, err = w.service.Desk.TakeOver(t.Context(), w.principal("manager"), desk.Request{Conversation: c.ID}, nil, secret)
		require.NoError(t, err)
		_, err = w.service.Desk.Leave(t.Context(), w.principal("manager"), desk.Request{Conversation: c.ID})
		require.NoError(t, err)
		var heard []any
		for range 4 {
			m := st.message()
			require.NotContains(t, string(m.Payload), "secret")
			item, _ := parse(t, 0, m.Payload).at("conversationUpdates").(object)
			requireMatch(t, object{"event": nil, "accessLost": false, "message": object{"internal": false}}, item, "item")
			heard = append(heard, dig(t, item, "message.body"))
			if len(heard) == 4 {
				requireMatch(t, object{"assignee": nil, "handler": "QUEUED", "queuePosition": number(1)}, item["conversation"], "conversation")
			}
		}
		require.Equal(t, []any{"Good morning", "Samira Haddad is now in the conversation.", "Mara Lindqvist is now in the conversation.", "Mara Lindqvist has left the conversation."}, heard)
	})
}

// A contact who starts anew gets a token for the new conversation. B:C4
func TestContactsStartAnew(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		started := w.as("website").do(`mutation { startLivechat(input: {contact: {name: "Vera"}, message: "Hello", subject: "A parcel"}) { contactToken conversation { id } userErrors { code } } }`, nil)
		id, _ := started.at("startLivechat.conversation.id").(string)
		token, _ := started.at("startLivechat.contactToken").(string)
		contact := &client{t: t, server: s, token: token, space: w}
		require.Equal(t, "A parcel", contact.do(`query($id: ID!) { conversation(id: $id) { subject } }`, vars{"id": id}).at("conversation.subject"))
		w.as("owner").do(`mutation($id: ID!) { setConversationStatus(input: {conversationId: $id, status: CLOSED}) { userErrors { code } } }`, vars{"id": id}).ok()
		anew := contact.do(`mutation($id: ID!) { startNewConversation(input: {conversationId: $id, body: "Me again"}) { contactToken conversation { id } userErrors { code } } }`, vars{"id": id})
		next, _ := anew.at("startNewConversation.conversation.id").(string)
		require.NotEqual(t, id, next)
		newToken, _ := anew.at("startNewConversation.contactToken").(string)
		read := `query($id: ID!) { conversation(id: $id) { messages { nodes { body } } } }`
		require.Equal(t, []any{object{"body": "Me again"}}, (&client{t: t, server: s, token: newToken}).do(read, vars{"id": next}).at("conversation.messages.nodes"))
		require.Equal(t, "NOT_FOUND", contact.do(read, vars{"id": next}).code(), "the old token reaches the new conversation")
		byMember := w.as("manager").do(`mutation($id: ID!) { startNewConversation(input: {conversationId: $id, body: "Hello"}) { contactToken userErrors { code } } }`, vars{"id": id})
		require.Nil(t, byMember.at("startNewConversation.contactToken"), "a member got a contact's token")
	})
}
