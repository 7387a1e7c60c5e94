package web

import (
	"net/http"
	"regexp"
	"strings"
)

// hostAndPort matches a Host header that may stand in a policy: nothing in it
// can end a directive or add a source.
var hostAndPort = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$|^\[[0-9A-Fa-f:.]+\](:[0-9]+)?$`)

// secure sets on every answer what a browser may do with it. The assets need
// the policy as well: a worker obeys the one its own script came with.
// origins are hosts that the pages may call beside this one.
func secure(origins func() []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy(r.Host, origins()))
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// policy allows what the pages use and nothing else: scripts, workers and calls
// of this host only. Inline styles stay allowed because Monaco lays out its
// lines with them; its icons and GraphiQL's fonts are data: URLs.
func policy(host string, origins []string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"worker-src 'self'",
		"style-src 'self' 'unsafe-inline'",
		"img-src 'self' data:",
		"font-src 'self' data:",
		"connect-src " + strings.Join(append(callable(host), origins...), " "),
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

// callable are the sources a page may call. Older browsers do not count a
// WebSocket on the same host as 'self', so it is named.
func callable(host string) []string {
	if !hostAndPort.MatchString(host) {
		return []string{"'self'"}
	}
	return []string{"'self'", "ws://" + host, "wss://" + host}
}
