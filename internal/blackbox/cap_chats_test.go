package blackbox_test

import (
	"context"
	"encoding/base64"
	"errors"
	"sync"

	"switchboard/inbox"
	"switchboard/store/mongo"
)

// capChats knows which chats somebody has, from the events themselves: to ask
// the servers again and again would be most of their work.
type capChats struct {
	mu      sync.Mutex
	owned   map[string]bool // by the id that the API gives
	changed chan struct{}   // closed and replaced with each change
}

// follow hears of events until ctx ends or cannot hear.
func (c *capChats) follow(ctx context.Context, stored *mongo.Store, position string) error {
	stream, err := stored.Watch(ctx, position)
	if err != nil {
		return err
	}
	for {
		item, err := stream.Next(ctx)
		if err != nil {
			if ctx.Err() != nil {
				err = nil
			}
			return errors.Join(err, stream.Close(context.WithoutCancel(ctx)))
		}
		if e := item.Event; e.Type == inbox.OwnershipEvent {
			c.hear(e)
		}
	}
}

func (c *capChats) hear(e inbox.Event) {
	id := base64.RawURLEncoding.EncodeToString([]byte("Conversation:" + string(e.Conversation)))
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.To.Assignee == "" || e.To.Status == inbox.Closed {
		delete(c.owned, id)
		return
	}
	c.owned[id] = true
	close(c.changed)
	c.changed = make(chan struct{})
}

// among gives the places in chats of those that somebody has, and a channel that
// is closed when somebody has one more.
func (c *capChats) among(chats []string) (places []int, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for n, id := range chats {
		if c.owned[id] {
			places = append(places, n)
		}
	}
	return places, c.changed
}

// oneOf waits until somebody has one of chats, and gives the places of all that
// somebody has.
func (c *capChats) oneOf(ctx context.Context, chats []string) ([]int, error) {
	for {
		places, changed := c.among(chats)
		if len(places) > 0 {
			return places, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
