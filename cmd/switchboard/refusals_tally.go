package main

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Bounds on the entries about refusals. An actor who is refused a thousand times
// must neither fill the database nor hide another actor's refusal.
const (
	// refusalsEach is how many refusals of one actor and action have an entry of
	// their own before the others are counted.
	refusalsEach = 5
	// refusalWindow is how often counts are written, and how long an actor must be
	// quiet to have entries of its own again.
	refusalWindow = time.Minute
	// refusalTallies bounds how many pairs of actor and action are remembered, for
	// members and the like and for strangers each, and refusalShare how many of them
	// one workspace may have: its noise hides nothing in another.
	refusalTallies = 16_384
	refusalShare   = 2048
	// strangersPerSecond and strangersAtOnce bound the entries about strangers of one
	// workspace: anybody can be many contacts.
	strangersPerSecond = 1
	strangersAtOnce    = 30
)

// refusal is one that a caller met, or several of one actor and action.
type refusal struct {
	principal inbox.Principal
	action    audit.AuditAction
	target    audit.AuditTarget
	code      inbox.Code
	times     int
}

// stranger reports whether the actor is of a kind that is unlimited in number:
// contacts, and identities that are not in the workspace.
func (r refusal) stranger() bool {
	return r.principal.Actor.Kind == workspace.ActorContact || r.action == auditSignIn
}

// refusalKey is the key by which refusals are bounded.
type refusalKey struct {
	workspace workspace.WorkspaceID
	actor     workspace.Actor
	action    audit.AuditAction
}

func (r refusal) key() refusalKey {
	return refusalKey{r.principal.Workspace, r.principal.Actor, r.action}
}

// crowd is the key of all actors without room for their own. They are counted
// together, in the name of the system.
func (k refusalKey) crowd() refusalKey {
	k.actor = workspace.System()
	return k
}

// tally counts the refusals of one key.
type tally struct {
	waiting []refusal // have entries of their own, not written yet
	given   int       // how many had one since it was quiet
	counted refusal   // the last one without, and how many
	since   time.Time // the beginning of the window
	last    time.Time // when the key was last refused something
}

// tallies are those of known actors, or of strangers. No key affects another: each
// has its own entries and its own count, written in turn.
type tallies struct {
	of     map[refusalKey]*tally
	shares map[workspace.WorkspaceID]int // how many of those each workspace has
	turn   []refusalKey                  // of those that have something waiting, each once
	limits *simplelru.LRU[workspace.WorkspaceID, *rate.Limiter]
	swept  time.Time
}

// newTallies makes empty ones; limited bounds the entries of a workspace as well.
func newTallies(limited bool) *tallies {
	t := &tallies{of: map[refusalKey]*tally{}, shares: map[workspace.WorkspaceID]int{}}
	if limited {
		// The only error is of a size that is not positive.
		t.limits, _ = simplelru.NewLRU[workspace.WorkspaceID, *rate.Limiter](1000, nil)
	}
	return t
}

// add takes a refusal. It is written by itself, or counted.
func (t *tallies) add(r refusal, now time.Time) {
	key := r.key()
	one := t.find(key, now)
	if one == nil {
		key = key.crowd()
		if one = t.of[key]; one == nil {
			one = t.begin(key, now) // at most one for each workspace and action
		}
		r.principal.Actor, one.given = workspace.System(), refusalsEach
	}
	if now.Sub(one.last) >= refusalWindow && one.counted.times == 0 && key != key.crowd() {
		one.given, one.since = 0, now
	}
	one.last = now
	if one.given >= refusalsEach || !t.within(r.principal.Workspace, now) {
		r.times += one.counted.times
		one.counted = r
		return
	}
	one.given++
	one.waiting = append(one.waiting, r)
	if len(one.waiting) == 1 {
		t.turn = append(t.turn, key)
	}
}

// find gives the tally of key, a new one where there is room, else nil.
func (t *tallies) find(key refusalKey, now time.Time) *tally {
	if one := t.of[key]; one != nil {
		return one
	}
	full := func() bool { return len(t.of) >= refusalTallies || t.shares[key.workspace] >= refusalShare }
	if full() && now.Sub(t.swept) >= time.Second {
		t.sweep(now)
	}
	if full() {
		return nil
	}
	return t.begin(key, now)
}

func (t *tallies) begin(key refusalKey, now time.Time) *tally {
	one := &tally{since: now}
	t.of[key] = one
	t.shares[key.workspace]++
	return one
}

// within reports whether the workspace may have another entry now.
func (t *tallies) within(ws workspace.WorkspaceID, now time.Time) bool {
	if t.limits == nil {
		return true
	}
	limit, ok := t.limits.Get(ws)
	if !ok {
		limit = rate.NewLimiter(strangersPerSecond, strangersAtOnce)
		t.limits.Add(ws, limit)
	}
	return limit.AllowN(now, 1)
}

// next gives the next refusal to be written, each key in its turn; false when none
// waits.
func (t *tallies) next() (r refusal, ok bool) {
	if len(t.turn) == 0 {
		return refusal{}, false
	}
	key := t.turn[0]
	t.turn = t.turn[1:]
	one := t.of[key]
	r, one.waiting = one.waiting[0], one.waiting[1:]
	if len(one.waiting) > 0 {
		t.turn = append(t.turn, key)
	}
	return r, true
}

// settle returns the counts that are due: those of every window that is over, or
// all of them.
func (t *tallies) settle(now time.Time, all bool) (due []refusal) {
	for _, one := range t.of {
		if one.counted.times > 0 && (all || now.Sub(one.since) >= refusalWindow) {
			due = append(due, one.counted)
			one.counted, one.since = refusal{}, now
		}
	}
	t.sweep(now)
	return due
}

// sweep forgets the keys of which nothing is left to be written and that were quiet
// for a window.
func (t *tallies) sweep(now time.Time) {
	t.swept = now
	for key, one := range t.of {
		if len(one.waiting) == 0 && one.counted.times == 0 && now.Sub(one.last) >= refusalWindow {
			delete(t.of, key)
			if t.shares[key.workspace]--; t.shares[key.workspace] == 0 {
				delete(t.shares, key.workspace)
			}
		}
	}
}
