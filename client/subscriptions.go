package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"github.com/Khan/genqlient/graphql"
)

// ErrClosed is returned by Subscribe after Close.
var ErrClosed = errors.New("the client is closed")

// Start does nothing: connections open with subscriptions. The channel is never used, since what ends a subscription is
// its last item. It is here for graphql.WebSocketClient.
func (c *Client) Start(context.Context) (chan error, error) { return make(chan error), nil }

// Subscribe follows a subscription until Unsubscribe or Close; generated functions call it. It returns the id for
// Unsubscribe. If the server ends the subscription, the last item has the reason in Errors, if there is one, and the
// channel is closed. Variables that are not an object are an error.
func (c *Client) Subscribe(req *graphql.Request, channel any, forward graphql.ForwardDataFunction) (string, error) {
	s := &subscription{client: c, name: req.OpName, query: req.Query, channel: channel, forward: forward, done: make(chan struct{})}
	if err := s.read(req.Variables); err != nil {
		return "", fmt.Errorf("subscribe: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return "", ErrClosed
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.next++
	id := strconv.Itoa(c.next)
	s.cancel = cancel
	c.subscriptions[id] = s
	go s.run(ctx)
	return id, nil
}

// Unsubscribe ends a subscription and waits for its end; what it still delivers is dropped, and its channel is closed. An
// id that is not known, or ended, is no error.
func (c *Client) Unsubscribe(id string) error {
	c.mu.Lock()
	s := c.subscriptions[id]
	delete(c.subscriptions, id)
	c.mu.Unlock()
	if s != nil {
		s.stop()
	}
	return nil
}

// Close ends every subscription.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	all := c.subscriptions
	c.subscriptions = map[string]*subscription{}
	c.mu.Unlock()
	for _, s := range all {
		s.stop()
	}
	return nil
}

// stop ends a subscription whose reader may have left: an item that waits for it is dropped.
func (s *subscription) stop() {
	s.cancel()
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(s.done)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(s.channel)},
	}
	for {
		if chosen, _, open := reflect.Select(cases); chosen == 0 || !open {
			<-s.done
			return
		}
	}
}

// read takes the variables, of which `after` moves.
func (s *subscription) read(variables any) error {
	text, err := json.Marshal(variables)
	if err != nil || variables == nil {
		return err
	}
	return json.Unmarshal(text, &s.variables)
}
