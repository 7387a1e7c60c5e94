package storetest

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

func several(t *testing.T, open Opener) {
	t.Run("each by itself", func(t *testing.T) { severalByThemselves(t, open) })
	t.Run("of one member", func(t *testing.T) { severalOfOne(t, open) })
	t.Run("turns in their order", func(t *testing.T) { turnsInOrder(t, open) })
}

// Of changes that are committed together each has the result that it would have alone,
// whatever the others are.
func severalByThemselves(t *testing.T, open Opener) {
	d := newDesk(t, open)
	used := takeover(d.created(), "mia")
	used.Event.Key = inbox.IdempotencyKey{Actor: used.Event.Actor, Key: "used", Request: "r"}
	d.commit(used)
	full := inbox.LoadChange{Member: "full", Kind: workspace.Livechat, Delta: 1, Cap: 1, Counted: workspace.Kinds()}
	begun := takeover(d.created(), "full")
	begun.Rotation = &inbox.Rotation{Team: "sales", Member: "full", Count: 1}
	d.commit(begun)
	for range 4 {
		changes, wanted := []commit.Change{}, map[inbox.EventID]any{}
		add := func(c commit.Change, want any) { changes, wanted[c.Event.ID] = append(changes, c), want }
		for n := range 6 {
			add(takeover(d.created(), workspace.MemberID(fmt.Sprint("m", n%2))), nil)
		}
		stale := d.created()
		d.commit(takeover(stale, "noa"))
		add(takeover(stale, "m0"), commit.ErrStale)
		add(takeover(d.conversation(), "m0"), inbox.NotFound)
		capped := takeover(d.created(), "full")
		capped.Loads = []inbox.LoadChange{full}
		add(capped, commit.ErrAtCap)
		again := takeover(d.created(), "m1")
		again.Event.Key = used.Event.Key
		add(again, commit.ErrDuplicateKey)
		turned := takeover(d.created(), "m1")
		turned.Rotation = &inbox.Rotation{Team: "sales", Member: "m1", Count: 7}
		add(turned, commit.ErrAtCap)
		rand.Shuffle(len(changes), func(i, j int) { changes[i], changes[j] = changes[j], changes[i] })
		for i, err := range d.CommitEach(soon(t), changes) {
			d.requireResult(t, changes[i], wanted[changes[i].Event.ID], err)
		}
	}
	require.Equal(t, 12, d.load("m0").Livechats)
	require.Equal(t, 12, d.load("m1").Livechats)
	require.Equal(t, 1, d.load("full").Livechats)
	require.Empty(t, d.CommitEach(soon(t), nil))
}

// requireResult demands the error, and that the event is there exactly if there is none.
func (d *fixture) requireResult(t *testing.T, c commit.Change, want any, err error) {
	t.Helper()
	switch want := want.(type) {
	case nil:
		require.NoError(t, err)
		require.Equal(t, *c.Event.After, d.stored(c.Conversation.ID))
	case error:
		require.ErrorIs(t, err, want)
	case inbox.Code:
		require.Equal(t, want, inbox.CodeOf(err))
	}
	e, missing := d.Event(soon(t), d.ws, c.Event.ID)
	if want == nil {
		require.NoError(t, missing)
		require.Equal(t, *c.Event.After, *e.After)
		return
	}
	require.Equal(t, inbox.NotFound, inbox.CodeOf(missing))
}

// Many conversations of one member move at once, each with its event and once.
func severalOfOne(t *testing.T, open Opener) {
	d := newDesk(t, open)
	const many = 130
	var taken []inbox.Conversation
	for range many {
		taken = append(taken, d.commit(takeover(d.created(), "mia")))
	}
	var changes []commit.Change
	for _, c := range taken {
		change := takeover(c, "")
		change.Loads = change.Loads[1:]
		changes = append(changes, change)
	}
	for i, err := range d.CommitEach(soon(t), changes) {
		d.requireResult(t, changes[i], nil, err)
		require.Equal(t, taken[i].Revision+1, changes[i].Event.After.Revision)
	}
	require.Zero(t, d.load("mia").Livechats)
	for _, err := range d.CommitEach(soon(t), changes) {
		require.Error(t, err, "a second time")
	}
	require.Zero(t, d.load("mia").Livechats)
}

// Turns of a rotation whose commits have their places in the order of their counts are
// all made, although none waits for the one before.
func turnsInOrder(t *testing.T, open Opener) {
	d := newDesk(t, open)
	var all sync.WaitGroup
	const turns = 40
	errs := make([]error, turns)
	for n := range turns {
		change := takeover(d.created(), workspace.MemberID(fmt.Sprint("m", n%4)))
		change.Event.Actor.ID = fmt.Sprint("caller", n%3)
		change.Rotation = &inbox.Rotation{Member: change.Conversation.Assignee, Since: at(n % 4), Count: int64(n) + 1}
		placed := make(chan struct{})
		next := sync.OnceFunc(func() { close(placed) })
		change.Placed = next
		all.Go(func() {
			defer next() // of an engine that knows no places
			errs[n] = d.Commit(soon(t), change)
		})
		<-placed
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	for n := range 4 {
		require.Equal(t, turns/4, d.load(workspace.MemberID(fmt.Sprint("m", n))).Livechats)
	}
	_, found, err := d.LoadsAndRotations(soon(t), d.ws, nil, []workspace.TeamID{""})
	require.NoError(t, err)
	require.EqualValues(t, turns, found[""].Count)
}
