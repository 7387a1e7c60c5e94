package main

import (
	"net/http"
	"path"
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
			w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
			w.Header().Set("Access-Control-Max-Age", "600")
			if r.Method == http.MethodOptions {
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func matchesAny(patterns []string, origin string) bool {
	for _, p := range patterns {
		if ok, err := path.Match(p, origin); p == "*" || ok && err == nil {
			return true
		}
	}
	return false
}
