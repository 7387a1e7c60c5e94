package sqlite

import (
	"context"
	"errors"
	"sync"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
)

// leases are held in memory: no other process can open the same data, and a process
// that ended holds nothing.
type leases struct {
	mu   sync.Mutex
	held map[string]cluster.Lease
}

// Lease reads a lease. One that nobody ever held has the name alone.
func (s *Store) Lease(ctx context.Context, name string) (cluster.Lease, error) {
	s.leases.mu.Lock()
	defer s.leases.mu.Unlock()
	l := s.leases.held[name]
	l.Name = name
	return l, ctx.Err()
}

// SwapLease replaces seen by next. It returns ErrStale if the lease differs from seen.
func (s *Store) SwapLease(ctx context.Context, seen, next cluster.Lease) error {
	return errors.Join(ctx.Err(), s.leases.swap(seen, next))
}

func (l *leases) swap(seen, next cluster.Lease) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := l.held[seen.Name]; now.Renewals != seen.Renewals || now.Holder != seen.Holder {
		return commit.ErrStale
	}
	if l.held == nil {
		l.held = map[string]cluster.Lease{}
	}
	l.held[next.Name] = next
	return nil
}
