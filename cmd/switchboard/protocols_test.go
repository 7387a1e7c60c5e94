package main

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A proxy may speak HTTP/2 to the server without TLS; whoever speaks HTTP/1.1 goes on.
func TestEachVersionOfHTTPIsServed(t *testing.T) {
	srv := assembled(t)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- srv.listen(ctx, listener, settings{serverSettings: serverSettings{ShutdownGrace: time.Minute}}, nil)
	}()
	defer func() { stop(); require.NoError(t, <-ended) }()
	for major, choose := range map[int]func(*http.Protocols){
		1: func(p *http.Protocols) { p.SetHTTP1(true) },
		2: func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) },
	} {
		transport := &http.Transport{Protocols: new(http.Protocols)}
		choose(transport.Protocols)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+listener.Addr().String()+"/graphql?query={viewer{__typename}}", nil)
		require.NoError(t, err)
		resp, err := transport.RoundTrip(request)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, major, resp.ProtoMajor)
		require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
		transport.CloseIdleConnections()
	}
}
