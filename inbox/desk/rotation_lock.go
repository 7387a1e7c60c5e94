package desk

import (
	"context"
	"sync"

	"switchboard/inbox/workspace"
)

// rotationLocks lets the hand-outs of one ROUND_ROBIN pass one after the other on this
// server: all of them write the same rotation, and would only undo each other.
// Its zero value is ready.
type rotationLocks struct {
	mu    sync.Mutex
	locks map[rotationKey]*rotationLock
}

type rotationKey struct {
	workspace workspace.WorkspaceID
	team      workspace.TeamID
}

// rotationLock is a lock, held by the goroutine whose value is in turn. The entry is
// deleted when users is zero.
type rotationLock struct {
	held  chan struct{}
	users int
}

func (r *rotationLocks) lockFor(key rotationKey) *rotationLock {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.locks[key]
	if d == nil {
		d = &rotationLock{held: make(chan struct{}, 1)}
		if r.locks == nil {
			r.locks = map[rotationKey]*rotationLock{}
		}
		r.locks[key] = d
	}
	d.users++
	return d
}

func (r *rotationLocks) release(key rotationKey, d *rotationLock) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d.users--; d.users == 0 {
		delete(r.locks, key)
	}
}

// lockRotation waits for the turn of t, which ends when t lets go.
func (s *router) lockRotation(ctx context.Context, t *attempt, team workspace.TeamID) error {
	key := rotationKey{t.access.Principal.Workspace, team}
	d := s.rounds.lockFor(key)
	select {
	case d.held <- struct{}{}:
		t.release = append(t.release, func() { <-d.held; s.rounds.release(key, d) })
		return nil
	case <-ctx.Done():
		s.rounds.release(key, d)
		return ctx.Err()
	}
}
