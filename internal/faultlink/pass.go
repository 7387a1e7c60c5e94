package faultlink

import (
	"context"
	"net"
	"time"
)

// dialTime bounds how long the target may take to answer a dial.
const dialTime = 10 * time.Second

func (l *Link) accept() {
	for {
		client, err := l.listener.Accept()
		if err != nil {
			return // closed
		}
		l.working.Go(func() { l.connect(client) })
	}
}

// connect serves one connection until either end or Cut ends it.
func (l *Link) connect(client net.Conn) {
	defer func() { _ = client.Close() }()
	l.mu.Lock()
	target, refuse := l.target, l.mode.refuse
	l.mu.Unlock()
	if refuse {
		return
	}
	server, err := (&net.Dialer{Timeout: dialTime}).DialContext(context.Background(), "tcp", target)
	if err != nil {
		return
	}
	p := &pair{client, server}
	if !l.enter(p) {
		return
	}
	l.working.Go(func() { l.pass(p, client, server, false) })
	l.pass(p, server, client, true)
	l.mu.Lock()
	delete(l.open, p)
	l.mu.Unlock()
}

// enter notes a pair for Cut; false, with both ends closed, when the link was
// broken meanwhile.
func (l *Link) enter(p *pair) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.mode.refuse {
		p.close()
		return false
	}
	l.open[p] = struct{}{}
	return true
}

// pass carries one direction. When it ends, so does the other.
func (l *Link) pass(p *pair, from, to net.Conn, answers bool) {
	defer p.close()
	l.carry(p, from, to, answers)
}

// pieces carries bytes as they come.
func (l *Link) pieces(_ *pair, from, to net.Conn, answers bool) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 && !l.deliver(to, buffer[:n], answers) {
			return
		}
		if err != nil {
			return
		}
	}
}

// deliver writes a piece as the link is now; false when nothing more can pass.
func (l *Link) deliver(to net.Conn, piece []byte, answers bool) bool {
	m := l.now()
	if !l.wait(m.delay) {
		return false
	}
	if m.swallow && answers {
		return true
	}
	_, err := to.Write(piece)
	return err == nil
}

// wait is false when the link was closed meanwhile.
func (l *Link) wait(delay time.Duration) bool {
	if delay <= 0 {
		return true
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.closed:
		return false
	}
}
