package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
	"switchboard/metrics"
	"switchboard/store/sqlite"
)

func answerOf(t *testing.T, handler http.Handler) http.Header {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	return w.Header()
}

// assembled is a server on the embedded engine that serves nobody.
func assembled(t *testing.T) *server {
	t.Helper()
	testdb.Record(t, testdb.Embedded)
	stored, err := sqlite.Open(t.Context(), sqlite.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stored.Close(context.Background())) })
	policy, err := openPolicy(policySettings{PolicyPreset: "default"})
	require.NoError(t, err)
	seen, err := openAdminServer(t.Context(), "", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	srv, err := newServer(t.Context(), settings{}, stored, policy, seen, memory{}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	return srv
}

// shown is what /metrics gives of this program's own.
func shown(t *testing.T, srv *server) string {
	t.Helper()
	w := httptest.NewRecorder()
	metrics.Routes(srv.admin.metrics, &srv.admin.readiness).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.Equal(t, 200, w.Code)
	return w.Body.String()
}

func TestTheConsoleShowsTheServer(t *testing.T) {
	srv := assembled(t)
	require.NoError(t, srv.admin.show(srv))
	said := shown(t, srv)
	for _, f := range srv.metrics() {
		require.Regexp(t, `(?m)^`+regexp.QuoteMeta(f.Name)+`[ {]`, said)
		require.Regexp(t, `^switchboard_[a-z_]+$`, f.Name)
		require.NotEmpty(t, f.Help)
	}
	require.Error(t, srv.admin.show(srv), "each figure once")
}

func TestTheConsoleHasAListenerOfItsOwn(t *testing.T) {
	seen, err := openAdminServer(t.Context(), "127.0.0.1:0", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	seen.close()

	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, err = openAdminServer(t.Context(), taken.Addr().String(), slog.New(slog.DiscardHandler))
	require.Equal(t, exitAddressInUse, exitOf(err))
	got := runTest(t, newDeps(), nil, "serve", "--memory", "--addr", "127.0.0.1:0", "--metrics-addr", taken.Addr().String())
	require.Equal(t, exitAddressInUse, got.code)
}

// The API has none of it.
func TestTheAPIShowsNothingToOperators(t *testing.T) {
	srv := assembled(t)
	web := httptest.NewServer(srv.routes(settings{}, nil))
	defer web.Close()
	for _, path := range []string{"/metrics", "/readyz", "/livez", "/debug/pprof/"} {
		resp, err := web.Client().Get(web.URL + path)
		require.NoError(t, err)
		_, _ = io.Copy(io.Discard, resp.Body)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, 404, resp.StatusCode, path)
	}
}
