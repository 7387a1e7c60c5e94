package transport

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
)

// connections bounds those that stay open: all together, and those of one identity.
type connections struct {
	most, each int
	refused    atomic.Uint64

	mu  sync.Mutex
	all int
	by  map[string]int
}

func newConnections(o SocketOptions) *connections {
	return &connections{most: o.Connections, each: o.ConnectionsByPrincipal, by: map[string]int{}}
}

// admit gives a connection that is to be opened a place; release gives it back.
func admit[C comparable](r *registry[C], c *connections) (release func(), refused *refusal) {
	leave, ok := r.reserve()
	if !ok {
		return nil, refuseForNow(http.StatusServiceUnavailable, CodeUnavailable, reasonShutdown)
	}
	if !c.enter() {
		leave()
		return nil, refuseForNow(http.StatusServiceUnavailable, CodeUnavailable, "this server has as many connections as it may have: try again, or another server")
	}
	return func() { c.exit(); leave() }, nil
}

func (c *connections) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all >= c.most {
		c.refused.Add(1)
		return false
	}
	c.all++
	return true
}

func (c *connections) exit() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
}

// take counts a connection for the identity that it turned out to be of. It is
// false when that identity has all it may have.
func (c *connections) take(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by[key] >= c.each {
		c.refused.Add(1)
		return false
	}
	c.by[key]++
	return true
}

func (c *connections) leave(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	lower(c.by, key)
}

func (c *connections) tooMany() string {
	return fmt.Sprintf("too many connections: at most %d of one identity, close another one first", c.each)
}
