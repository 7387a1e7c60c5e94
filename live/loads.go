package live

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// ReadLoads reads loads and rotations from where they are kept.
type ReadLoads func(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, teams []workspace.TeamID) (map[workspace.MemberID]workspace.Load, map[workspace.TeamID]inbox.Rotation, error)

// Loads remembers the load of members, and where rotations stand. An event that
// moves a load makes it unknown, and who looks next reads it anew, with all
// others that are unknown in one query: nothing is added up here, so nothing can
// be added up wrongly. While the feed is down nothing is remembered.
//
// It is safe for concurrent use.
type Loads struct {
	read ReadLoads

	mu    sync.Mutex
	live  bool
	books *simplelru.LRU[workspace.WorkspaceID, *book]
}

var (
	_ desk.LoadBook = (*Loads)(nil)
	_ Follower      = (*Loads)(nil)
)

// NewLoads makes an empty book that reads with read.
func NewLoads(read ReadLoads) *Loads {
	// The only error of NewLRU is a size that is not positive.
	books, _ := simplelru.NewLRU[workspace.WorkspaceID, *book](defaultWorkspaces, nil)
	return &Loads{read: read, books: books}
}

// book is what is known of one workspace.
type book struct {
	mu sync.Mutex
	// clock counts what happened here: reads that began, and what made something
	// unknown.
	clock     uint64
	members   map[workspace.MemberID]*known[workspace.Load]
	rotations map[workspace.TeamID]*known[inbox.Rotation]
	held      map[workspace.MemberID]int
}

// known is a value as it was when the read at the tick read began. It is fresh
// unless it was doubted at or after that.
type known[T any] struct {
	value         T
	read, doubted uint64
}

func (k *known[T]) fresh() bool { return k != nil && k.read > k.doubted }

// learn takes over a value unless a later read is here already.
func (k *known[T]) learn(value T, at uint64) {
	if at > k.read {
		k.value, k.read = value, at
	}
}

func (l *Loads) of(ws workspace.WorkspaceID) (b *book, live bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.books.Get(ws)
	if !ok {
		b = &book{members: map[workspace.MemberID]*known[workspace.Load]{}, rotations: map[workspace.TeamID]*known[inbox.Rotation]{}, held: map[workspace.MemberID]int{}}
		l.books.Add(ws, b)
	}
	return b, l.live
}

// Look gives the loads of members, in their order, with what is held for them,
// and the rotation of team.
func (l *Loads) Look(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, team workspace.TeamID) ([]workspace.Load, inbox.Rotation, error) {
	b, live := l.of(ws)
	tick, stale, rotation := b.ask(members, team, live)
	if len(stale) > 0 || rotation != nil {
		loads, rotations, err := l.read(ctx, ws, stale, rotation)
		if err != nil {
			return nil, inbox.Rotation{}, fmt.Errorf("look at the loads: %w", err)
		}
		b.learn(tick, stale, loads, rotation, rotations)
	}
	return b.answer(members, team)
}

// ask begins a read of what is not known.
func (b *book) ask(members []workspace.MemberID, team workspace.TeamID, live bool) (tick uint64, stale []workspace.MemberID, rotation []workspace.TeamID) {
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

func (b *book) learn(tick uint64, members []workspace.MemberID, loads map[workspace.MemberID]workspace.Load, teams []workspace.TeamID, rotations map[workspace.TeamID]inbox.Rotation) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range members {
		slot(b.members, m).learn(loads[m], tick)
	}
	for _, t := range teams {
		slot(b.rotations, t).learn(rotations[t], tick)
	}
}

func (b *book) answer(members []workspace.MemberID, team workspace.TeamID) ([]workspace.Load, inbox.Rotation, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]workspace.Load, len(members))
	for i, m := range members {
		out[i] = b.members[m].value
		out[i].Livechats += b.held[m]
	}
	return out, b.rotations[team].value, nil
}

func slot[K comparable, T any](of map[K]*known[T], key K) *known[T] {
	if of[key] == nil {
		of[key] = &known[T]{}
	}
	return of[key]
}

// Hold counts one more for the member until Release.
func (l *Loads) Hold(ws workspace.WorkspaceID, m workspace.MemberID) { l.hold(ws, m, 1) }

// Release ends a Hold.
func (l *Loads) Release(ws workspace.WorkspaceID, m workspace.MemberID) { l.hold(ws, m, -1) }

func (l *Loads) hold(ws workspace.WorkspaceID, m workspace.MemberID, by int) {
	b, _ := l.of(ws)
	b.mu.Lock()
	defer b.mu.Unlock()
	// A book that was forgotten meanwhile knows of no hold to release.
	if b.held[m] += by; b.held[m] <= 0 {
		delete(b.held, m)
	}
}

// Doubt makes the next Look read the member and the team's rotation again.
func (l *Loads) Doubt(ws workspace.WorkspaceID, m workspace.MemberID, team workspace.TeamID) {
	b, _ := l.of(ws)
	b.doubt([]workspace.MemberID{m}, team, true)
}

func (b *book) doubt(members []workspace.MemberID, team workspace.TeamID, turned bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock++
	for _, m := range members {
		slot(b.members, m).doubted = b.clock
	}
	if turned {
		slot(b.rotations, team).doubted = b.clock
	}
}

// Committed is Apply for what this process committed itself, before the feed
// brings it.
func (l *Loads) Committed(e inbox.Event) { l.Apply(e) }

// Apply makes unknown what e moved.
func (l *Loads) Apply(e inbox.Event) {
	members, turned := e.MovesLoad()
	if len(members) == 0 {
		return
	}
	l.mu.Lock()
	b, ok := l.books.Peek(e.Workspace)
	l.mu.Unlock()
	if ok {
		b.doubt(members, e.To.Team, turned)
	}
}

// FeedLost forgets everything: what other servers do is no longer heard of.
func (l *Loads) FeedLost() { l.reset(false) }

// FeedBack remembers again from here on.
func (l *Loads) FeedBack() { l.reset(true) }

// Forget forgets everything, because events were lost.
func (l *Loads) Forget() { l.reset(true) }

func (l *Loads) reset(live bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.live = live
	l.books.Purge()
}
