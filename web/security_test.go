package web_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/web"
)

// directives splits a policy into its sources by directive name.
func directives(policy string) map[string]string {
	found := map[string]string{}
	for _, directive := range strings.Split(policy, ";") {
		name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
		found[name] = sources
	}
	return found
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	for _, path := range []string{"/", "/playground", "/config.json", "/assets/play-1a2b.js", "/assets/none.js", "/nowhere"} {
		t.Run(path, func(t *testing.T) {
			header := ask(t, web.Options{Files: built()}, "GET", path).Header
			require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
			require.Equal(t, "no-referrer", header.Get("Referrer-Policy"))
			require.Equal(t, "same-origin", header.Get("Cross-Origin-Opener-Policy"))
			require.Equal(t, "same-origin", header.Get("Cross-Origin-Resource-Policy"))
			require.Empty(t, header.Get("Access-Control-Allow-Origin"), "tokens are for this origin only")
			require.Equal(t, map[string]string{
				"default-src":     "'none'",
				"script-src":      "'self'",
				"worker-src":      "'self'",
				"style-src":       "'self' 'unsafe-inline'",
				"img-src":         "'self' data:",
				"font-src":        "'self' data:",
				"connect-src":     "'self' ws://example.com wss://example.com",
				"base-uri":        "'none'",
				"form-action":     "'none'",
				"frame-ancestors": "'none'",
			}, directives(header.Get("Content-Security-Policy")))
		})
	}
}

func TestPolicyNamesTheHostAsked(t *testing.T) {
	const selfOnly = "'self'"
	rows := []struct{ name, host, connect string }{
		{"name and port", "desk.example:8080", "'self' ws://desk.example:8080 wss://desk.example:8080"},
		{"IPv4", "127.0.0.1:8080", "'self' ws://127.0.0.1:8080 wss://127.0.0.1:8080"},
		{"IPv6", "[::1]:8080", "'self' ws://[::1]:8080 wss://[::1]:8080"},
		{"no host", "", selfOnly},
		{"a second directive", "a; script-src *", selfOnly},
		{"a second source", "a https://evil.example", selfOnly},
		{"a wildcard", "*", selfOnly},
		{"a wildcard port", "a:*", selfOnly},
		{"a comma, which starts another policy", "a,default-src *", selfOnly},
		{"a line end", "a\nb", selfOnly},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			request := httptest.NewRequest("GET", "/playground", nil)
			request.Host = row.host
			recorder := httptest.NewRecorder()
			web.Handler(web.Options{Files: built()}).ServeHTTP(recorder, request)
			found := directives(recorder.Header().Get("Content-Security-Policy"))
			require.Equal(t, row.connect, found["connect-src"])
			require.Equal(t, "'self'", found["script-src"])
			require.Len(t, found, 10)
		})
	}
}
