package transport

import (
	"context"
	"sync"
	"time"

	"switchboard/budget"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// GateOptions configure a Gate. Only Authenticator and Observer are required.
type GateOptions struct {
	Authenticator Authenticator
	Observer      Observer
	Connections   ConnectionLimits
	// Classes bound callers by the Class of their Identity, and Budget bounds
	// subscriptions. RootBytes is what a subscription of a root field keeps in memory
	// beside what every one takes, for each entry of the longest list that it is given.
	Classes   map[string]Class
	Budget    Budget
	RootBytes map[string]int64
}

// Gate is what the connections of a server share: it identifies callers, admits their
// connections, and counts what they hold. It is safe for concurrent use.
type Gate struct {
	auth          Authenticator
	connections   *connections
	subscriptions *subscriptions
}

// NewGate returns a gate through which nobody has come.
func NewGate(o GateOptions) *Gate {
	return &Gate{
		auth: o.Authenticator, connections: newConnections(o.Connections, o.Classes, o.Observer),
		subscriptions: newSubscriptions(o.Budget, o.Classes, o.RootBytes),
	}
}

// Identify returns the identity behind a bearer token, or why there is none. It
// returns when ctx ends, if the Authenticator respects that.
func (g *Gate) Identify(ctx context.Context, token string) (Identity, *AuthError) {
	return authenticate(ctx, g.auth, token)
}

// Enter counts a connection from address before it is known whose it is, until exit is
// called, or refuses it.
func (g *Gate) Enter(address string) (exit func(), refused *refusal) {
	if refused := g.connections.enter(address); refused != nil {
		return nil, refused
	}
	return func() { g.connections.exit(address) }, nil
}

// Admit counts a connection of id, until it leaves, or says why it may not be opened.
func (g *Gate) Admit(id Identity, now time.Time) (*Conn, *rejection) {
	if no := g.connections.take(id, now); no != nil {
		return nil, no
	}
	return &Conn{gate: g, key: id.Key, class: g.subscriptions.class(id), accounts: g.subscriptions.accounts(id)}, nil
}

// Hold is how long id waits before it is told that it may not connect; zero for not
// at all.
func (g *Gate) Hold(id Identity) time.Duration { return g.subscriptions.class(id).Hold }

// Refused is how many connections were one too many.
func (g *Gate) Refused() uint64 { return g.connections.refused.Load() }

// Ledger counts the subscriptions that are open, and what they take.
func (g *Gate) Ledger() *budget.Ledger { return g.subscriptions.ledger }

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
