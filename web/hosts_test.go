package web_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/web"
)

// A page of another site whose name resolves to this server reads no sign-ins.
func TestSignInsAnswerToKnownHostsOnly(t *testing.T) {
	local := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 8080}
	ask := func(o web.Options, host string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/config.json", nil)
		r.Host = host
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, local))
		w := httptest.NewRecorder()
		web.Handler(o).ServeHTTP(w, r)
		return w
	}
	demo := web.Options{DemoSignIns: []web.SignIn{{Label: "demo", Token: "secret"}}, Hosts: []string{"Demo.example", "203.0.113.9"}}
	for _, host := range []string{
		"localhost", "LOCALHOST:8080", "localhost.:80", "127.0.0.1", "127.0.0.1:8080", "127.9.9.9", "[::1]", "[::1]:8080",
		"192.0.2.7", "192.0.2.7:8080", "demo.example", "DEMO.example:443", "demo.example.", "203.0.113.9",
	} {
		got := ask(demo, host)
		require.Equal(t, http.StatusOK, got.Code, host)
		require.Contains(t, got.Body.String(), "secret")
	}
	for _, host := range []string{
		"", "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "demo.example.evil.example",
		"xdemo.example", "192.0.2.8", "0.0.0.0", "2130706433", "0x7f.1", "127.1", "[::ffff:192.0.2.8]", "localhost@evil.example",
		"a.localhost", "192.0.2.7.nip.io", "::1:x", "%31",
	} {
		got := ask(demo, host)
		require.Equal(t, http.StatusMisdirectedRequest, got.Code, host)
		require.NotContains(t, got.Body.String(), "secret", host)
		require.Equal(t, "no-store", got.Header().Get("Cache-Control"))
		require.Equal(t, http.StatusOK, ask(web.Options{}, host).Code, "without sign-ins there is nothing to hide: %s", host)
	}
}
