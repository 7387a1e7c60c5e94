package blackbox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
)

// hookReceiver is another system, which verifies whatever it is sent.
type hookReceiver struct {
	*httptest.Server
	mu     sync.Mutex
	secret string
	got    []hook
	bad    []error
}

// hook is one delivery.
type hook struct {
	replay string
	id     string
	body   struct {
		Type               string
		Sequence, Previous int
		Data               object
	}
}

func newHookReceiver(t *testing.T) *hookReceiver {
	t.Helper()
	r := &hookReceiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		raw, _ := io.ReadAll(req.Body)
		r.take(req.Header, raw)
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *hookReceiver) take(header http.Header, raw []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := hook{replay: header.Get("Webhook-Replay"), id: header.Get("Webhook-Id")}
	wh, err := standardwebhooks.NewWebhook(r.secret)
	if err == nil {
		err = wh.Verify(raw, header)
	}
	if err == nil {
		err = json.Unmarshal(raw, &one.body)
	}
	if err != nil {
		r.bad = append(r.bad, fmt.Errorf("%w: %s", err, raw))
		return
	}
	r.got = append(r.got, one)
}

func (r *hookReceiver) all() []hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]hook(nil), r.got...)
}

func (r *hookReceiver) about(conversation string) (out []hook) {
	for _, h := range r.all() {
		if c, _ := h.body.Data["conversation"].(object); c != nil && c["id"] == conversation {
			out = append(out, h)
		}
	}
	return out
}

const createHook = `mutation($key: ID!, $url: String!, $document: String) {
	createWebhook(input: {name: "CRM", url: $url, apiKeyId: $key, records: [OWNERSHIP], document: $document}) { secret webhook { id state } userErrors { code message field } } }`

// An endpoint is sent what happens, as the document selects it, verified by the public
// library; what happened while the server was dead follows; a replay has the same ids; the
// history has them too; and nothing is sent for a revoked key. B:V12
func TestWebhooks(t *testing.T) {
	t.Parallel()
	r := newHookReceiver(t)
	data := t.TempDir()
	serve := []string{"--data", data, "--webhooks", "any", "--webhook-allow-network", "127.0.0.0/8"}
	s := demo(t, serve...)
	d := s.desk(t, "demo")
	made := d.owner.do(`mutation { createApiKey(input: {name: "CRM", role: "partner", permissions: ["view:livechat:ALL", "view:ticket:ALL"]}) { apiKey { id } userErrors { code message } } }`, nil)
	key := str(t, made.Data, "createApiKey.apiKey.id")

	refused := d.owner.do(createHook, object{"key": key, "url": "http://169.254.169.254/latest"})
	require.Equal(t, "INVALID_INPUT", refused.at("createWebhook.userErrors.0.code"), refused.text)
	refused = d.owner.do(createHook, object{"key": key, "url": r.URL, "document": "{ nothing }"})
	require.Equal(t, "INVALID_INPUT", refused.at("createWebhook.userErrors.0.code"), refused.text)
	refused = d.manager.do(createHook, object{"key": key, "url": r.URL})
	require.Equal(t, "PERMISSION_DENIED", refused.at("createWebhook.userErrors.0.code"), refused.text)
	r.mu.Lock()
	created := d.owner.do(createHook, object{"key": key, "url": r.URL + "/hooks", "document": "{ sequence conversation { id } event { id kind version assignee: to { assignee { name } } } }"})
	require.Empty(t, created.at("createWebhook.userErrors"), created.text)
	r.secret = str(t, created.Data, "createWebhook.secret")
	r.mu.Unlock()
	endpoint := str(t, created.Data, "createWebhook.webhook.id")
	require.NotContains(t, s.errors.String(), r.secret)

	id := d.owned(d.agent1)
	eventually(t, "the endpoint hears of the claim", func() bool { return len(r.about(id)) >= 2 })
	d.owner.do(`mutation($id: ID!) { testWebhook(webhookId: $id) { replayId userErrors { code } } }`, object{"id": endpoint})
	eventually(t, "a test arrives", func() bool {
		return slices.ContainsFunc(r.all(), func(h hook) bool { return h.body.Type == "webhook.test" })
	})

	s.signal(syscall.SIGKILL)
	s.wait()
	again := &server{
		process: start(t, append([]string{"serve", "--demo", "--addr", s.addr}, serve...)),
		http:    &http.Client{Transport: &http.Transport{}}, tokens: map[string]string{},
	}
	t.Cleanup(again.http.CloseIdleConnections)
	again.ready()
	d = again.desk(t, "demo")
	d.manager.must("takeOverConversation", object{"conversationId": id})
	began := time.Now()
	eventually(t, "the endpoint hears of the takeover", func() bool {
		all := r.about(id)
		return all[len(all)-1].body.Type == "conversation.taken_over"
	})
	t.Logf("after %v", time.Since(began))
	history := d.owner.do(`query($id: ID!) { node(id: $id) { ... on Conversation { history(first: 50) { nodes { id version sequence } } } } }`, object{"id": id})
	bySequence := map[string]string{}
	for i, event := range column(t, history.at("node.history.nodes"), "id") {
		bySequence[event] = column(t, history.at("node.history.nodes"), "sequence")[i]
	}
	seen := map[string]bool{}
	for _, h := range r.about(id) {
		require.Equal(t, bySequence[h.id], fmt.Sprint(h.body.Sequence), "the same id and number as in the history")
		seen[h.id] = true
	}
	require.Len(t, seen, len(bySequence), "every change, once or more")

	replayed := d.owner.do(`mutation($id: ID!) { replayWebhook(input: {webhookId: $id, from: {sequence: "1"}}) { events replayId userErrors { code message } } }`, object{"id": endpoint})
	replay := str(t, replayed.Data, "replayWebhook.replayId")
	eventually(t, "everything is sent again", func() bool {
		ids := map[string]bool{}
		for _, h := range r.about(id) {
			if h.replay == replay {
				ids[h.id] = true
			}
		}
		return len(ids) == len(bySequence)
	})
	listed := d.owner.do(`{ webhooks { nodes { state behind delivered deliveries(first: 5, state: DELIVERED) { nodes { eventId state replay attempts { status millis } } } } } }`, nil)
	require.Len(t, column(t, listed.at("webhooks.nodes.0.deliveries.nodes"), "eventId"), 5, listed.text)

	d.owner.do(`mutation($id: ID!) { revokeApiKey(input: {id: $id}) { userErrors { code } } }`, object{"id": key})
	eventually(t, "the endpoint is disabled", func() bool {
		return d.owner.do(`{ webhooks { nodes { state stateReason } } }`, nil).at("webhooks.nodes.0.stateReason") == "KEY_REVOKED"
	})
	before := len(r.all())
	other := d.owned(d.agent1)
	require.Empty(t, r.about(other))
	require.Len(t, r.all(), before)
	require.Empty(t, r.bad)
	require.NotContains(t, again.errors.String(), r.secret)
	again.terminate()
}
