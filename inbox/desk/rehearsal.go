package desk

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// rehearsing is a Service that decides as s does, from what is so now and from its own
// decisions before, and writes nothing. Nobody hears of what it decides. Its decisions follow
// one another; where chance decides, it decides the same for the same seed.
func (s *Service) rehearsing(seed string) *Service {
	r := &rehearsal{
		Store: s.store, loads: s.route.loads, line: s.route.line,
		moved: map[workspace.MemberID]workspace.Load{}, turned: map[workspace.TeamID]inbox.Rotation{},
		waits: map[inbox.Queue]bool{},
	}
	base, route := s.base.Silent(), &router{store: r, loads: r, line: rehearsedLine{r}, pick: picks(seed)}
	run := &runner{
		callers: s.run.callers, base: base, store: r, route: route, words: noMessageQuota{}, declared: s.run.declared,
		gate: newGate(), // its own: whoever writes nothing takes no writer's turn
	}
	return &Service{base: base, store: r, route: route, run: run}
}

// picks answers numbers from 0 to n-1, each as likely as the others, that follow from seed.
func picks(seed string) func(n int) int {
	count := 0
	return func(n int) int {
		count++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", seed, count))
		return int(binary.BigEndian.Uint32(sum[:]) % uint32(n)) //nolint:gosec // n counts members
	}
}

// rehearsal is a store in which commits happen in memory alone: it remembers what they
// would have changed of what later choices depend on.
type rehearsal struct {
	Store
	loads LoadCache
	line  QueueState

	mu     sync.Mutex
	moved  map[workspace.MemberID]workspace.Load // how much the loads moved, and in which order
	given  time.Duration                         // how many of them by the rules
	turned map[workspace.TeamID]inbox.Rotation
	waits  map[inbox.Queue]bool
}

var (
	_ LoadCache  = (*rehearsal)(nil)
	_ QueueState = rehearsedLine{}
)

// Commit writes nothing.
func (r *rehearsal) Commit(_ context.Context, c commit.Change) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range c.Loads {
		load := movedBy(r.moved[l.Member], l)
		if !l.AutoAssignedAt.IsZero() {
			r.given++
			load.LastAutoAssigned = afterAll().Add(r.given)
		}
		r.moved[l.Member] = load
	}
	if c.Rotation != nil {
		r.turned[c.Rotation.Team] = *c.Rotation
	}
	if q, due := c.Event.DueQueue(); due && !c.Event.To.Left { // what a member passed on is in nobody's way
		r.waits[q] = true
	}
	return nil
}

// afterAll is later than whatever was given before, so that the order of a rehearsal's own
// choices depends on no clock.
func afterAll() time.Time { return time.Unix(1<<40, 0) }

// movedBy is load after l, but for the time at which the rules last gave something.
func movedBy(load workspace.Load, l inbox.LoadChange) workspace.Load {
	held, reserved := &load.Tickets, &load.ReservedTickets
	if l.Kind == workspace.Livechat {
		held, reserved = &load.Livechats, &load.ReservedLivechats
	}
	*held, *reserved = *held+l.Delta, *reserved+l.Reserved
	return load
}

// Get returns the loads and the rotation as the commits would have left them.
func (r *rehearsal) Get(
	ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, team workspace.TeamID,
) ([]workspace.Load, inbox.Rotation, error) {
	loads, rotation, err := r.loads.Get(ctx, ws, members, team)
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]workspace.Load, len(loads))
	for i, load := range loads {
		moved := r.moved[members[i]]
		load.Livechats, load.Tickets = load.Livechats+moved.Livechats, load.Tickets+moved.Tickets
		load.ReservedLivechats += moved.ReservedLivechats
		load.ReservedTickets += moved.ReservedTickets
		if moved.LastAutoAssigned.After(load.LastAutoAssigned) {
			load.LastAutoAssigned = moved.LastAutoAssigned
		}
		out[i] = load
	}
	if turned, ok := r.turned[team]; ok {
		rotation = turned
	}
	return out, rotation, err
}

// Reserve, Release, Invalidate and Committed have nothing to do: the decisions of a
// rehearsal follow one another.
func (r *rehearsal) Reserve(workspace.WorkspaceID, workspace.MemberID) {}

// Release does nothing, as Reserve.
func (r *rehearsal) Release(workspace.WorkspaceID, workspace.MemberID) {}

// Invalidate does nothing, as Reserve.
func (r *rehearsal) Invalidate(workspace.WorkspaceID, workspace.MemberID, workspace.TeamID) {}

// Committed does nothing, as Reserve.
func (r *rehearsal) Committed(inbox.Event) {}

// rehearsedLine is the queues as a rehearsal would have left them.
type rehearsedLine struct{ of *rehearsal }

// Waits reports whether a conversation waits there, or would by now.
func (l rehearsedLine) Waits(ws workspace.WorkspaceID, q inbox.Queue) bool {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	return l.of.waits[q] || l.of.line.Waits(ws, q)
}
