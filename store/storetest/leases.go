package storetest

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
)

// A lease is held, renewed, released and taken by who saw how it stands.
func leases(t *testing.T, open Opener) {
	d := newDesk(t, open)
	name := id("lease")
	none, err := d.Lease(soon(t), name)
	require.NoError(t, err)
	require.Equal(t, cluster.Lease{Name: name}, none)

	mine := cluster.Lease{Name: name, Holder: "a", Renewals: 1, For: 1500 * time.Millisecond}
	require.NoError(t, d.SwapLease(soon(t), none, mine))
	require.ErrorIs(t, d.SwapLease(soon(t), none, cluster.Lease{Name: name, Holder: "b", Renewals: 1}), commit.ErrStale)
	read, err := d.Lease(soon(t), name)
	require.NoError(t, err)
	require.Equal(t, mine, read)

	renewed := mine
	renewed.Renewals++
	require.NoError(t, d.SwapLease(soon(t), mine, renewed))
	taken := cluster.Lease{Name: name, Holder: "b", Renewals: 3}
	require.ErrorIs(t, d.SwapLease(soon(t), mine, taken), commit.ErrStale, "it moved since it was looked at")
	released := cluster.Lease{Name: name, Renewals: 3}
	require.NoError(t, d.SwapLease(soon(t), renewed, released))
	taken.Renewals = 4
	require.NoError(t, d.SwapLease(soon(t), released, taken))
	released.Renewals = 4
	require.ErrorIs(t, d.SwapLease(soon(t), renewed, released), commit.ErrStale, "who lost it cannot give it away")
	other, err := d.Lease(soon(t), id("lease"))
	require.NoError(t, err)
	require.Zero(t, other.Renewals, "another name is another lease")
}

// Of all who saw it free, one gets it: at first, and after each release.
func leaseRace(t *testing.T, open Opener) {
	d := newDesk(t, open)
	name := id("lease")
	for round := range 10 {
		seen, err := d.Lease(soon(t), name)
		require.NoError(t, err)
		var wins []cluster.Lease
		var mu sync.Mutex
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				next := cluster.Lease{Name: name, Holder: strconv.Itoa(n), Renewals: seen.Renewals + 1, For: time.Second}
				err := d.SwapLease(soon(t), seen, next)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					wins = append(wins, next)
				} else if !errors.Is(err, commit.ErrStale) {
					t.Errorf("round %d: %v", round, err)
				}
			})
		}
		all.Wait()
		require.Len(t, wins, 1)
		read, err := d.Lease(soon(t), name)
		require.NoError(t, err)
		require.Equal(t, wins[0], read)
	}
}
