package web

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// KnownHosts answers only requests whose Host is one of the server's own names:
// loopback, the address that the connection came in on, and hosts. A page of
// another site may have its name resolve to this server (DNS rebinding), and could
// then read, as if it were its own, whatever needs no token. Others are answered
// with 421.
func KnownHosts(hosts []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !knownHost(r, hosts) {
			w.Header().Set("Cache-Control", never)
			http.Error(w, "This server does not answer to this host name here. Use the address that the server printed, or name the host with --allow-host.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func knownHost(r *http.Request, hosts []string) bool {
	host := hostname(r.Host)
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback() || ip.Equal(localIP(r)) || slices.Contains(hosts, host)
	}
	return host == "localhost" || slices.ContainsFunc(hosts, func(h string) bool { return hostname(h) == host && host != "" })
}

// hostname is the name or address in a Host header: without a port, brackets, a
// final dot, and in lower case.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
}

// localIP is the address on which the connection of r came in; nil when unknown.
func localIP(r *http.Request) net.IP {
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok {
		return at.IP
	}
	return nil
}
