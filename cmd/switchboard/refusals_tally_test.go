package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

func refusedOnce(ws string, kind workspace.ActorKind, id string, action audit.AuditAction) refusal {
	return refusal{
		principal: inbox.Principal{Workspace: workspace.WorkspaceID(ws), Actor: workspace.Actor{Kind: kind, ID: id}},
		action:    action, code: inbox.PermissionDenied, times: 1,
	}
}

// drained is everything that is written of t by now: how often each key was
// refused something, and by how many entries that is told.
func drained(t *tallies, now time.Time, all bool) (times, entries map[refusalKey]int) {
	times, entries = map[refusalKey]int{}, map[refusalKey]int{}
	note := func(r refusal) { times[r.key()] += r.times; entries[r.key()]++ }
	for r, ok := t.next(); ok; r, ok = t.next() {
		note(r)
	}
	for _, r := range t.settle(now, all) {
		note(r)
	}
	return times, entries
}

// A flood of one actor and action is a few entries and a count, and whoever else
// is refused something meanwhile, once, has an entry.
func TestAFloodOfRefusalsHidesNoOther(t *testing.T) {
	now := time.Now()
	book := newTallies(false)
	flood := refusedOnce("a", workspace.ActorMember, "noisy", audit.AuditPlanSet)
	others := []refusal{
		refusedOnce("a", workspace.ActorMember, "quiet", audit.AuditPlanSet), refusedOnce("a", workspace.ActorMember, "noisy", audit.AuditTeamDelete),
		refusedOnce("b", workspace.ActorMember, "noisy", audit.AuditPlanSet), refusedOnce("a", workspace.ActorAgent, "noisy", audit.AuditPlanSet),
	}
	for range 5000 {
		book.add(flood, now)
	}
	for _, r := range others {
		book.add(r, now)
	}
	first := []refusalKey{}
	for range 1 + len(others) {
		r, ok := book.next()
		require.True(t, ok)
		first = append(first, r.key())
	}
	require.ElementsMatch(t, []refusalKey{flood.key(), others[0].key(), others[1].key(), others[2].key(), others[3].key()}, first, "each in its turn")
	for _, ok := book.next(); ok; _, ok = book.next() {
	}
	require.Empty(t, book.settle(now.Add(refusalWindow-1), false), "the count is written once a window")
	now = now.Add(refusalWindow / 2)
	book.add(flood, now)
	due := book.settle(now.Add(refusalWindow/2), false)
	require.Len(t, due, 1)
	require.Equal(t, 5001-refusalsEach, due[0].times)

	// It goes on: counts only. It rests: entries again.
	for i := range 10 {
		now = now.Add(refusalWindow * 2 / 3)
		book.add(flood, now)
		_, ok := book.next()
		require.False(t, ok, i)
	}
	_ = book.settle(now, true)
	now = now.Add(refusalWindow)
	book.add(flood, now)
	_, ok := book.next()
	require.True(t, ok)
}

// However many actors there are, every refusal is written or counted, and the
// memory is bounded.
func TestACrowdIsCounted(t *testing.T) {
	now := time.Now()
	book := newTallies(true)
	const many = 3 * refusalShare
	for i := range many {
		book.add(refusedOnce("a", workspace.ActorContact, fmt.Sprint(i), "conversation.takeOver"), now)
	}
	require.LessOrEqual(t, len(book.of), refusalShare+1)
	times, entries := drained(book, now, true)
	total := 0
	for _, n := range times {
		total += n
	}
	require.Equal(t, many, total)
	require.LessOrEqual(t, len(entries), refusalShare+1)
	crowd := refusedOnce("a", workspace.ActorContact, "", "conversation.takeOver").key().crowd()
	require.Equal(t, many-refusalShare, times[crowd])
	_ = book.settle(now.Add(refusalWindow), true)
	require.Empty(t, book.of, "what rests is forgotten")
}

// Nothing is lost and nothing is counted twice; nobody has more than a few entries
// in a window. For any order of refusals, and of what is written of them.
func TestEveryRefusalIsWrittenOrCounted(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		now := time.Now()
		book := newTallies(false)
		want, got := map[refusalKey]int{}, map[refusalKey]int{}
		for range rapid.IntRange(1, 200).Draw(r, "steps") {
			switch rapid.IntRange(0, 5).Draw(r, "what") {
			case 0:
				now = now.Add(time.Duration(rapid.IntRange(1, 90).Draw(r, "seconds")) * time.Second)
			case 1:
				if one, ok := book.next(); ok {
					got[one.key()] += one.times
				}
			case 2:
				for _, one := range book.settle(now, false) {
					got[one.key()] += one.times
				}
			default:
				one := refusedOnce(rapid.SampledFrom([]string{"a", "b"}).Draw(r, "ws"), workspace.ActorMember, rapid.SampledFrom([]string{"m", "n", "o"}).Draw(r, "who"),
					rapid.SampledFrom([]audit.AuditAction{audit.AuditPlanSet, audit.AuditTeamDelete}).Draw(r, "action"))
				for range rapid.IntRange(1, 2*refusalsEach).Draw(r, "times") {
					book.add(one, now)
					want[one.key()]++
				}
			}
			for key, one := range book.of {
				if len(one.waiting) > 2*refusalsEach && one.given > refusalsEach {
					r.Fatalf("%v has %d entries", key, len(one.waiting))
				}
			}
		}
		rest, _ := drained(book, now, true)
		for key, n := range rest {
			got[key] += n
		}
		if fmt.Sprint(want) != fmt.Sprint(got) {
			r.Fatalf("want %v, got %v", want, got)
		}
	})
}

// A workspace that fills its share with actors, or with contacts, takes nobody's name
// out of the audit log of another.
func TestNoiseOfAWorkspaceHidesNothingOfAnother(t *testing.T) {
	now := time.Now()
	book := newTallies(false)
	for i := range 2 * refusalTallies {
		book.add(refusedOnce("noisy", workspace.ActorPartner, fmt.Sprint(i), audit.AuditPlanSet), now)
	}
	quiet := refusedOnce("quiet", workspace.ActorMember, "m", audit.AuditPlanSet)
	book.add(quiet, now)
	times, _ := drained(book, now, true)
	require.Equal(t, 1, times[quiet.key()])
	book.sweep(now.Add(2 * refusalWindow))
	require.Empty(t, book.of)
	require.Empty(t, book.shares)
}
