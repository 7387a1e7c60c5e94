package cluster

import (
	"context"
	"time"
)

// Lease is the right of one server to do something for all of them, as it is
// stored. No clock is stored with it: a server that wants it watches whether it
// still moves.
type Lease struct {
	Name string
	// Holder is the server that has it; empty when nobody does.
	Holder string
	// Renewals grows with every write. A server that watched a lease whose beat did not
	// move for For, by its own clock, may take it.
	Renewals int64
	// For is how long the holder asked to be left alone after each beat.
	For time.Duration
}

// Leases keeps leases where all servers of one installation see them.
type Leases interface {
	// Lease reads a lease. One that nobody ever held has the name alone.
	Lease(ctx context.Context, name string) (Lease, error)
	// SwapLease replaces seen by next, whose Beat must be seen's plus one. It
	// returns ErrStale if the stored lease differs from seen; UNAVAILABLE. After
	// any other error than ErrStale it is unknown whether it was replaced.
	SwapLease(ctx context.Context, seen, next Lease) error
}
