package transport

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
)

// Why a connection was one too many, for an Observer.
const (
	TooManyHere        = "server"
	TooManyOfAddress   = "address"
	TooManyOfPrincipal = "principal"
)

// connections bounds those that stay open: all together, those from one address, and
// those of one identity.
type connections struct {
	most, each, near int
	observer         Observer
	refused          atomic.Uint64

	mu   sync.Mutex
	all  int
	by   map[string]int
	from map[string]int
}

func newConnections(o SocketOptions, observer Observer) *connections {
	return &connections{
		most: o.Connections, each: o.ConnectionsByPrincipal, near: o.ConnectionsByAddress, observer: observer,
		by: map[string]int{}, from: map[string]int{},
	}
}

// admit gives a connection from address that is to be opened a place; release gives
// it back.
func admit[C comparable](r *registry[C], c *connections, address string) (release func(), refused *refusal) {
	leave, ok := r.reserve()
	if !ok {
		return nil, refuseForNow(http.StatusServiceUnavailable, CodeUnavailable, reasonShutdown)
	}
	if refused := c.enter(address); refused != nil {
		leave()
		return nil, refused
	}
	return func() { c.exit(address); leave() }, nil
}

func (c *connections) enter(address string) *refusal {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.all >= c.most:
		c.count(TooManyHere)
		return refuseForNow(http.StatusServiceUnavailable, CodeUnavailable, "this server has as many connections as it may have: try again, or another server")
	case c.from[address] >= c.near:
		c.count(TooManyOfAddress)
		return refuseForNow(http.StatusTooManyRequests, CodeRateLimited, fmt.Sprintf("too many connections: at most %d from one address, close another one first", c.near))
	}
	c.all++
	c.from[address]++
	return nil
}

func (c *connections) exit(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	lower(c.from, address)
}

func (c *connections) count(why string) {
	c.refused.Add(1)
	c.observer.ConnectionRefused(why)
}

// take counts a connection for the identity that it turned out to be of. It is
// false when that identity has all it may have.
func (c *connections) take(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by[key] >= c.each {
		c.count(TooManyOfPrincipal)
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
