package desk

import (
	"context"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// maxRotating bounds how many choices of one rotation wait or are being committed on a
// server.
const maxRotating = 512

// rotationLocks lets the choices of one ROUND_ROBIN follow one another on this server:
// all of them write the same rotation, and would only undo each other. The next one need
// not wait for the commit of the one before, if the store keeps their order. Its zero
// value is ready.
type rotationLocks struct {
	mu    sync.Mutex
	locks map[rotationKey]*rotationLock
}

type rotationKey struct {
	workspace workspace.WorkspaceID
	team      workspace.TeamID
}

// rotationLock is a lock, held by the goroutine whose value is in held. The entry is
// deleted when users is zero.
type rotationLock struct {
	held  chan struct{}
	users int
	// newest is the last turn that has its place among the commits of this server. It is
	// forgotten when one of them fails: those behind it fail as well, and are of the same
	// era.
	newest inbox.Rotation
	era    int
}

// rotationTurn is the part of one attempt.
type rotationTurn struct {
	all    *rotationLocks
	key    rotationKey
	lock   *rotationLock
	placed bool // the next may choose
	era    int
}

// lockRotation waits until t may choose, and holds the lock until its commit has a place
// or t lets go. UNAVAILABLE at once if too many wait.
func (s *router) lockRotation(ctx context.Context, t *attempt, team workspace.TeamID) error {
	t.endTurn() // of a choice before
	r := s.rounds.enter(rotationKey{t.access.Principal.Workspace, team})
	if r == nil {
		return &inbox.Error{
			Code: inbox.Unavailable, RetryAfter: time.Second,
			Message: "This queue hands out too many conversations just now. Try again after that time with the same key.",
		}
	}
	select {
	case r.lock.held <- struct{}{}:
		t.turn = r
		return nil
	case <-ctx.Done():
		r.leave()
		return ctx.Err()
	}
}

// enter is nil if too many are there.
func (r *rotationLocks) enter(key rotationKey) *rotationTurn {
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
	if d.users >= maxRotating {
		return nil
	}
	d.users++
	return &rotationTurn{all: r, key: key, lock: d}
}

func (r *rotationTurn) leave() {
	r.all.mu.Lock()
	defer r.all.mu.Unlock()
	if r.lock.users--; r.lock.users == 0 {
		delete(r.all.locks, r.key)
	}
}

// after is the rotation on which the next choice builds: stored, or one that is further.
func (r *rotationTurn) after(stored inbox.Rotation) inbox.Rotation {
	r.all.mu.Lock()
	defer r.all.mu.Unlock()
	r.era = r.lock.era
	if r.lock.newest.Count > stored.Count {
		return r.lock.newest
	}
	return stored
}

// place lets the next choose: turn has its place among the commits.
func (r *rotationTurn) place(turn inbox.Rotation) {
	r.all.mu.Lock()
	if r.era == r.lock.era {
		r.lock.newest = turn
	}
	r.all.mu.Unlock()
	r.placed = true
	<-r.lock.held
}

// fail forgets what builds on a turn that was not committed.
func (r *rotationTurn) fail() {
	r.all.mu.Lock()
	defer r.all.mu.Unlock()
	if r.placed && r.era == r.lock.era {
		r.lock.era++
		r.lock.newest = inbox.Rotation{}
	}
}

func (r *rotationTurn) end() {
	if !r.placed {
		<-r.lock.held
	}
	r.leave()
}
