package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// people are sockets, each with a board open.
type people struct {
	received, failed atomic.Int64
	reading          sync.WaitGroup
	leave            context.CancelFunc
	failure          atomic.Pointer[string]
}

// connecting bounds how many connect at once.
const connecting = 16

// sit opens a board for each token, and returns when all have asked for everything.
func sit(ctx context.Context, addr string, tokens []string, b board) (*people, error) {
	ctx, leave := context.WithCancel(ctx)
	p := &people{leave: leave}
	free, failed := make(chan struct{}, connecting), make(chan error, len(tokens))
	for _, token := range tokens {
		free <- struct{}{}
		go func() {
			failed <- p.open(ctx, addr, token, b)
			<-free
		}()
	}
	for range tokens {
		if err := <-failed; err != nil {
			p.stand()
			return nil, err
		}
	}
	return p, nil
}

func (p *people) open(ctx context.Context, addr, token string, b board) error {
	conn, _, err := websocket.Dial( //nolint:bodyclose // the library says that it need not be
		ctx, "ws://"+addr+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return err
	}
	conn.SetReadLimit(-1)
	lines := []string{fmt.Sprintf(`{"type":"connection_init","payload":{"Authorization":"Bearer %s"}}`, token)}
	for i, query := range b.subscriptions {
		lines = append(lines, fmt.Sprintf(`{"id":"%d","type":"subscribe","payload":{"query":%q}}`, i, query))
	}
	for i, line := range lines {
		if err := conn.Write(ctx, websocket.MessageText, []byte(line)); err != nil {
			return err
		}
		if i == 0 {
			if _, _, err := conn.Read(ctx); err != nil { // acknowledged
				return err
			}
		}
	}
	p.reading.Go(func() { p.read(ctx, conn) })
	return nil
}

func (p *people) read(ctx context.Context, conn *websocket.Conn) {
	defer func() { _ = conn.CloseNow() }()
	for {
		_, data, err := conn.Read(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil || strings.Contains(string(data), `"type":"error"`):
			text := fmt.Sprint(err, " ", string(data))
			p.failure.CompareAndSwap(nil, &text)
			p.failed.Add(1)
			return
		}
		if strings.HasPrefix(string(data), `{"type":"ping"`) {
			_ = conn.Write(ctx, websocket.MessageText, []byte(`{"type":"pong"}`)) // the next read shows it
			continue
		}
		p.received.Add(1)
	}
}

// settle waits until nothing came for a while.
func (p *people) settle(ctx context.Context) error {
	for last := int64(-1); p.received.Load() != last; {
		last = p.received.Load()
		if err := pause(ctx, 1500*time.Millisecond); err != nil {
			return err
		}
	}
	if n := p.failed.Load(); n > 0 {
		return fmt.Errorf("%d boards ended: %s", n, *p.failure.Load())
	}
	return nil
}

// stand closes all boards.
func (p *people) stand() {
	p.leave()
	p.reading.Wait()
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
