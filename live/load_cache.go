package live

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// ReadLoads reads loads and rotations from where they are kept.
type ReadLoads func(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, teams []workspace.TeamID) (map[workspace.MemberID]workspace.Load, map[workspace.TeamID]inbox.Rotation, error)

// LoadCache remembers the load of members, and where rotations stand. An event that
// moves a load makes it unknown, and who looks next reads it anew, with all
// others that are unknown in one query: nothing is added up here, so nothing can
// be added up wrongly. While the feed is down nothing is remembered.
//
// It is safe for concurrent use.
type LoadCache struct {
	read ReadLoads

	mu         sync.Mutex
	live       bool
	workspaces *simplelru.LRU[workspace.WorkspaceID, *workspaceLoads]
}

var (
	_ desk.LoadCache = (*LoadCache)(nil)
	_ feed.Follower  = (*LoadCache)(nil)
)

// NewLoadCache makes an empty book that reads with read.
func NewLoadCache(read ReadLoads) *LoadCache {
	// The only error of NewLRU is a size that is not positive.
	books, _ := simplelru.NewLRU[workspace.WorkspaceID, *workspaceLoads](defaultWorkspaces, nil)
	return &LoadCache{read: read, workspaces: books}
}

// workspaceLoads is what is known of one workspace.
type workspaceLoads struct {
	mu sync.Mutex
	// clock counts what happened here: reads that began, and what made something
	// unknown.
	clock     uint64
	members   map[workspace.MemberID]*cached[workspace.Load]
	rotations map[workspace.TeamID]*cached[inbox.Rotation]
	reserved  map[workspace.MemberID]int
	// released are the ticks at which reservations ended whose commits a value that was
	// read before may not have. Such a value counts one more.
	released map[workspace.MemberID][]uint64
}

// cached is a value as it was when the read at the tick read began. It is fresh
// unless it was doubted at or after that.
type cached[T any] struct {
	value             T
	read, invalidated uint64
}

func (k *cached[T]) fresh() bool { return k != nil && k.read > k.invalidated }

// learn takes over a value unless a later read is here already.
func (k *cached[T]) learn(value T, at uint64) {
	if at > k.read {
		k.value, k.read = value, at
	}
}

func (l *LoadCache) of(ws workspace.WorkspaceID) (b *workspaceLoads, live bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.workspaces.Get(ws)
	if !ok {
		b = &workspaceLoads{
			members: map[workspace.MemberID]*cached[workspace.Load]{}, rotations: map[workspace.TeamID]*cached[inbox.Rotation]{},
			reserved: map[workspace.MemberID]int{}, released: map[workspace.MemberID][]uint64{},
		}
		l.workspaces.Add(ws, b)
	}
	return b, l.live
}

// Get gives the loads of members, in their order, with what is held for them,
// and the rotation of team.
func (l *LoadCache) Get(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, team workspace.TeamID) ([]workspace.Load, inbox.Rotation, error) {
	b, live := l.of(ws)
	tick, stale, rotation := b.beginRead(members, team, live)
	if len(stale) > 0 || rotation != nil {
		loads, rotations, err := l.read(ctx, ws, stale, rotation)
		if err != nil {
			return nil, inbox.Rotation{}, fmt.Errorf("look at the loads: %w", err)
		}
		b.learn(tick, stale, loads, rotation, rotations)
	}
	return b.values(members, team)
}

// beginRead begins a read of what is not known.
func (b *workspaceLoads) beginRead(members []workspace.MemberID, team workspace.TeamID, live bool) (tick uint64, stale []workspace.MemberID, rotation []workspace.TeamID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock++
	for _, m := range members {
		if !live || !b.members[m].fresh() {
			stale = append(stale, m)
		}
	}
	if !live || !b.rotations[team].fresh() {
		rotation = []workspace.TeamID{team}
	}
	return b.clock, stale, rotation
}

func (b *workspaceLoads) learn(tick uint64, members []workspace.MemberID, loads map[workspace.MemberID]workspace.Load, teams []workspace.TeamID, rotations map[workspace.TeamID]inbox.Rotation) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range members {
		slot(b.members, m).learn(loads[m], tick)
		b.forgetReleased(m)
	}
	for _, t := range teams {
		slot(b.rotations, t).learn(rotations[t], tick)
	}
}

func (b *workspaceLoads) values(members []workspace.MemberID, team workspace.TeamID) ([]workspace.Load, inbox.Rotation, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]workspace.Load, len(members))
	for i, m := range members {
		out[i] = b.members[m].value
		out[i].Livechats += b.reserved[m] + len(b.released[m])
	}
	return out, b.rotations[team].value, nil
}

func slot[K comparable, T any](of map[K]*cached[T], key K) *cached[T] {
	if of[key] == nil {
		of[key] = &cached[T]{}
	}
	return of[key]
}

// Reserve counts one more for the member until Release.
func (l *LoadCache) Reserve(ws workspace.WorkspaceID, m workspace.MemberID) {
	b, _ := l.of(ws)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reserved[m]++
}

// Release ends a reservation. If the member's load may have moved since it was read, it
// counts one more until a read that begins after this: one that is under way may have
// begun before the commit.
func (l *LoadCache) Release(ws workspace.WorkspaceID, m workspace.MemberID) {
	b, _ := l.of(ws)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.reserved[m] == 0 {
		return // the workspace was forgotten meanwhile
	}
	if b.reserved[m]--; b.reserved[m] == 0 {
		delete(b.reserved, m)
	}
	if known := b.members[m]; known != nil && !known.fresh() {
		b.clock++
		b.released[m] = append(b.released[m], b.clock)
	}
}

// forgetReleased drops what the value of the member has by now.
func (b *workspaceLoads) forgetReleased(m workspace.MemberID) {
	read := b.members[m].read
	b.released[m] = slices.DeleteFunc(b.released[m], func(at uint64) bool { return at < read })
	if len(b.released[m]) == 0 {
		delete(b.released, m)
	}
}

// Invalidate makes the next Look read the member and the team's rotation again.
func (l *LoadCache) Invalidate(ws workspace.WorkspaceID, m workspace.MemberID, team workspace.TeamID) {
	b, _ := l.of(ws)
	b.invalidate([]workspace.MemberID{m}, team, true)
}

func (b *workspaceLoads) invalidate(members []workspace.MemberID, team workspace.TeamID, turned bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock++
	for _, m := range members {
		slot(b.members, m).invalidated = b.clock
	}
	if turned {
		slot(b.rotations, team).invalidated = b.clock
	}
}

// Committed is Apply for what this process committed itself, before the feed
// brings it.
func (l *LoadCache) Committed(e inbox.Event) { l.Apply(e) }

// Apply makes unknown what e moved. It costs nothing where the workspace is unknown.
func (l *LoadCache) Apply(e inbox.Event) {
	l.mu.Lock()
	b, ok := l.workspaces.Peek(e.Workspace)
	l.mu.Unlock()
	if !ok {
		return
	}
	if members, team, turned := e.ChangedLoads(); len(members) > 0 {
		b.invalidate(members, team, turned)
	}
}

// FeedLost forgets everything: what other servers do is no longer heard of.
func (l *LoadCache) FeedLost() { l.reset(false) }

// FeedBack remembers again from here on.
func (l *LoadCache) FeedBack() { l.reset(true) }

// Forget forgets everything, because events were lost.
func (l *LoadCache) Forget() { l.reset(true) }

func (l *LoadCache) reset(live bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.live = live
	l.workspaces.Purge()
}
