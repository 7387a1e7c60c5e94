package web_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/web"
)

func at(endpoints *web.Endpoints) web.Options {
	return web.Options{Files: built(), Provider: func() web.Provider {
		return web.Provider{Issuer: "https://id.example/realm", ClientID: "desk", Scope: "openid email", Endpoints: endpoints}
	}}
}

// The pages learn where people sign in, and whether that is known yet.
func TestConfigNamesTheProvider(t *testing.T) {
	for name, row := range map[string]struct {
		opts web.Options
		want string
	}{
		"known": {at(&web.Endpoints{Authorization: "https://id.example/auth", Token: "https://id.example/token"}),
			`{"issuer":"https://id.example/realm","clientId":"desk","scope":"openid email","endpoints":{"authorization":"https://id.example/auth","token":"https://id.example/token"}}`},
		"away": {at(nil), `{"issuer":"https://id.example/realm","clientId":"desk","scope":"openid email","endpoints":null}`},
	} {
		t.Run(name, func(t *testing.T) {
			response := ask(t, row.opts, http.MethodGet, "/config.json")
			var got struct{ OIDC json.RawMessage }
			require.NoError(t, json.Unmarshal([]byte(body(t, response)), &got))
			require.JSONEq(t, row.want, string(got.OIDC))
		})
	}
	require.Contains(t, body(t, ask(t, web.Options{Links: true}, http.MethodGet, "/config.json")), `"links":true`)
}

// A page may call the provider where it gets tokens and ends them, and no address of
// a provider adds anything else to the policy.
func TestPolicyAllowsTheProvider(t *testing.T) {
	const usual = "'self' ws://example.com wss://example.com"
	for name, row := range map[string]struct {
		endpoints *web.Endpoints
		connect   string
	}{
		"away":                 {nil, usual},
		"one host":             {&web.Endpoints{Token: "https://id.example/token", Revocation: "https://id.example/revoke"}, usual + " https://id.example"},
		"another":              {&web.Endpoints{Token: "https://tokens.example:8443/token"}, usual + " https://id.example https://tokens.example:8443"},
		"a second directive":   {&web.Endpoints{Token: "https://x; script-src */"}, usual + " https://id.example"},
		"a second source":      {&web.Endpoints{Token: "https://x%20*/"}, usual + " https://id.example"},
		"a wildcard":           {&web.Endpoints{Token: "https://*.example/"}, usual + " https://id.example"},
		"a script":             {&web.Endpoints{Token: "javascript:alert(1)"}, usual + " https://id.example"},
		"no address":           {&web.Endpoints{Token: "::"}, usual + " https://id.example"},
		"only where people go": {&web.Endpoints{Authorization: "https://people.example/auth", EndSession: "https://people.example/end"}, usual + " https://id.example"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/", "/wall", "/playground", "/signed-in", "/assets/play-1a2b.js"} {
				found := directives(ask(t, at(row.endpoints), http.MethodGet, path).Header.Get("Content-Security-Policy"))
				require.Equal(t, row.connect, found["connect-src"], path)
				require.Equal(t, "'self'", found["script-src"])
				require.Len(t, found, 10)
			}
		})
	}
}
