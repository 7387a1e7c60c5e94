package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"switchboard/metrics"
	"switchboard/transport/guard"
	"switchboard/web"
)

var _ guard.Observer = (*metrics.Metrics)(nil)

// adminServer is the listener for operators: it serves metrics and readiness. Without
// an address it still counts, but does not listen.
type adminServer struct {
	metrics   *metrics.Metrics
	tracing   *tracing // nil for none
	readiness metrics.Readiness
	server    *http.Server
	ended     chan struct{}
}

// openAdminServer listens on addr at once, so that a probe is answered during the
// start; empty is no listener.
func openAdminServer(ctx context.Context, addr string, log *slog.Logger, hosts ...string) (*adminServer, error) {
	c := &adminServer{metrics: metrics.New(), ended: make(chan struct{})}
	if addr == "" {
		close(c.ended)
		return c, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s for metrics: %w", addr, err)
	}
	routes := metrics.Routes(c.metrics, &c.readiness)
	if !isPublic(addr) { // else a page in a browser of this machine could read it under a name of its own
		routes = web.KnownHosts(hosts, routes)
	}
	c.server = &http.Server{Handler: routes, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	go func() {
		defer close(c.ended)
		if err := c.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics are no longer served", "error", err)
		}
	}()
	log.Info("metrics are served", "addr", listener.Addr().String())
	return c, nil
}

// close ends the listener, once the server behind it is gone.
func (c *adminServer) close() {
	if c.server != nil {
		_ = c.server.Close() // a probe in the last moment needs no answer
	}
	<-c.ended
}

// show puts the server's figures and its fitness on the console.
func (c *adminServer) show(s *server) error {
	if err := c.metrics.Add(s.metrics()...); err != nil {
		return fmt.Errorf("show the metrics: %w", err)
	}
	c.readiness.Serving(s.checks()...)
	return nil
}
