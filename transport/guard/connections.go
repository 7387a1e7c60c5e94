package guard

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"switchboard/budget"
	"switchboard/transport/codes"
)

// Why a connection was one too many, for an Observer.
const (
	TooManyHere        = "server"
	TooManyOfAddress   = "address"
	TooManyOfPrincipal = "principal"
)

// How fast an identity may connect: as often in a minute as it may have
// connections, times connectsPerMinute, with connectsAtOnce times as many at once.
const (
	connectsPerMinute = 10
	connectsAtOnce    = 3
)

// connections bounds those that stay open: all together, those from one address, and
// those of one identity, by its class.
type connections struct {
	most     ConnectionLimits
	classes  map[string]Class
	connects map[string]*budget.Rates // by class
	observer Observer
	refused  atomic.Uint64

	mu   sync.Mutex
	all  int
	by   map[string]int
	from map[string]int
	slowed
}

// ConnectionLimits are how many connections may be open: All at once, ByAddress of one
// address, and ByPrincipal of one identity, unless its class says otherwise.
type ConnectionLimits struct{ All, ByAddress, ByPrincipal int }

func newConnections(most ConnectionLimits, classes map[string]Class, observer Observer) *connections {
	c := &connections{
		most: most, classes: classes, connects: map[string]*budget.Rates{}, observer: observer,
		by: map[string]int{}, from: map[string]int{}, slowed: slowed{by: map[string]slowing{}},
	}
	c.connects[""] = connectRates(c.most.ByPrincipal)
	for name := range classes {
		c.connects[name] = connectRates(c.eachOf(name))
	}
	return c
}

func connectRates(most int) *budget.Rates {
	return budget.NewRates(connectsPerMinute*float64(most)/60, connectsAtOnce*most)
}

// eachOf is how many one identity of a class may have.
func (c *connections) eachOf(class string) int {
	return firstPositive(c.classes[class].Connections, c.most.ByPrincipal)
}

// enter counts a connection from address, until it exits.
func (c *connections) enter(address string) *Refusal {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.all >= c.most.All:
		c.count(TooManyHere)
		return RefuseForNow(http.StatusServiceUnavailable, codes.Unavailable, "this server has as many connections as it may have: try again, or another server")
	case c.from[address] >= c.most.ByAddress:
		c.count(TooManyOfAddress)
		return RefuseForNow(http.StatusTooManyRequests, codes.RateLimited, fmt.Sprintf("too many connections: at most %d from one address, close another one first", c.most.ByAddress))
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

// Rejection is why an identity may not connect now.
type Rejection struct {
	// Message is for the client, within the length of a close frame.
	Message string
	// wait is after how long it may try again; zero when others of its own
	// connections must end first.
	wait time.Duration
}

// take counts a connection for the identity that it turned out to be of, until it
// leaves.
func (c *connections) take(id Identity, now time.Time) *Rejection {
	c.mu.Lock()
	defer c.mu.Unlock()
	each := c.eachOf(id.Class)
	switch wait := c.slowed.wait(id.Key, now); {
	case wait > 0:
		c.count(TooManyOfPrincipal)
		return &Rejection{Message: fmt.Sprintf("refused too often: reconnect in %d s", wholeSeconds(wait)), wait: wait}
	case c.by[id.Key] >= each:
		c.count(TooManyOfPrincipal)
		return &Rejection{Message: fmt.Sprintf("too many connections: at most %d of one identity, close another one first", each)}
	}
	rates, known := c.connects[id.Class]
	if !known {
		rates = c.connects[""]
	}
	if wait := rates.Take(id.Key, 1, now); wait > 0 {
		c.count(TooManyOfPrincipal)
		return &Rejection{fmt.Sprintf("connected too often: reconnect in %d s", wholeSeconds(wait)), wait}
	}
	c.by[id.Key]++
	return nil
}

// Refusal is the answer to a request, for an event stream.
func (no *Rejection) Refusal() *Refusal {
	if no.wait == 0 {
		return RefuseForNow(http.StatusTooManyRequests, codes.LimitExceeded, no.Message)
	}
	refused := Refuse(http.StatusTooManyRequests, codes.RateLimited, no.Message)
	refused.Header.Set("Retry-After", strconv.Itoa(wholeSeconds(no.wait)))
	refused.Err.Extensions["retryAfter"] = wholeSeconds(no.wait)
	return refused
}

func wholeSeconds(d time.Duration) int { return int(max(1, math.Ceil(d.Seconds()))) }

func (c *connections) leave(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	lower(c.by, key)
}

// slow makes an identity wait before it connects again, twice as long each time.
func (c *connections) slow(key string, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slowed.again(key, now)
}
