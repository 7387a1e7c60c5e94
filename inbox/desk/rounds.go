package desk

import (
	"context"
	"sync"

	"switchboard/inbox/workspace"
)

// rounds lets the hand-outs of one ROUND_ROBIN pass one after the other on this
// server: all of them write the same rotation, and would only undo each other.
// Its zero value is ready.
type rounds struct {
	mu   sync.Mutex
	open map[round]*door
}

type round struct {
	workspace workspace.WorkspaceID
	team      workspace.TeamID
}

// door is a lock, held by the goroutine whose value is in turn. The entry is
// deleted when users is zero.
type door struct {
	turn  chan struct{}
	users int
}

func (r *rounds) at(key round) *door {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.open[key]
	if d == nil {
		d = &door{turn: make(chan struct{}, 1)}
		if r.open == nil {
			r.open = map[round]*door{}
		}
		r.open[key] = d
	}
	d.users++
	return d
}

func (r *rounds) leave(key round, d *door) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d.users--; d.users == 0 {
		delete(r.open, key)
	}
}

// enterRound waits for the turn of t, which ends when t lets go.
func (s *router) enterRound(ctx context.Context, t *turn, team workspace.TeamID) error {
	key := round{t.access.Principal.Workspace, team}
	d := s.rounds.at(key)
	select {
	case d.turn <- struct{}{}:
		t.release = append(t.release, func() { <-d.turn; s.rounds.leave(key, d) })
		return nil
	case <-ctx.Done():
		s.rounds.leave(key, d)
		return ctx.Err()
	}
}
