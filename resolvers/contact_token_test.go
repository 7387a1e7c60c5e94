package resolvers_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// handout asks for a contact token by one mutation, on a chat that the website
// started with an external id. get names the principals that are given one.
type handout struct {
	prepare func(w *space, c inbox.Conversation)
	input   func(w *space, c inbox.Conversation) object
	get     []string
}

func closeChat(w *space, c inbox.Conversation) {
	_, err := w.service.Desk.SetStatus(w.t.Context(), w.principal("owner"), desk.Request{Conversation: c.ID}, inbox.Closed)
	require.NoError(w.t, err)
}

func body(_ *space, c inbox.Conversation) object {
	return object{"conversationId": resolvers.ConversationID(c.ID), "body": "Hello again"}
}

func again(_ *space, c inbox.Conversation) object {
	return object{"externalId": c.ExternalID, "contact": object{"externalId": "vera", "name": "Vera"}}
}

// handouts has one row for each mutation whose payload has a contactToken.
func handouts() map[string]handout {
	return map[string]handout{
		"startLivechat":        {input: again, get: []string{"website", "feeding partner"}},
		"startNewConversation": {prepare: closeChat, input: body, get: []string{"contact", "feeding partner"}},
		"sendMessage":          {input: body},
		"reopenAndReply":       {prepare: closeChat, input: body},
		"createContactToken": {input: func(_ *space, c inbox.Conversation) object {
			return object{"conversationId": resolvers.ConversationID(c.ID)}
		}, get: []string{"website", "feeding partner"}},
		"postMessage": {input: func(_ *space, c inbox.Conversation) object { return asContact(c, "Hello again", "") }},
	}
}

// principals are every kind of caller, by what makes a client of it.
func principals(w *space, c inbox.Conversation) map[string]*client {
	out := map[string]*client{"contact": w.contact(c), "contact of another": w.contact(w.chat())}
	for _, key := range []string{"owner", "admin", "manager", "senior", "agent1", "observer", "ai", "ai2", "website", "partner"} {
		out[key] = w.as(key)
	}
	all := []any{}
	for _, p := range []string{"view", "reply"} {
		for _, kind := range []string{"livechat", "ticket"} {
			all = append(all, p+":"+kind+":ALL")
		}
	}
	made := w.as("owner").do(`mutation($p: [String!]) { createApiKey(input: {name: "Feeds", role: "partner", permissions: $p}) { secret userErrors { code } } }`, vars{"p": all})
	secret, _ := made.at("createApiKey.secret").(string)
	out["feeding partner"] = &client{t: w.t, server: w.server, token: secret, space: w}
	return out
}

// Nobody but the contact itself and an API key that feeds the conversation is given
// a contact token, whatever mutation is asked, for a chat that exists too. B:N2
func TestContactTokensGoToNobodyElse(t *testing.T) {
	schema := loadSchema(t)
	rows := handouts()
	for _, f := range schema.Mutation.Fields {
		if schema.Types[f.Type.Name()].Fields.ForName("contactToken") != nil {
			require.Contains(t, rows, f.Name, "%s may give a contact token: add a row to handouts", f.Name)
		}
	}
	onEngines(t, func(t *testing.T, s *server) {
		for name, row := range rows {
			t.Run(name, func(t *testing.T) { row.try(t, s.newSpace(t, "enterprise", nil), name) })
		}
	})
}

func (row handout) try(t *testing.T, w *space, name string) {
	for who := range principals(w, w.chat()) {
		c := w.start(desk.NewConversation{Agent: w.agent("ai"), Message: "Hello", ExternalID: "chat for " + who, Contact: contacts.NewContact{ExternalID: "vera", Name: "Vera"}})
		if row.prepare != nil {
			row.prepare(w, c)
		}
		asked := `mutation($input: ` + strings.ToUpper(name[:1]) + name[1:] + `Input!) { payload: ` + name + `(input: $input) { contactToken } }`
		asked = strings.NewReplacer("ReopenAndReplyInput", "SendMessageInput", "StartNewConversationInput", "StartNewInput").Replace(asked)
		got := principals(w, c)[who].do(asked, vars{"input": row.input(w, c)})
		payload, _ := got.Data["payload"].(object)
		token, given := payload["contactToken"].(string)
		require.Equal(t, slices.Contains(row.get, who), given, "%s by %s: %s", name, who, got.text)
		if given {
			mine := &client{t: t, server: w.server, token: token, space: w}
			require.Equal(t, "Vera", mine.do(`{ viewer { contact { name } } }`, nil).at("viewer.contact.name"))
		}
	}
}

// No other field of the schema is a token: a new one is looked at here first.
func TestNoOtherFieldIsAToken(t *testing.T) {
	known := []string{
		"StartLivechatPayload.contactToken", "SendMessagePayload.contactToken", "CreateContactTokenPayload.contactToken", "CreateApiKeyPayload.secret", "WebhookPayload.secret", "RotateApiKeySecretPayload.secret",
	}
	for _, d := range ownTypes(loadSchema(t)) {
		for _, f := range d.Fields {
			name := strings.ToLower(f.Name)
			if d.Kind == ast.Object && (strings.Contains(name, "token") || strings.Contains(name, "secret")) && f.Type.Elem == nil && f.Type.Name() == "String" {
				require.Contains(t, known, d.Name+"."+f.Name)
			}
		}
	}
}

const revoke = `mutation($id: ID!) { revokeContactTokens(input: {conversationId: $id}) { conversation { id } userErrors { code ... on PermissionDeniedError { permission } } } }`

// A revocation ends every older token at once, on every server: requests, sockets
// that open, and subscriptions that run. B:Z4
func TestRevokedContactTokensEnd(t *testing.T) {
	onPairs(t, func(t *testing.T, one, two *server) {
		w := one.newSpace(t, "enterprise", nil)
		far := &space{server: two, t: t, id: w.id}
		c := w.owned("agent1")
		id := resolvers.ConversationID(c.ID)
		near, away := w.contact(c), far.contact(c)
		running := []*stream{near.follow(followPlace, vars{"id": id}), away.follow(followPlace, vars{"id": id})}
		events := near.events(followPlace, vars{"id": id})
		read := `query($id: ID!) { conversation(id: $id) { status } }`
		require.Equal(t, "OPEN", away.do(read, vars{"id": id}).at("conversation.status"))

		require.Empty(t, w.as("manager").do(revoke, vars{"id": id}).at("revokeContactTokens.userErrors"))
		require.Equal(t, "UNAUTHENTICATED", near.do(read, vars{"id": id}).code(), "here at once")
		require.Eventually(t, func() bool { return away.do(read, vars{"id": id}).code() == "UNAUTHENTICATED" }, patience, tick)
		for _, old := range []*client{near, away} {
			// The conversation may be read before the end of its tokens is heard, which refuses as well.
			require.Eventually(t, func() bool {
				a := old.do(read, vars{"id": id})
				require.Equal(t, "UNAUTHENTICATED", a.code())
				return a.status == 401
			}, patience, tick)
			refused := old.do(`mutation($id: ID!) { sendMessage(input: {conversationId: $id, body: "Still me"}) { userErrors { code } } }`, vars{"id": id})
			require.Equal(t, "UNAUTHENTICATED", refused.code())
		}
		for _, st := range running {
			require.Equal(t, "UNAUTHENTICATED", st.refused())
		}
		require.Contains(t, events(), "UNAUTHENTICATED", "an event stream ends, too")
		fresh := w.contact(w.stored(c.ID))
		require.Equal(t, "OPEN", fresh.do(read, vars{"id": id}).at("conversation.status"), "a token made since holds")
		require.Equal(t, 1, w.stored(c.ID).TokenIssue)
		require.Equal(t, c.Version, w.stored(c.ID).Version)
		log, err := w.store.ListAudit(t.Context(), audit.AuditQuery{Workspace: w.id, Actions: []audit.AuditAction{audit.AuditTokensRevoke}, Page: inbox.PageRequest{Limit: 9}})
		require.NoError(t, err)
		require.Len(t, log.Items, 1)
		require.Equal(t, string(c.ID), log.Items[0].Target.ID)
	})
}

// events starts a subscription as server-sent events and returns what waits for its
// end and gives all of it.
func (c *client) events(query string, v vars) (whole func() string) {
	c.t.Helper()
	body, err := json.Marshal(object{"query": query, "variables": v})
	require.NoError(c.t, err)
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url, bytes.NewReader(body))
	require.NoError(c.t, err)
	req.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"text/event-stream"}, "Authorization": {"Bearer " + c.token}}
	before := c.started()
	resp, err := c.http.Do(req)
	require.NoError(c.t, err)
	require.Equal(c.t, http.StatusOK, resp.StatusCode)
	require.Eventually(c.t, func() bool { return c.begun(before) }, patience, tick)
	return func() string {
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(c.t, err)
		return string(text)
	}
}

// Who manages contacts revokes, and a key what it feeds; nobody else. B:Z1
func TestWhoRevokesContactTokens(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.chat()
		for who, may := range map[string]bool{
			"owner": true, "admin": true, "manager": true, "website": true, "feeding partner": true,
			"senior": false, "agent1": false, "observer": false, "ai": false, "partner": false, "contact": false, "contact of another": false,
		} {
			before := w.stored(c.ID)
			got := principals(w, before)[who].do(revoke, vars{"id": resolvers.ConversationID(c.ID)})
			if may {
				require.Empty(t, got.at("revokeContactTokens.userErrors"), who)
				require.Equal(t, before.TokenIssue+1, w.stored(c.ID).TokenIssue, who)
				continue
			}
			require.Contains(t, got.text, "PERMISSION_DENIED", who)
			require.Equal(t, before, w.stored(c.ID), who)
		}
	})
}

// Closing keeps the tokens, so that the contact can come back, unless it is told to
// end them. B:C4
func TestClosingEndsTokensOnlyWhenAsked(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		set := func(c inbox.Conversation, rest string) answer {
			return w.as("agent1").do(`mutation($id: ID!) { setConversationStatus(input: {conversationId: $id, `+rest+`}) { userErrors { code } } }`, vars{"id": resolvers.ConversationID(c.ID)})
		}
		read := `query($id: ID!) { conversation(id: $id) { status } }`
		kept, ended := w.owned("agent1"), w.owned("agent1")
		require.Empty(t, set(kept, "status: CLOSED").at("setConversationStatus.userErrors"))
		require.Equal(t, "CLOSED", w.contact(kept).do(read, vars{"id": resolvers.ConversationID(kept.ID)}).at("conversation.status"))
		require.Contains(t, set(ended, "status: UNSET, revokeContactTokens: true").text, "INVALID_INPUT")
		require.Empty(t, set(ended, "status: CLOSED, revokeContactTokens: true").at("setConversationStatus.userErrors"))
		require.Equal(t, "UNAUTHENTICATED", w.contact(ended).do(read, vars{"id": resolvers.ConversationID(ended.ID)}).code())
		require.Equal(t, inbox.Closed, w.stored(ended.ID).Status)
	})
}

// The tokens that a key handed out end with the key, those of its successors too.
func TestContactTokensEndWithTheirKey(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		started := w.as("website").do(feedChat, vars{"input": object{"contact": object{"name": "Vera"}, "message": "Hello", "aiAgentId": w.global("agent ai")}})
		token, _ := started.at("startLivechat.contactToken").(string)
		id, _ := started.at("startLivechat.conversation.id").(string)
		cid, err := resolvers.ParseConversationID(id)
		require.NoError(t, err)
		visitor := &client{t: t, server: s, token: token, space: w}
		closeChat(w, w.stored(cid))
		anew := visitor.do(`mutation($id: ID!) { startNewConversation(input: {conversationId: $id, body: "Me again"}) { contactToken conversation { id } } }`, vars{"id": id})
		next, _ := anew.at("startNewConversation.contactToken").(string)
		later := &client{t: t, server: s, token: next, space: w}
		require.Equal(t, "Vera", later.do(`{ viewer { contact { name } } }`, nil).at("viewer.contact.name"))
		st := later.follow(followPlace, vars{"id": anew.at("startNewConversation.conversation.id")})
		require.Empty(t, w.as("owner").do(`mutation($id: ID!) { revokeApiKey(input: {id: $id}) { userErrors { code } } }`, vars{"id": w.global("key website")}).at("revokeApiKey.userErrors"))
		for _, c := range []*client{visitor, later} {
			require.Equal(t, "UNAUTHENTICATED", c.do(`{ viewer { contact { name } } }`, nil).code())
		}
		require.Equal(t, "UNAUTHENTICATED", st.refused())
	})
}
