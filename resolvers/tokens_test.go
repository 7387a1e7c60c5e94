package resolvers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// forged makes tokens that the signer would not make.
func (w *space) forged(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
	w.t.Helper()
	claims := jwt.MapClaims{
		"iss": auth.OwnIssuer, "aud": auth.OwnIssuer, "sub": string(w.member("agent1")), "workspace": string(w.id), "kind": "member",
		"iat": time.Now().Add(-2 * time.Hour).Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
	if change != nil {
		change(claims)
	}
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = auth.OwnKeyID
	text, err := token.SignedString(key)
	require.NoError(w.t, err)
	return text
}

// Nobody who cannot be identified gets anything executed, over HTTP or a socket.
func TestTokensThatAreRefused(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		secret, err := s.store.Secret(t.Context())
		require.NoError(t, err)
		good := w.forged(jwt.SigningMethodHS256, secret, nil)
		require.Empty(t, (&client{t: t, server: s, token: good}).do(`{ viewer { member { name } } }`, nil).Errors, "the forger forges badly")
		w.editMember("away", func(m *workspace.Member) { m.Removed = true })
		require.Eventually(t, func() bool { // the feed brings it
			_, err := s.service.Callers.Access(t.Context(), inbox.Principal{Workspace: w.id, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(w.member("away"))}})
			return err != nil
		}, time.Minute, time.Millisecond)
		set := func(claim string, value any) func(jwt.MapClaims) {
			return func(c jwt.MapClaims) { c[claim] = value }
		}
		for name, token := range map[string]string{
			"none":                 "",
			"a word":               "nonsense",
			"expired":              w.forged(jwt.SigningMethodHS256, secret, set("exp", time.Now().Add(-time.Hour).Unix())),
			"unsigned":             w.forged(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
			"signed by another":    w.forged(jwt.SigningMethodHS256, []byte(strings.Repeat("k", 32)), nil),
			"other algorithm":      w.forged(jwt.SigningMethodHS512, secret, nil),
			"cut":                  good[:len(good)-3],
			"without end":          w.forged(jwt.SigningMethodHS256, secret, func(c jwt.MapClaims) { delete(c, "exp") }),
			"other issuer":         w.forged(jwt.SigningMethodHS256, secret, set("iss", "somebody")),
			"other audience":       w.forged(jwt.SigningMethodHS256, secret, set("aud", "somebody")),
			"of nobody":            w.forged(jwt.SigningMethodHS256, secret, set("sub", "nobody")),
			"of who was removed":   w.forged(jwt.SigningMethodHS256, secret, set("sub", string(w.member("away")))),
			"of no workspace":      w.forged(jwt.SigningMethodHS256, secret, set("workspace", "nowhere")),
			"a contact of nothing": w.forged(jwt.SigningMethodHS256, secret, set("kind", "contact")),
		} {
			t.Run(name, func(t *testing.T) {
				c := &client{t: t, server: s, token: token}
				a := c.do(`mutation { setAvailability(input: {availability: AWAY}) { userErrors { code } } }`, nil)
				require.Equal(t, http.StatusUnauthorized, a.status, a.text)
				require.Equal(t, "UNAUTHENTICATED", a.code())
				require.NotContains(t, a.text, orElse(token, "\x00"))
				socket := s.dial(t)
				init := wireMessage{Type: "connection_init"}
				if token != "" {
					init.Payload = payload(t, object{"Authorization": "Bearer " + token})
				}
				socket.send(init)
				_, err := socket.receive()
				require.Contains(t, []websocket.StatusCode{4401, 4403}, websocket.CloseStatus(err), "%v", err)
			})
		}
		d, err := s.store.Directory(t.Context(), w.id)
		require.NoError(t, err)
		require.Equal(t, workspace.Online, d.Members[w.member("agent1")].Availability)
	})
}

// A body that is no request is the client's mistake.
func TestBodiesThatAreNoRequests(t *testing.T) {
	s := onEmbedded(t)
	w := s.newSpace(t, "enterprise", nil)
	for _, body := range []string{"", " ", "null", "[]", "{}", "{", `{"query":""}`, `{"query":5}`, `{"query":"{"}`, `{"query":"{ nothing }"}`, `{"query":"{ viewer { permissions } }","variables":[]}`, "\x00"} {
		a := w.as("owner").post(body)
		require.NotEmpty(t, a.Errors, "%q: %s", body, a.text)
		require.Contains(t, []string{"BAD_REQUEST", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}, a.code(), "%q: %s", body, a.text)
	}
	require.Empty(t, s.log.entries(t, `"level":"ERROR"`))
}

// Who asks is told who they are.
func TestViewer(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "pro", nil)
		query := `{ viewer { member { name } aiAgent { name } contact { id } apiKey { name } permissions workspace { id plan { name rank } } } }`
		member := w.as("observer").do(query, nil)
		requireMatch(t, object{"member": object{"name": "Oskar Vance"}, "aiAgent": nil, "contact": nil, "apiKey": nil, "workspace": object{"id": w.global("workspace"), "plan": object{"name": "pro", "rank": number(2)}}}, member.at("viewer"), "viewer")
		require.Equal(t, []any{"view:livechat:ALL", "view:ticket:ALL"}, member.at("viewer.permissions"))
		agent := w.as("ai").do(query, nil)
		requireMatch(t, object{"member": nil, "aiAgent": object{"name": "Ada ai"}, "contact": nil}, agent.at("viewer"), "viewer")
		require.Contains(t, agent.at("viewer.permissions"), "handoff:livechat:OWN")
	})
}
