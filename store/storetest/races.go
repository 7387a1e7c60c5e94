package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// together runs all at once and gives their errors in order.
func together(all ...func() error) []error {
	errs := make([]error, len(all))
	start := make(chan struct{})
	var done sync.WaitGroup
	for i, f := range all {
		done.Go(func() {
			<-start
			errs[i] = f()
		})
	}
	close(start)
	done.Wait()
	return errs
}

// rounds is how often two race.
const rounds = 200

// Of two takeovers that saw the same version exactly one wins, and everything
// that was written is the winner's. B:K4
func takeovers(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ctx := soon(t)
	c := d.commit(takeover(d.created(), "zoe"))
	for range rounds {
		mia, noa := takeover(c, "mia"), takeover(c, "noa")
		errs := together(func() error { return d.Commit(ctx, mia) }, func() error { return d.Commit(ctx, noa) })
		winner, loser := mia, noa
		if errs[0] != nil {
			winner, loser = noa, mia
			errs[0], errs[1] = errs[1], errs[0]
		}
		require.NoError(t, errs[0])
		require.ErrorIs(t, errs[1], commit.ErrStale)
		require.Equal(t, *winner.Event.After, d.stored(c.ID))
		_, err := d.Event(ctx, d.ws, loser.Event.ID)
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
		c = *winner.Event.After
		require.Equal(t, 1, d.load(c.Assignee).Livechats)
		c = d.commit(takeover(c, "zoe")) // the next round begins with an owner who does not take part
	}
	require.Zero(t, d.load("mia").Livechats)
	require.Zero(t, d.load("noa").Livechats)
}

// Commits that meet on a load and on nothing else all succeed.
func conflicts(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ctx := soon(t)
	const workers, each = 8, 10
	all := make([]func() error, workers)
	for w := range all {
		c := d.created()
		all[w] = func() error {
			for range each {
				taken := takeover(c, "mia")
				if err := d.Commit(ctx, taken); err != nil {
					return err
				}
				given := takeover(taken.Conversation, workspace.MemberID(fmt.Sprintf("m%d", w)))
				if err := d.Commit(ctx, given); err != nil {
					return err
				}
				back := takeover(given.Conversation, "")
				back.Loads = back.Loads[1:]
				if err := d.Commit(ctx, back); err != nil {
					return err
				}
				c = back.Conversation
			}
			return d.Commit(ctx, takeover(c, "mia"))
		}
	}
	require.NoError(t, errors.Join(together(all...)...))
	require.Equal(t, workspace.Load{Livechats: workers}, d.load("mia"))
	require.Zero(t, d.load("m0").Livechats)
}

// However many assign at once, the cap is reached and not exceeded. B:Q6
func capHolds(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ctx := soon(t)
	const workers, most = 16, 5
	all := make([]func() error, workers)
	for w := range all {
		change := takeover(d.created(), "mia")
		change.Loads[0].Cap, change.Loads[0].Counted = most, workspace.Kinds()
		all[w] = func() error { return d.Commit(ctx, change) }
	}
	won := 0
	for _, err := range together(all...) {
		if err == nil {
			won++
			continue
		}
		require.ErrorIs(t, err, commit.ErrAtCap)
	}
	require.Equal(t, most, won)
	require.Equal(t, workspace.Load{Livechats: most}, d.load("mia"))
}

// Several first loads of one member, who has no counter yet.
func firstLoads(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ctx := soon(t)
	const workers = 8
	all := make([]func() error, workers)
	for w := range all {
		change := takeover(d.created(), "new")
		if w%2 == 0 {
			change.Loads[0].Cap, change.Loads[0].Counted = workers, workspace.Kinds()
		}
		all[w] = func() error { return d.Commit(ctx, change) }
	}
	require.NoError(t, errors.Join(together(all...)...))
	require.Equal(t, workspace.Load{Livechats: workers}, d.load("new"))
}

// An operation whose context has ended says so and writes nothing.
func contexts(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.created()
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	change := takeover(c, "mia")
	require.ErrorIs(t, d.Commit(ended, change), context.Canceled)
	require.Equal(t, c, d.stored(c.ID))
	require.NoError(t, d.Commit(context.Background(), change), "a context without a deadline gets one")
}
