package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAllowOrigins(t *testing.T) {
	const app = "https://app.example.com"
	for name, row := range map[string]struct {
		patterns       []string
		method, origin string
		allowed        string
		status         int
	}{
		"nobody named":               {nil, http.MethodPost, app, "", http.StatusTeapot},
		"nobody named, asked before": {nil, http.MethodOptions, app, "", http.StatusTeapot},
		"no browser":                 {[]string{app}, http.MethodPost, "", "", http.StatusTeapot},
		"named":                      {[]string{app}, http.MethodPost, app, app, http.StatusTeapot},
		"named, asked before":        {[]string{app}, http.MethodOptions, app, app, http.StatusNoContent},
		"named second":               {[]string{"https://a.example.com", app}, http.MethodPost, app, app, http.StatusTeapot},
		"another":                    {[]string{app}, http.MethodPost, "https://evil.example.com", "", http.StatusTeapot},
		"another, asked before":      {[]string{app}, http.MethodOptions, "https://evil.example.com", "", http.StatusTeapot},
		"another scheme":             {[]string{app}, http.MethodPost, "http://app.example.com", "", http.StatusTeapot},
		"another port":               {[]string{app}, http.MethodPost, app + ":8443", "", http.StatusTeapot},
		"longer at the end":          {[]string{app}, http.MethodPost, app + ".evil.example", "", http.StatusTeapot},
		"a pattern":                  {[]string{"https://*.example.com"}, http.MethodPost, app, app, http.StatusTeapot},
		"a pattern, another domain":  {[]string{"https://*.example.com"}, http.MethodPost, "https://example.com.evil.example", "", http.StatusTeapot},
		"everybody":                  {[]string{"*"}, http.MethodPost, "https://who.example", "https://who.example", http.StatusTeapot},
		"a page without an origin":   {[]string{app}, http.MethodPost, "null", "", http.StatusTeapot},
	} {
		t.Run(name, func(t *testing.T) {
			inner := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
			request := httptest.NewRequest(row.method, "/graphql", nil)
			if row.origin != "" {
				request.Header.Set("Origin", row.origin)
			}
			got := httptest.NewRecorder()
			allowOrigins(row.patterns, inner).ServeHTTP(got, request)
			require.Equal(t, row.status, got.Code)
			require.Equal(t, row.allowed, got.Header().Get("Access-Control-Allow-Origin"))
			require.Empty(t, got.Header().Get("Access-Control-Allow-Credentials"))
			require.Equal(t, row.patterns != nil, got.Header().Get("Vary") == "Origin", "a cache must keep the answers apart")
			require.Equal(t, row.allowed != "", got.Header().Get("Access-Control-Allow-Headers") != "")
			require.Equal(t, row.allowed != "", got.Header().Get("Access-Control-Expose-Headers") != "")
		})
	}
}

// Browsers refuse a request whole for one header that the answer to their question does
// not list, and hide headers of answers: so clients of each kind are tried with theirs.
func TestPagesOfOtherOriginsMaySendAndReadTheHeadersOfTheirTools(t *testing.T) {
	request := httptest.NewRequest(http.MethodOptions, "/graphql", nil)
	request.Header.Set("Origin", "https://app.example.com")
	got := httptest.NewRecorder()
	allowOrigins([]string{"*"}, http.NotFoundHandler()).ServeHTTP(got, request)
	listed := func(header string) map[string]bool {
		out := map[string]bool{}
		for name := range strings.SplitSeq(got.Header().Get(header), ", ") {
			out[strings.ToLower(name)] = true
		}
		return out
	}
	accepted, exposed := listed("Access-Control-Allow-Headers"), listed("Access-Control-Expose-Headers")
	for client, headers := range map[string]string{
		"every client":             "authorization content-type",
		"OpenTelemetry":            "traceparent tracestate baggage",
		"Apollo Client":            "apollographql-client-name apollographql-client-version apollo-require-preflight",
		"Apollo Kotlin, iOS":       "x-apollo-operation-name x-apollo-operation-type",
		"Hive":                     "graphql-client-name graphql-client-version",
		"ids of requests":          "x-request-id x-correlation-id",
		"kept answers":             "if-none-match",
		"graphql-sse, EventSource": "x-graphql-event-stream-token last-event-id",
		"jQuery and its kin":       "x-requested-with",
	} {
		for name := range strings.FieldsSeq(headers) {
			require.True(t, accepted[name], "%s sends %s", client, name)
		}
	}
	for name := range strings.FieldsSeq("retry-after ratelimit-limit ratelimit-remaining ratelimit-reset etag x-request-id www-authenticate") {
		require.True(t, exposed[name], name)
	}
	for method := range strings.FieldsSeq("GET POST PUT DELETE") {
		require.Contains(t, got.Header().Get("Access-Control-Allow-Methods"), method)
	}
}
