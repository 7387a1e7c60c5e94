package storetest

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// A choice holds as long as the member has no more than was seen. B:Q2
func seenLoads(t *testing.T, open Opener) {
	d := newDesk(t, open)
	give := func(kind workspace.Kind, seen int) error {
		change := takeover(d.created(func(c *inbox.Conversation) { c.Kind = kind }), "mia")
		change.Loads[0].Cap, change.Loads[0].Counted, change.Loads[0].Seen = 5, []workspace.Kind{workspace.Livechat}, &seen
		return d.Commit(soon(t), change)
	}
	require.NoError(t, give(workspace.Livechat, 0), "the first load")
	require.ErrorIs(t, give(workspace.Livechat, 0), commit.ErrAtCap, "another gave one meanwhile")
	require.NoError(t, give(workspace.Livechat, 3), "fewer than were seen")
	require.NoError(t, give(workspace.Ticket, 2))
	require.ErrorIs(t, give(workspace.Livechat, 2), commit.ErrAtCap, "tickets are open conversations as well")
	require.Equal(t, workspace.Load{Livechats: 2, Tickets: 1}, d.load("mia"))

	both := takeover(d.created(), "mia")
	seen := 2
	both.Loads[0].Cap, both.Loads[0].Counted, both.Loads[0].Seen = 5, workspace.Kinds(), &seen
	require.ErrorIs(t, d.Commit(soon(t), both), commit.ErrAtCap, "also where the cap is on the same counter")
	seen = 3
	require.NoError(t, d.Commit(soon(t), both))
}

// A rotation is turned by who saw where it stands, in the commit or not at all.
// B:Q4
func rotations(t *testing.T, open Opener) {
	d := newDesk(t, open)
	turn := func(r inbox.Rotation) error {
		change := takeover(d.created(), r.Member)
		change.Rotation = &r
		return d.Commit(soon(t), change)
	}
	read := func(teams ...workspace.TeamID) map[workspace.TeamID]inbox.Rotation {
		loads, found, err := d.LoadsAndRotations(soon(t), d.ws, []workspace.MemberID{"mia", "nobody"}, teams)
		require.NoError(t, err)
		require.NotContains(t, loads, workspace.MemberID("nobody"))
		return found
	}
	require.Empty(t, read("", "sales"))
	first := inbox.Rotation{Member: "mia", Since: at(3), Count: 1}
	require.NoError(t, turn(first))
	require.ErrorIs(t, turn(inbox.Rotation{Member: "noa", Since: at(4), Count: 1}), commit.ErrAtCap)
	require.ErrorIs(t, turn(inbox.Rotation{Member: "noa", Since: at(4), Count: 3}), commit.ErrAtCap)
	require.Equal(t, map[workspace.TeamID]inbox.Rotation{"": first}, read("", "sales"))
	require.Zero(t, d.load("noa"), "a turn that was refused gives nothing")
	second := inbox.Rotation{Member: "noa", Since: at(4), Count: 2}
	require.NoError(t, turn(second))
	team := inbox.Rotation{Team: "sales", Member: "noa", Since: at(4), Count: 1}
	require.NoError(t, turn(team), "a team's is its own")
	require.Equal(t, map[workspace.TeamID]inbox.Rotation{"": second, "sales": team}, read("", "sales"))
	require.Equal(t, 2, d.load("noa").Livechats)
	_, elsewhere, err := d.LoadsAndRotations(soon(t), "other", nil, []workspace.TeamID{"", "sales"})
	require.NoError(t, err)
	require.Empty(t, elsewhere)
}

// Of all who saw one place of the rotation, one makes the turn.
func rotationRace(t *testing.T, open Opener) {
	d := newDesk(t, open)
	for round := range int64(5) {
		var mu sync.Mutex
		wins := 0
		var all sync.WaitGroup
		for range 6 {
			change := takeover(d.created(), "mia")
			change.Rotation = &inbox.Rotation{Member: "mia", Since: at(1), Count: round + 1}
			all.Go(func() {
				err := d.Commit(soon(t), change)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					wins++
				} else if !errors.Is(err, commit.ErrAtCap) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.Equal(t, 1, wins)
	}
	require.Equal(t, 5, d.load("mia").Livechats)
}
