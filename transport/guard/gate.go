package guard

import (
	"context"
	"time"

	"switchboard/budget"
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
	return Authenticate(ctx, g.auth, token)
}

// Enter counts a connection from address before it is known whose it is, until exit is
// called, or refuses it.
func (g *Gate) Enter(address string) (exit func(), refused *Refusal) {
	if refused := g.connections.enter(address); refused != nil {
		return nil, refused
	}
	return func() { g.connections.exit(address) }, nil
}

// Admit counts a connection of id, until it leaves, or says why it may not be opened.
func (g *Gate) Admit(id Identity, now time.Time) (*Conn, *Rejection) {
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
