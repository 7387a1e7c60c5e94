package guard

import (
	"sync"
	"time"

	"switchboard/budget"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Conn is the guard of one connection that was admitted: the limits on it, and what it
// holds. It is safe for concurrent use.
type Conn struct {
	gate     *Gate
	key      string
	class    *Class
	accounts []budget.Account

	mu       sync.Mutex
	breaches breaches
}

// Leave counts the connection as gone. It is called once.
func (c *Conn) Leave() { c.gate.connections.leave(c.key) }

// Operations is how many operations may be open: most, unless the class says otherwise.
func (c *Conn) Operations(most int) int { return firstPositive(c.class.SocketOperations, most) }

// MessageBytes is the largest message: most, or less if the class says so.
func (c *Conn) MessageBytes(most int64) int64 {
	if c.class.MessageBytes > 0 {
		return min(most, c.class.MessageBytes)
	}
	return most
}

// Buffer counts what waits to be sent on the connection.
func (c *Conn) Buffer() *budget.Hold { return c.gate.subscriptions.ledger.Buffer(c.accounts) }

// Cost is what a subscription takes in memory that is executed alone, in bytes.
func (c *Conn) Cost(opCtx *graphql.OperationContext) int64 { return c.gate.subscriptions.cost(opCtx) }

// Open counts a subscription that is about to be executed alone, or refuses it.
func (c *Conn) Open(opCtx *graphql.OperationContext) (budget.Buffer, *gqlerror.Error) {
	cost := c.Cost(opCtx)
	hold, refused := c.gate.subscriptions.open(c.accounts, cost)
	if refused != nil {
		return budget.Buffer{}, refused
	}
	return budget.NewBuffer(hold, cost), nil
}

// Breached notes that an operation was refused because the caller has, or asks, too
// much. It reports whether that was one time too many: the connection is to be closed
// then, and the caller waits before the next.
func (c *Conn) Breached(now time.Time) (end bool) {
	c.mu.Lock()
	end = c.breaches.another(now)
	c.mu.Unlock()
	if end {
		c.gate.connections.slow(c.key, now)
	}
	return end
}

// Kept notes an operation that was not refused, which makes up for those that were.
func (c *Conn) Kept() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.breaches.n = 0
}
