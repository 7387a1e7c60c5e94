package main

import (
	"net/http"
	"path"
	"strings"
)

// allowOrigins answers browsers that ask whether pages of another origin may
// call the API. Tokens travel in a header, never in a cookie, so credentials are
// not allowed.
func allowOrigins(patterns []string, next http.Handler) http.Handler {
	if len(patterns) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		w.Header().Add("Vary", "Origin")
		if origin != "" && matchesAny(patterns, origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Allow-Headers", strings.Join(acceptedHeaders(), ", "))
			w.Header().Set("Access-Control-Expose-Headers", strings.Join(exposedHeaders(), ", "))
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
			w.Header().Set("Access-Control-Max-Age", "600")
			if r.Method == http.MethodOptions {
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// acceptedHeaders are those that pages of other origins may send, beside the few that
// browsers allow to all.
func acceptedHeaders() []string {
	return []string{
		"Authorization", "Content-Type", "If-None-Match", "Last-Event-ID", "X-GraphQL-Event-Stream-Token",
		// Tracing: W3C Trace Context and Baggage, and ids of requests.
		"traceparent", "tracestate", "baggage", "X-Request-ID", "X-Correlation-ID",
		// Client awareness, as Apollo, Hive and Relay name their client and operation.
		"apollographql-client-name", "apollographql-client-version", "graphql-client-name", "graphql-client-version",
		"Apollo-Require-Preflight", "X-Apollo-Operation-Name", "X-Apollo-Operation-Type", "X-Requested-With",
	}
}

// exposedHeaders are those of answers that scripts of other origins may read.
func exposedHeaders() []string {
	return []string{
		"ETag", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
		"X-Request-ID", "traceparent", "WWW-Authenticate",
	}
}

func matchesAny(patterns []string, origin string) bool {
	for _, p := range patterns {
		if ok, err := path.Match(p, origin); p == "*" || ok && err == nil {
			return true
		}
	}
	return false
}
