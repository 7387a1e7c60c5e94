package resolvers_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

const createKey = `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret
	apiKey { id name prefix permissions createdAt lastUsedAt revokedAt role { name custom } createdBy { ... on Member { name } } }
	userErrors { code field ... on PlanRequiredError { feature requiredPlan { name } } ... on PermissionDeniedError { permission } } } }`

const revokeKey = `mutation($id: ID!) { revokeApiKey(input: {id: $id}) { apiKey { revokedAt } userErrors { code } } }`

// newKey makes a key and gives its id and a client that holds its secret.
func (w *space) newKey(name string) (id string, holder *client) {
	w.t.Helper()
	made := w.as("owner").do(createKey, vars{"input": object{"name": name}})
	id, _ = made.at("createApiKey.apiKey.id").(string)
	secret, _ := made.at("createApiKey.secret").(string)
	require.NotEmpty(w.t, id, made.text)
	return id, &client{t: w.t, server: w.server, token: secret, space: w}
}

const whoAmI = `{ viewer { apiKey { name } permissions workspace { id } } }`

// B:Z2
func TestAKeyIsShownOnceAndHoldsUntilItIsRevoked(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		made := w.as("owner").do(createKey, vars{"input": object{"name": "Our website"}})
		requireMatch(t, object{
			"name": "Our website", "role": object{"name": "integration", "custom": false}, "permissions": []any{},
			"createdBy": object{"name": "Olivia Ohm"}, "lastUsedAt": nil, "revokedAt": nil,
		}, made.at("createApiKey.apiKey"), "apiKey")
		secret, _ := made.at("createApiKey.secret").(string)
		prefix, _ := made.at("createApiKey.apiKey.prefix").(string)
		require.True(t, strings.HasPrefix(secret, prefix+"_"), "the prefix tells the key")
		require.Greater(t, len(secret)-len(prefix), 50, "256 bits")

		holder := &client{t: t, server: s, token: secret, space: w}
		want := object{"apiKey": object{"name": "Our website"}, "permissions": []any{"reply:livechat:ALL", "close:livechat:ALL", "reply:ticket:ALL", "close:ticket:ALL"}, "workspace": object{"id": w.global("workspace")}}
		require.Equal(t, want, holder.do(whoAmI, nil).at("viewer"))
		require.Equal(t, "next", holder.connect().subscribe(whoAmI, nil).message().Type, "over a socket")

		list := `{ apiKeys { totalCount nodes { name prefix revokedAt lastUsedAt } } }`
		listed := w.as("admin").do(list, nil)
		require.Equal(t, []string{"Our website", "Reporting", "Website"}, column(t, listed.at("apiKeys.nodes"), "name"))
		require.NotContains(t, listed.text, secret[len(prefix):], "the secret was told again")

		id, _ := made.at("createApiKey.apiKey.id").(string)
		revoked := w.as("owner").do(revokeKey, vars{"id": id})
		require.NotNil(t, revoked.at("revokeApiKey.apiKey.revokedAt"))
		require.Equal(t, revoked.text, w.as("owner").do(revokeKey, vars{"id": id}).text, "again changes nothing")
		refused := holder.do(whoAmI, nil)
		require.Equal(t, http.StatusUnauthorized, refused.status, refused.text)
		require.NotContains(t, refused.text, secret)
		require.NotNil(t, w.as("owner").do(list, nil).at("apiKeys.nodes").([]any)[0].(object)["revokedAt"])
		requireNowhere(t, w, secret[len(prefix):])

		log, err := s.store.ListAudit(t.Context(), audit.AuditQuery{Workspace: w.id, Page: inbox.PageRequest{Limit: 10}})
		require.NoError(t, err)
		require.Len(t, log.Items, 2)
		told := fmt.Sprint(log.Items)
		require.NotContains(t, told, secret[len(prefix):])
		sum := sha256.Sum256([]byte(secret))
		require.NotContains(t, told, hex.EncodeToString(sum[:]))
		require.Equal(t, []audit.AuditAction{audit.AuditKeyRevoke, audit.AuditKeyCreate}, []audit.AuditAction{log.Items[0].Action, log.Items[1].Action})
		require.Equal(t, "Our website", log.Items[0].Target.Name)
	})
}

// requireNowhere demands that the directory, its events and the log do not hold
// the text.
func requireNowhere(t *testing.T, w *space, text string) {
	t.Helper()
	d, err := w.store.Directory(t.Context(), w.id)
	require.NoError(t, err)
	stored, err := json.Marshal(d)
	require.NoError(t, err)
	require.NotContains(t, string(stored), text)
	require.Empty(t, w.log.entries(t, text))
}

// What the feed brings of a key says nothing of its secret.
func TestKeyEventsHoldNoSecret(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		heard, err := w.hub.Subscribe(t.Context(), w.id)
		require.NoError(t, err)
		_, holder := w.newKey("Website two")
		for item := range heard.Items() {
			if item.Event.Directory == nil || item.Event.Directory.Key == nil {
				continue
			}
			told, err := json.Marshal(item.Event)
			require.NoError(t, err)
			require.Contains(t, string(told), "Website two")
			require.NotContains(t, string(told), holder.token)
			return
		}
	})
}

// A key that another server revoked ends here too: requests, sockets and streams.
func TestARevokedKeyEndsEverywhere(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		w.ticket("agent1")
		partner := w.as("partner")
		st, bystander := partner.follow(followEvents, nil), w.as("owner").follow(followEvents, nil)
		w.ticket("agent2")
		require.Equal(t, "CREATED", dig(t, st.item(), "node.kind"))
		require.Equal(t, "CREATED", dig(t, bystander.item(), "node.kind"))
		w.edit(func(d *workspace.Directory) workspace.DirectoryChange {
			k := d.Keys[w.key("partner")]
			k.Hash, k.RevokedAt, k.Rev = "", time.Now().UTC().Truncate(time.Millisecond), k.Rev+1
			return workspace.DirectoryChange{Key: &k}
		})
		require.Equal(t, "UNAUTHENTICATED", st.refused())
		require.Equal(t, http.StatusUnauthorized, partner.do(whoAmI, nil).status)
		w.ticket("agent1")
		require.Equal(t, "CREATED", dig(t, bystander.item(), "node.kind"))
	})
}

// Whoever has no key is told the same, be the key unknown, foreign or cut.
func TestSecretsThatAreRefused(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		good := w.as("website").token
		require.Empty(t, w.as("website").do(whoAmI, nil).Errors)
		var said []string
		for _, secret := range []string{
			"sbk_", "sbk_x", "sbk__", "sbk_" + string(w.key("website")), "sbk_" + string(w.key("website")) + "_",
			good[:len(good)-1], good + "X", strings.ToLower(good), strings.Replace(good, string(w.key("website")), string(w.key("partner")), 1),
			"sbk_unknown_SECRET", "sbk_" + strings.Repeat("x", 300) + "_y", "sbk_$where_x", "sbk_a\u00e9_x",
		} {
			c := &client{t: t, server: s, token: secret}
			a := c.do(whoAmI, nil)
			require.Equal(t, http.StatusUnauthorized, a.status, "%q: %s", secret, a.text)
			require.Equal(t, "UNAUTHENTICATED", a.code())
			require.NotContains(t, a.text, secret+`"`)
			said = append(said, a.Errors[0].Message)
			socket := s.dial(t)
			socket.send(wireMessage{Type: "connection_init", Payload: payload(t, object{"Authorization": "Bearer " + secret})})
			_, err := socket.receive()
			require.Equal(t, websocket.StatusCode(4403), websocket.CloseStatus(err), "%q: %v", secret, err)
		}
		for _, message := range said {
			require.Equal(t, said[0], message)
		}
		require.Empty(t, s.log.entries(t, `"level":"ERROR"`))
	})
}

func TestKeysThatAreNotMade(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		for name, c := range map[string]struct {
			plan, as string
			input    object
			want     object
		}{
			"who may not manage keys": {"enterprise", "manager", object{"name": "K"}, object{"code": "PERMISSION_DENIED", "permission": "apikeys.manage"}},
			"a key makes no keys":     {"enterprise", "partner", object{"name": "K"}, object{"code": "PERMISSION_DENIED", "permission": "apikeys.manage"}},
			"a person's role":         {"enterprise", "owner", object{"name": "K", "role": "owner"}, object{"code": "INVALID_INPUT", "field": []any{"role"}}},
			"an unknown role":         {"enterprise", "owner", object{"name": "K", "role": "Integration"}, object{"code": "INVALID_INPUT", "field": []any{"role"}}},
			"a partner below the plan": {"pro", "owner", object{"name": "K", "role": "partner", "permissions": []any{"view:ticket:ALL"}},
				object{"code": "PLAN_REQUIRED", "feature": "api.partner", "requiredPlan": object{"name": "total"}}},
			"a partner without permissions": {"total", "owner", object{"name": "K", "role": "partner"}, object{"code": "INVALID_INPUT", "field": []any{"permissions"}}},
			"an integration with permissions": {"total", "owner", object{"name": "K", "permissions": []any{"view:ticket:ALL"}},
				object{"code": "INVALID_INPUT", "field": []any{"permissions"}}},
			"what makes an assignee": {"total", "owner", object{"name": "K", "role": "partner", "permissions": []any{"takeover:ticket:ALL"}}, object{"code": "INVALID_INPUT"}},
			"a narrow scope":         {"total", "owner", object{"name": "K", "role": "partner", "permissions": []any{"view:ticket:TEAM"}}, object{"code": "INVALID_INPUT"}},
			"an unknown kind":        {"total", "owner", object{"name": "K", "role": "partner", "permissions": []any{"view:email:ALL"}}, object{"code": "INVALID_INPUT"}},
			"another spelling":       {"total", "owner", object{"name": "K", "role": "partner", "permissions": []any{"view:TICKET:all"}}, object{"code": "INVALID_INPUT"}},
		} {
			t.Run(name, func(t *testing.T) {
				w := s.newSpace(t, c.plan, nil)
				a := w.as(c.as).do(createKey, vars{"input": c.input})
				require.Nil(t, a.at("createApiKey.secret"), a.text)
				refusals, _ := a.at("createApiKey.userErrors").([]any)
				require.Len(t, refusals, 1, a.text)
				requireMatch(t, c.want, refusals[0], "userErrors")
				d, err := s.store.Directory(t.Context(), w.id)
				require.NoError(t, err)
				require.Len(t, d.Keys, 2)
			})
		}
	})
}

// A workspace may have so many keys, and more once one is revoked.
func TestKeysAreBounded(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "free", func(d *workspace.Directory) {
		for len(d.Keys) < admin.MaxAPIKeys {
			k := workspace.APIKey{ID: workspace.KeyID(string(d.Workspace.ID) + "-" + time.Duration(len(d.Keys)).String()), Workspace: d.Workspace.ID, Name: "x", Role: workspace.RoleIntegration, Hash: "x", Rev: 1}
			d.Keys[k.ID] = k
		}
	})
	owner := w.as("owner")
	require.Contains(t, owner.do(createKey, vars{"input": object{"name": "K"}}).text, "INVALID_INPUT")
	owner.do(revokeKey, vars{"id": w.global("key website")}).ok()
	require.NotNil(t, owner.do(createKey, vars{"input": object{"name": "K"}}).at("createApiKey.secret"))
}

// A partner's key does what it names, sees no more, and owns nothing.
func TestPartnersDoWhatTheirKeyNames(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "total", nil)
		chat, ticket := w.owned("agent1"), w.ticket("agent1")
		partner := w.as("partner")
		require.Equal(t, []any{"view:ticket:ALL", "close:ticket:ALL"}, partner.do(whoAmI, nil).at("viewer.permissions"))
		require.Equal(t, []string{resolvers.ConversationID(ticket.ID)}, column(t, partner.do(`{ conversations { nodes { id } } }`, nil).at("conversations.nodes"), "id"))
		require.Equal(t, "PERMISSION_DENIED", partner.do(`query($id: ID!) { conversation(id: $id) { id } }`, vars{"id": resolvers.ConversationID(chat.ID)}).code())
		status := `mutation($id: ID!) { setConversationStatus(input: {conversationId: $id, status: CLOSED}) { event { actor { ... on Partner { name } } } userErrors { code } } }`
		require.Contains(t, partner.do(status, vars{"id": resolvers.ConversationID(ticket.ID)}).text, "NOT_ASSIGNEE", "it is no manager")
		for _, verb := range []string{"claimConversation", "takeOverConversation", "leaveConversation"} {
			a := partner.do(`mutation($id: ID!) { payload: `+verb+`(input: {conversationId: $id}) { userErrors { code } } }`, vars{"id": resolvers.ConversationID(ticket.ID)})
			code, _ := a.verdict()
			require.Contains(t, []string{"PERMISSION_DENIED", "NOT_ASSIGNEE"}, code, "%s: %s", verb, a.text)
		}
		st := partner.follow(followEvents, nil)
		w.editWorkspace(func(ws *workspace.Workspace) { ws.Plan = "pro" })
		require.Equal(t, "PLAN_REQUIRED", st.refused(), "the plan was lowered")
		require.Equal(t, "PLAN_REQUIRED", partner.do(whoAmI, nil).code())
		require.Empty(t, w.as("website").do(whoAmI, nil).Errors, "feeding in needs no plan")
	})
}

// A key that could claim by its permissions does not: only people own.
func TestKeysNeverOwn(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	made := w.as("owner").do(createKey, vars{"input": object{"name": "K", "role": "partner", "permissions": []any{"view:livechat:ALL", "reply:livechat:ALL", "assign:livechat:ALL"}}})
	secret, _ := made.at("createApiKey.secret").(string)
	c := w.chat()
	a := (&client{t: t, server: s, token: secret}).do(`mutation($id: ID!) { payload: claimConversation(input: {conversationId: $id}) { userErrors { code ... on PermissionDeniedError { permission } } } }`, vars{"id": resolvers.ConversationID(c.ID)})
	require.Contains(t, a.text, "claim:livechat:ALL")
	require.Equal(t, c, w.stored(c.ID))
}

// When a key was last used is written down behind the request's back.
func TestKeysAreListedWithTheirLastUse(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "free", nil)
		id, holder := w.newKey("K")
		used := func() any {
			return w.as("owner").do(`query($id: ID!) { node(id: $id) { ... on ApiKey { lastUsedAt } } }`, vars{"id": id}).at("node.lastUsedAt")
		}
		require.Nil(t, used())
		began := time.Now().Add(-time.Second)
		holder.do(whoAmI, nil).ok()
		require.Eventually(t, func() bool { return used() != nil }, patience, tick)
		text, _ := used().(string)
		at, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		require.WithinRange(t, at, began, time.Now())
		holder.do(whoAmI, nil).ok()
		require.Equal(t, text, used(), "within the minute nothing is written")
	})
}
