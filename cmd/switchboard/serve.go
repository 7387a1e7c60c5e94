package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"switchboard/authz"
	"switchboard/store"
	"switchboard/web"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// serve runs the server until ctx ends. It listens first, so that a taken
// address is known before any work is done.
func serve(ctx context.Context, in *invocation, s settings) error {
	memory := memory{limitMemory(memlimit.FromCgroup, in.log)}
	policy, err := openPolicy(s.policySettings)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.Addr, err)
	}
	defer listener.Close() // closed by http.Server already after a good start
	seen, err := openAdminServer(ctx, s.MetricsAddr, in.log, s.AllowHost...)
	if err != nil {
		return err
	}
	defer seen.close()
	if seen.tracing, err = openTracing(ctx, in, s); err != nil {
		return err
	}
	defer closeLogged(context.WithoutCancel(ctx), in.log, "the traces", seen.tracing.close)
	stored, err := openMigrated(ctx, s.storeSettings, in.log, seen.tracing)
	if err != nil {
		return err
	}
	defer closeLogged(context.WithoutCancel(ctx), in.log, "the database", stored.Close)
	endPredecessor(ctx, stored, listener.Addr(), in.log)
	if s.Demo {
		if err := seedDemo(ctx, in, stored, policy, false); err != nil {
			return err
		}
	}
	return serveOn(ctx, in, s, listener, seen, memory, stored, policy)
}

func serveOn(ctx context.Context, in *invocation, s settings, listener net.Listener, seen *adminServer, m memory, stored store.Engine, policy *authz.Authorizer) error {
	if s.TLSCert != "" {
		pair, err := openCertificate(s.TLSCert, s.TLSKey, in.log)
		if err != nil {
			return err
		}
		listener = encrypted{listener, pair.config()}
	}
	srv, err := newServer(ctx, s, stored, policy, seen, m, in.log)
	if err != nil {
		return err
	}
	srv.webhooks.Own = append(srv.webhooks.Own, ownPort(listener.Addr().String())...)
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := srv.start(background)
	defer func() { stop(); <-ended }()
	select {
	case <-srv.pump.Ready():
	case <-ctx.Done():
		return nil
	}
	signIns, err := srv.printBanner(ctx, in.stdout, s, listener.Addr().String())
	if err != nil {
		return err
	}
	if err := seen.show(srv); err != nil {
		return err
	}
	return srv.listen(ctx, listener, s, signIns)
}

// encrypted is a listener that requires encrypted connections.
type encrypted struct {
	net.Listener
	config *tls.Config
}

// serveWeb serves until the listener breaks or web is shut down.
func serveWeb(web *http.Server, listener net.Listener) error {
	secret, ok := listener.(encrypted)
	if !ok {
		return web.Serve(listener)
	}
	web.TLSConfig = secret.config
	return web.ServeTLS(secret.Listener, "", "")
}

// protocols are HTTP/1.1, HTTP/2 over TLS and, for proxies that keep one connection to each
// server, HTTP/2 without it. WebSockets need HTTP/1.1.
func protocols() *http.Protocols {
	out := new(http.Protocols)
	out.SetHTTP1(true)
	out.SetHTTP2(true)
	out.SetUnencryptedHTTP2(true)
	return out
}

// answerTime is how long a request may take until its answer is read. Sockets and
// event streams have deadlines of their own.
const answerTime = 2 * time.Minute

// listen serves until ctx ends, then ends in order: no new requests, sockets closed
// with a code that lets clients reconnect, running requests finished, the hub
// closed.
func (s *server) listen(ctx context.Context, listener net.Listener, set settings, signIns []web.SignIn) error {
	web := &http.Server{
		Handler: s.routes(set, signIns), Protocols: protocols(), ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout: 2 * time.Minute, WriteTimeout: answerTime, MaxHeaderBytes: 256 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- serveWeb(web, listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.admin.readiness.Ending()
	s.log.Info("shutting down", "grace", set.ShutdownGrace)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), set.ShutdownGrace)
	defer cancel()
	err := errors.Join(s.graphql.Shutdown(grace), web.Shutdown(grace))
	s.hub.Close()
	if err != nil {
		s.log.Warn("some requests were still running after the grace", "error", err)
	}
	return nil
}
