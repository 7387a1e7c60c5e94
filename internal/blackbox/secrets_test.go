package blackbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// Secrets are put wherever a client or an operator can put one. None is in the
// log, at its most talkative, nor in what operators' tools read.
func TestNoSecretIsToldOn(t *testing.T) {
	t.Parallel()
	testdb.Record(t, testdb.Embedded)
	const secret = "swordfish-swordfish-swordfish-swordfish"
	for _, form := range []string{"text", "json"} {
		s := demo(t, "--memory", "--jwt-secret", secret, "--log-level", "debug", "--log-format", form, "--metrics-addr", "127.0.0.1:0", "--max-cost", "500")
		d := s.desk(t, "demo")
		good := d.owner.token
		foreign := good[:len(good)-6] + "AAAAAA"
		expired := "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9." + strings.Repeat("s", 43)
		for _, token := range []string{good, foreign, expired, "swordfish", secret} {
			leaky := s.with(t, token)
			for _, query := range []string{`{ viewer { member { id } } }`, `{ nothing(token: "` + token + `") }`, `{ # ` + token, `query Q` + `($a: Int = "` + token + `") { viewer { member { id } } }`,
				`{ conversations(first: 100) { nodes { messages(first: 100) { nodes { author { __typename } } } subject } } }`} {
				_, _ = leaky.try(t.Context(), query, object{"token": token, "id": token})
			}
			s.leak(t, token)
		}
		d.owner.verb("sendMessage", object{"conversationId": d.owned(d.agent1), "body": "swordfish " + secret, "idempotencyKey": "swordfish"})
		_, figures := s.console(t, "/metrics")
		_, why := s.console(t, "/readyz")
		s.terminate()
		for what, text := range map[string]string{"the log": s.errors.String(), "the metrics": figures, "the readiness": why} {
			require.NotEmpty(t, text)
			require.NotContains(t, text, "swordfish", what)
			require.NotContains(t, text, "eyJ", what)
			require.NotContains(t, text, strings.Split(good, ".")[2], what)
		}
		require.Contains(t, figures, `switchboard_refused_total{code="UNAUTHENTICATED"}`)
		require.Contains(t, figures, `switchboard_refused_total{code="LIMIT_EXCEEDED"}`)
	}
}

// leak sends a token in every other place.
func (s *server) leak(t *testing.T, token string) {
	t.Helper()
	for _, target := range []string{"/graphql?access_token=" + url.QueryEscape(token), "/" + url.PathEscape(token), "/playground?token=" + url.QueryEscape(token)} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.addr+target, nil)
		require.NoError(t, err)
		for _, name := range []string{"Authorization", "Cookie", "X-Api-Key", "User-Agent", "Origin", "Referer"} {
			req.Header.Set(name, token)
		}
		resp, err := s.http.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
	}
	for _, payload := range []any{object{"Authorization": "Bearer " + token}, object{"Authorization": token}, object{"token": token}, token} {
		conn, _, err := websocket.Dial(t.Context(), "ws://"+s.addr+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPClient: s.http})
		require.NoError(t, err)
		require.NoError(t, wsjson.Write(t.Context(), conn, object{"type": "connection_init", "payload": payload}))
		_ = wsjson.Write(t.Context(), conn, object{"type": token, "id": token}) // it may be closed by now
		_, _, _ = conn.Read(t.Context())
		_ = conn.CloseNow()
	}
}
