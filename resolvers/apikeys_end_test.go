package resolvers_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"

	"switchboard/inbox"
)

const (
	rotateSecret = `mutation($id: ID!, $overlap: Int!) { rotateApiKeySecret(input: {id: $id, overlapSeconds: $overlap}) { secret
		apiKey { name expiresAt secrets { number hint createdAt acceptedUntil lastUsedAt } } userErrors { code field message } } }`
	setExpiry = `mutation($id: ID!, $at: DateTime) { setApiKeyExpiry(input: {id: $id, expiresAt: $at}) { apiKey { expiresAt } userErrors { code field message } } }`
)

// keyEnds are the ways in which a key ends by itself, a moment after they are told. other
// is what is valid afterwards; nil for nothing.
func keyEnds() map[string]func(w *space, id string) (other *client) {
	return map[string]func(w *space, id string) *client{
		"the key expires": func(w *space, id string) *client {
			require.Empty(w.t, w.as("owner").do(setExpiry, vars{"id": id, "at": time.Now().Add(time.Second).UTC().Format(time.RFC3339Nano)}).at("setApiKeyExpiry.userErrors"))
			return nil
		},
		"the secret was replaced": func(w *space, id string) *client {
			made := w.as("owner").do(rotateSecret, vars{"id": id, "overlap": 1})
			secret, _ := made.at("rotateApiKeySecret.secret").(string)
			require.NotEmpty(w.t, secret, made.text)
			return &client{t: w.t, server: w.server, token: secret, space: w}
		},
	}
}

// keyHolders are callers whom the end of a key ends, and what they may follow.
func keyHolders() map[string]func(w *space, c inbox.Conversation, key *client) (holder *client, follows []string) {
	return map[string]func(*space, inbox.Conversation, *client) (*client, []string){
		"a partner": func(_ *space, _ inbox.Conversation, key *client) (*client, []string) {
			return key, []string{`subscription { assignmentEvents { cursor } }`, `subscription { viewerChanges { permissions } }`, followPlace}
		},
		"a contact": func(w *space, c inbox.Conversation, key *client) (*client, []string) {
			made := key.do(`mutation($id: ID!) { createContactToken(input: {conversationId: $id}) { contactToken userErrors { code } } }`, vars{"id": resolvers.ConversationID(c.ID)})
			token, _ := made.at("createContactToken.contactToken").(string)
			require.NotEmpty(w.t, token, made.text)
			return &client{t: w.t, server: w.server, token: token, space: w}, []string{followPlace}
		},
	}
}

// An expired key and a secret that was replaced are refused at every door, without any
// event: requests, sockets that are opened, each root field on sockets that were open
// before, and subscriptions that run, of either transport, shared or not. Contact tokens
// end with their key, and not with a secret of it. B:Z2, B:Z4
func TestAKeyThatEndsIsRefusedAtEveryDoor(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		for how, end := range keyEnds() {
			for who, hold := range keyHolders() {
				t.Run(who+" when "+how, func(t *testing.T) {
					w := s.newSpace(t, "enterprise", nil)
					c := w.chat()
					id, key := w.allKey()
					holder, follows := hold(w, c, key)
					given := vars{"id": resolvers.ConversationID(c.ID)}
					open := holder.connect()
					var running []*stream
					for _, query := range follows {
						running = append(running, holder.follow(query, given))
					}
					streamed := holder.events(follows[0], given)
					other := end(w, id)
					if who == "a contact" && other != nil {
						w.requireEnds(schema, key, nil, nil)
						require.Empty(t, holder.do(`{ viewer { contact { name } } }`, nil).code(), "the token is of the key")
						require.Empty(t, holder.do(`query($id: ID!) { conversation(id: $id) { status } }`, given).code())
						return
					}
					w.requireEnds(schema, holder, open, running)
					require.Contains(t, streamed(), "UNAUTHENTICATED")
					if other != nil {
						require.Empty(t, other.do(whoAmI, nil).code(), "the newest secret")
					}
				})
			}
		}
	})
}

// A key that feeds conversations in is refused as such, whatever field it asks for.
func TestAFeederThatExpired(t *testing.T) {
	schema := loadSchema(t)
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		id, feeder := w.newKey("Channel")
		open := feeder.connect()
		keyEnds()["the key expires"](w, id)
		w.requireEnds(schema, feeder, open, nil)
		again := time.Now().Add(time.Hour).UTC().Format(time.RFC3339Nano)
		require.Empty(t, w.as("owner").do(setExpiry, vars{"id": id, "at": again}).at("setApiKeyExpiry.userErrors"))
		require.Empty(t, feeder.do(whoAmI, nil).code(), "its end was moved")
		require.Equal(t, "next", open.subscribe(whoAmI, nil).message().Type)
	})
}

// allKey makes a key that sees and answers everything.
func (w *space) allKey() (id string, holder *client) {
	w.t.Helper()
	made := w.as("owner").do(createKey, vars{"input": object{"name": "All", "role": "partner", "permissions": []any{"view:livechat:ALL", "reply:livechat:ALL", "view:ticket:ALL", "reply:ticket:ALL"}}})
	id, _ = made.at("createApiKey.apiKey.id").(string)
	secret, _ := made.at("createApiKey.secret").(string)
	require.NotEmpty(w.t, secret, made.text)
	w.settle()
	return id, &client{t: w.t, server: w.server, token: secret, space: w}
}

// requireEnds waits until the subscriptions have ended, and asks at every other door.
func (w *space) requireEnds(schema *ast.Schema, holder *client, open *socket, running []*stream) {
	w.t.Helper()
	for _, st := range running {
		require.Equal(w.t, "UNAUTHENTICATED", st.ending())
	}
	require.Eventually(w.t, func() bool { return holder.do(whoAmI, nil).status == http.StatusUnauthorized }, patience, tick)
	late := w.dial(w.t)
	late.send(wireMessage{Type: "connection_init", Payload: payload(w.t, object{"Authorization": "Bearer " + holder.token})})
	_, err := late.receive()
	require.ErrorContains(w.t, err, "4403")
	if open == nil {
		return
	}
	for _, field := range rootFields(schema) {
		code := open.subscribe(field, nil).answered().code()
		if holder.token[:4] == "sbk_" || code != "PERMISSION_DENIED" { // what is closed to contacts anyway
			require.Equal(w.t, "UNAUTHENTICATED", code, field)
		}
	}
}

// Both secrets work until the older one's end; each is shown by its hint and last use, and
// nowhere more; and the audit log has what was done.
func TestAKeyHasTwoSecretsForAWhile(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		id, first := w.newKey("Channel")
		w.settle()
		rotated := w.as("owner").do(rotateSecret, vars{"id": id, "overlap": 3600})
		text, _ := rotated.at("rotateApiKeySecret.secret").(string)
		second := &client{t: t, server: s, token: text, space: w}
		for _, c := range []*client{first, second} {
			require.Empty(t, c.do(whoAmI, nil).code())
		}
		secrets := func() []any {
			return w.as("owner").do(`query($id: ID!) { node(id: $id) { ... on ApiKey { secrets { number hint acceptedUntil lastUsedAt } } } }`, vars{"id": id}).at("node.secrets").([]any)
		}
		require.Eventually(t, func() bool {
			return dig(t, secrets()[0], "lastUsedAt") != nil && dig(t, secrets()[1], "lastUsedAt") != nil
		}, patience, tick)
		shown := secrets()
		requireMatch(t, object{"number": number(2), "hint": text[len(text)-4:], "acceptedUntil": nil}, shown[0], "newest")
		requireMatch(t, object{"number": number(1), "hint": first.token[len(first.token)-4:]}, shown[1], "the one before")
		require.NotNil(t, dig(t, shown[1], "acceptedUntil"))
		for _, c := range []*client{first, second} {
			requireNowhere(t, w, c.token[len(c.token)-30:len(c.token)-4])
		}

		for range workspace.MaxKeySecrets - 2 {
			require.NotNil(t, w.as("owner").do(rotateSecret, vars{"id": id, "overlap": 3600}).at("rotateApiKeySecret.secret"))
		}
		full := w.as("owner").do(rotateSecret, vars{"id": id, "overlap": 3600})
		require.Nil(t, full.at("rotateApiKeySecret.secret"))
		require.Contains(t, full.text, "overlapSeconds")
		require.Contains(t, full.text, "which ends all of them at once")
		last := w.as("owner").do(rotateSecret, vars{"id": id, "overlap": 0})
		text, _ = last.at("rotateApiKeySecret.secret").(string)
		require.Len(t, last.at("rotateApiKeySecret.apiKey.secrets"), 1, "all others ended at once")
		w.settle()
		require.Equal(t, http.StatusUnauthorized, first.do(whoAmI, nil).status)
		require.Equal(t, http.StatusUnauthorized, second.do(whoAmI, nil).status)
		require.Empty(t, (&client{t: t, server: s, token: text, space: w}).do(whoAmI, nil).code())

		log, err := s.store.ListAudit(t.Context(), audit.AuditQuery{Workspace: w.id, Actions: []audit.AuditAction{audit.AuditKeyRotate}, Page: inbox.PageRequest{Limit: 10}})
		require.NoError(t, err)
		require.Len(t, log.Items, workspace.MaxKeySecrets)
		require.Equal(t, []audit.AuditField{{Field: "secret", From: "4", To: "5"}}, log.Items[0].Fields)
	})
}

// What cannot be done with ends says what to do instead.
func TestEndsThatAreRefused(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "free", nil)
	id, _ := w.newKey("Channel")
	owner, past := w.as("owner"), time.Now().Add(-time.Minute).UTC().Format(time.RFC3339)
	for name, c := range map[string]struct {
		who     *client
		query   string
		given   vars
		code    string
		says    string
		payload string
	}{
		"an end that has passed":      {owner, setExpiry, vars{"id": id, "at": past}, "INVALID_INPUT", "revoke the key", "setApiKeyExpiry"},
		"an overlap without bound":    {owner, rotateSecret, vars{"id": id, "overlap": 2592001}, "INVALID_INPUT", "2592000", "rotateApiKeySecret"},
		"a negative overlap":          {owner, rotateSecret, vars{"id": id, "overlap": -1}, "INVALID_INPUT", "0 to", "rotateApiKeySecret"},
		"who may not manage keys":     {w.as("manager"), rotateSecret, vars{"id": id, "overlap": 1}, "PERMISSION_DENIED", "", "rotateApiKeySecret"},
		"an end by who may not":       {w.as("manager"), setExpiry, vars{"id": id}, "PERMISSION_DENIED", "", "setApiKeyExpiry"},
		"a key that does not exist":   {owner, setExpiry, vars{"id": resolvers.GlobalID("ApiKey", "nothing")}, "NOT_FOUND", "", "setApiKeyExpiry"},
		"a key of another workspace":  {s.newSpace(t, "free", nil).as("owner"), rotateSecret, vars{"id": id, "overlap": 1}, "NOT_FOUND", "", "rotateApiKeySecret"},
		"a new key that had an end":   {owner, createKey, vars{"input": object{"name": "K", "expiresAt": past}}, "INVALID_INPUT", "expiresAt", "createApiKey"},
		"a secret for an expired key": {owner, rotateSecret, vars{"id": w.expired(), "overlap": 1}, "INVALID_INPUT", "setApiKeyExpiry", "rotateApiKeySecret"},
		"a secret for a revoked key":  {owner, rotateSecret, vars{"id": w.revoked(), "overlap": 1}, "INVALID_INPUT", "Create another", "rotateApiKeySecret"},
		"an end for a revoked key":    {owner, setExpiry, vars{"id": w.revoked()}, "INVALID_INPUT", "Create another", "setApiKeyExpiry"},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.who.do(c.query, c.given)
			refusals, _ := got.at(c.payload + ".userErrors").([]any)
			require.Len(t, refusals, 1, got.text)
			require.Equal(t, c.code, dig(t, refusals[0], "code"))
			require.Contains(t, got.text, c.says)
		})
	}
}

func (w *space) revoked() string {
	id, _ := w.newKey("Gone")
	w.as("owner").do(revokeKey, vars{"id": id}).ok()
	return id
}

// expired is a key whose end has come.
func (w *space) expired() string {
	id, holder := w.newKey("Over")
	key, _ := workspace.APIKeyID(holder.token)
	w.edit(func(d *workspace.Directory) workspace.DirectoryChange {
		k := d.Keys[key]
		k.ExpiresAt, k.Rev = time.Now().Add(-time.Hour), k.Rev+1
		return workspace.DirectoryChange{Key: &k}
	})
	return id
}
