package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/metrics"
)

func TestReady(t *testing.T) {
	serve := func(ready bool) (addr string) {
		var readiness metrics.Readiness
		if ready {
			readiness.Serving()
		}
		server := httptest.NewServer(metrics.Routes(metrics.New(), &readiness))
		t.Cleanup(server.Close)
		return strings.TrimPrefix(server.URL, "http://")
	}
	ready := serve(true)
	_, port, _ := strings.Cut(ready, ":")
	for name, row := range map[string]struct {
		addr string
		code exitCode
		says string
	}{
		"starting":      {serve(false), exitNotReady, `is not ready: {"server":"starting"}`},
		"ready":         {ready, exitOK, `{"server":"ok"}`},
		"everywhere":    {"0.0.0.0:" + port, exitOK, `{"server":"ok"}`},
		"everywhere, 6": {"[::]:" + port, exitOK, `{"server":"ok"}`},
		"nobody":        {"127.0.0.1:1", exitNotReady, "no server answers on 127.0.0.1:1"},
		"no port":       {"127.0.0.1", exitUsage, "--metrics-addr 127.0.0.1:9090"},
	} {
		t.Run(name, func(t *testing.T) {
			got := runTest(t, deps{}, nil, "ready", "--metrics-addr", row.addr)
			require.Equal(t, row.code, got.code)
			require.Contains(t, got.stdout+got.stderr, row.says)
		})
	}
}
