package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"switchboard/internal/testdb"
	"switchboard/store"
	"switchboard/store/sqlite"

	"github.com/stretchr/testify/require"
)

func linkOf(t *testing.T, args ...string) ran {
	t.Helper()
	return runTest(t, with(&fakeStore{}), nil, append([]string{"login-link"}, args...)...)
}

// What the command prints, and what it refuses before it prints anything.
func TestLoginLink(t *testing.T) {
	for name, row := range map[string]struct {
		args  []string
		code  exitCode
		says  string
		opens string
	}{
		"by address":            {[]string{"--workspace", "real", "--as", "MANAGER@demo.test"}, exitOK, "", "http://127.0.0.1:8080/signed-in"},
		"by id":                 {[]string{"--workspace", "real", "--as", "m-1", "--url", "https://desk.example/"}, exitOK, "", "https://desk.example/signed-in"},
		"for a wall":            {[]string{"--workspace", "demo", "--as", "m-1", "--page", "wall"}, exitOK, "", "http://127.0.0.1:8080/signed-in"},
		"somebody removed":      {[]string{"--workspace", "real", "--as", "gone@demo.test"}, exitRefused, "nobody", ""},
		"an AI agent":           {[]string{"--workspace", "real", "--as", "ai@demo.test"}, exitRefused, "nobody", ""},
		"nobody":                {[]string{"--workspace", "real"}, exitUsage, "--as", ""},
		"which workspace?":      {[]string{"--as", "m-1"}, exitRefused, "--workspace is needed", ""},
		"no such workspace":     {[]string{"--workspace", "x", "--as", "m-1"}, exitRefused, "no workspace", ""},
		"beside a provider":     {[]string{"--workspace", "real", "--as", "m-1", "--oidc-issuer", "https://id.example", "--oidc-client-id", "c"}, exitRefused, "identity provider", ""},
		"beside a JWKS":         {[]string{"--workspace", "real", "--as", "m-1", "--jwks-url", "https://id.example/k", "--issuer", "i", "--audience", "a"}, exitRefused, "--jwks-url", ""},
		"for too long":          {[]string{"--workspace", "real", "--as", "m-1", "--ttl", "1000h"}, exitUsage, "--ttl", ""},
		"a page that is none":   {[]string{"--workspace", "real", "--as", "m-1", "--page", "//evil.example"}, exitUsage, "--page", ""},
		"an address with a key": {[]string{"--workspace", "real", "--as", "m-1", "--url", "https://a:b@desk.example"}, exitUsage, "--url", ""},
		"a script":              {[]string{"--workspace", "real", "--as", "m-1", "--url", "javascript:alert(1)"}, exitUsage, "--url", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := linkOf(t, row.args...)
			require.Equal(t, row.code, got.code, got.stderr)
			require.Contains(t, got.stderr, row.says)
			if row.opens == "" {
				require.Empty(t, got.stdout)
				return
			}
			link, fragment, _ := strings.Cut(strings.TrimSpace(got.stdout), "#")
			require.Equal(t, row.opens, link, "the secret stands behind the # alone")
			values, err := url.ParseQuery(fragment)
			require.NoError(t, err)
			require.NotEmpty(t, values.Get("link"))
		})
	}
}

// A link that the command prints signs in at any server on the same data, once in
// all, and again never: not at another server and not after a restart.
func TestALoginLinkWorksOnceForAllServers(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	folder := t.TempDir()
	got := cli(t, "seed", "--data", folder)
	require.Equal(t, exitOK, got.code, got.stderr)
	link := func(who string) string {
		got := cli(t, "login-link", "--workspace", "demo", "--as", who, "--data", folder)
		require.Equal(t, exitOK, got.code, got.stderr)
		_, fragment, _ := strings.Cut(strings.TrimSpace(got.stdout), "#")
		values, err := url.ParseQuery(fragment)
		require.NoError(t, err)
		return values.Get("link")
	}
	var logged bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	open := func() store.Engine {
		stored, err := sqlite.Open(t.Context(), sqlite.Config{Dir: folder})
		require.NoError(t, err)
		return stored
	}
	server := func(stored store.Engine) http.Handler {
		secret, err := stored.Secret(t.Context())
		require.NoError(t, err)
		who, err := newIdentity(secret, authSettings{}, log)
		require.NoError(t, err)
		l, err := newLinks(who, stored, log)
		require.NoError(t, err)
		mux := http.NewServeMux()
		l.routes(mux)
		return mux
	}
	post := func(to http.Handler, path, secret string) (int, map[string]any) {
		body, err := json.Marshal(map[string]string{"secret": secret})
		require.NoError(t, err)
		r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		to.ServeHTTP(w, r)
		require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		var out map[string]any
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &out))
		return w.Code, out
	}
	first := link("manager@demo.test")
	stored := open()
	one, two := server(stored), server(stored)
	status, in := post(one, "/login/begin", first)
	require.Equal(t, http.StatusOK, status, in)
	require.Equal(t, "Mara Lindqvist", in["name"])
	for _, other := range []http.Handler{one, two} {
		status, said := post(other, "/login/begin", first)
		require.Equal(t, http.StatusUnauthorized, status)
		require.Contains(t, said["message"], "used before")
	}
	status, next := post(two, "/login/renew", in["renewal"].(string))
	require.Equal(t, http.StatusOK, status, next)
	require.NoError(t, stored.Close(t.Context()))

	stored = open()
	three := server(stored)
	status, _ = post(three, "/login/begin", first)
	require.Equal(t, http.StatusUnauthorized, status, "after a restart")
	status, next = post(three, "/login/renew", in["renewal"].(string))
	require.Equal(t, http.StatusOK, status, "a session outlives the server: %v", next)
	status, _ = post(three, "/login/end", in["renewal"].(string))
	require.Equal(t, http.StatusOK, status)
	status, _ = post(three, "/login/renew", in["renewal"].(string))
	require.Equal(t, http.StatusUnauthorized, status)
	for range linkBurst {
		status, _ = post(three, "/login/renew", in["renewal"].(string))
	}
	require.Equal(t, http.StatusTooManyRequests, status, "nobody writes into the database for ever")
	require.NoError(t, stored.Close(t.Context()))
	require.NotContains(t, logged.String(), "eyJ")
}

// What pages of other sites can send opens nothing, and neither does too much.
func TestLoginTakesOnlyWhatOurPagesSend(t *testing.T) {
	l := &links{log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	l.routes(mux)
	for name, row := range map[string]struct {
		method, kind, body string
		status             int
	}{
		"a form":          {"POST", "application/x-www-form-urlencoded", `{"secret":"x"}`, http.StatusBadRequest},
		"plain text":      {"POST", "text/plain", `{"secret":"x"}`, http.StatusBadRequest},
		"no type":         {"POST", "", `{"secret":"x"}`, http.StatusBadRequest},
		"no JSON":         {"POST", "application/json", `secret=x`, http.StatusBadRequest},
		"too much":        {"POST", "application/json", `{"secret":"` + strings.Repeat("x", linkBody) + `"}`, http.StatusBadRequest},
		"by address":      {"GET", "", "", http.StatusMethodNotAllowed},
		"not genuine":     {"POST", "application/json", `{"secret":"x"}`, http.StatusUnauthorized},
		"nothing at all":  {"POST", "application/json", `{}`, http.StatusUnauthorized},
		"with a charset":  {"POST", "application/json; charset=utf-8", `{"secret":"x"}`, http.StatusUnauthorized},
		"a list of words": {"POST", "application/json", `{"secret":["x"]}`, http.StatusBadRequest},
	} {
		r := httptest.NewRequest(row.method, "/login/begin", strings.NewReader(row.body))
		r.Header.Set("Content-Type", row.kind)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		require.Equal(t, row.status, w.Code, name)
		require.Empty(t, w.Header().Get("Access-Control-Allow-Origin"), name)
	}
}

// Where people sign in at a provider there are no links.
func TestNoLinksBesideAProvider(t *testing.T) {
	who, err := newIdentity([]byte(dataSecret), authSettings{OIDCIssuer: "https://id.example", OIDCClientID: "c", Issuer: "https://id.example", Audience: "c"}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	l, err := newLinks(who, nil, nil)
	require.NoError(t, err)
	require.Nil(t, l)
}
