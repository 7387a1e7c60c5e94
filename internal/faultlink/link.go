// Package faultlink is a TCP proxy that tests break: it cuts connections, slows
// slows them, takes nobody in, or loses answers on their way. A Wire also understands
// what a database server is asked.
package faultlink

import (
	"context"
	"net"
	"sync"
	"time"
)

// Link forwards connections to Addr to its target, until a fault is switched on.
// All methods may be called at any time from any goroutine.
type Link struct {
	listener net.Listener
	working  sync.WaitGroup
	closed   chan struct{}
	// carry moves one direction of a pair until it ends.
	carry func(p *pair, from, to net.Conn, answers bool)

	mu     sync.Mutex
	target string
	mode   mode
	open   map[*pair]struct{}
}

// mode is the fault of the moment.
type mode struct {
	delay   time.Duration // before each piece, either way
	refuse  bool          // new connections are closed
	swallow bool          // answers are thrown away
}

// pair is the two ends of a connection.
type pair struct{ client, server net.Conn }

func (p *pair) close() { _, _ = p.client.Close(), p.server.Close() }

// Listen opens a link on a free loopback port. Nothing needs to listen on the
// target yet. Close ends it, ctx does not.
func Listen(ctx context.Context, target string) (*Link, error) {
	l, err := bind(ctx, target)
	if err != nil {
		return nil, err
	}
	l.carry = l.pieces
	l.working.Go(l.accept)
	return l, nil
}

// bind makes a link that does not accept connections yet.
func bind(ctx context.Context, target string) (*Link, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &Link{listener: listener, target: target, open: map[*pair]struct{}{}, closed: make(chan struct{})}, nil
}

// Addr is host and port to dial.
func (l *Link) Addr() string { return l.listener.Addr().String() }

// Target makes new connections go elsewhere.
func (l *Link) Target(addr string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.target = addr
}

// Cut closes all connections, and returns how many there were. Clients may
// reconnect at once.
func (l *Link) Cut() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.open {
		p.close()
	}
	return len(l.open)
}

// Refuse cuts all connections and takes in nobody until Heal.
func (l *Link) Refuse() {
	l.set(mode{refuse: true})
	l.Cut()
}

// Slow lets each piece, either way, wait so long until Heal.
func (l *Link) Slow(delay time.Duration) { l.set(mode{delay: delay}) }

// Swallow lets requests pass and throws their answers away, until Heal cuts the
// connections.
func (l *Link) Swallow() { l.set(mode{swallow: true}) }

// Heal ends the fault of Refuse, Slow or Swallow.
func (l *Link) Heal() {
	if l.set(mode{}).swallow {
		l.Cut() // a client that waits for a response would wait for ever
	}
}

func (l *Link) set(m mode) (before mode) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before, l.mode = l.mode, m
	return before
}

func (l *Link) now() mode {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mode
}

// Close hangs up on everybody and returns once nothing is left running.
func (l *Link) Close() error {
	close(l.closed)
	l.Refuse()
	err := l.listener.Close()
	l.working.Wait()
	return err
}
