package desk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// What a lost connection took comes back with the connection, within the time of the
// rule; what somebody chose does not. B:P1
func TestReturnPresence(t *testing.T) {
	lost := func(from workspace.Availability) func(*workspace.Member) {
		return func(m *workspace.Member) {
			m.Availability = workspace.Offline
			m.Turned = workspace.AvailabilityChange{From: from, Why: workspace.ConnectionLost, By: workspace.System(), At: world.Start()}
		}
	}
	chosen := func(to workspace.Availability) func(*workspace.Member) {
		return func(m *workspace.Member) {
			m.Availability, m.Turned = to, workspace.AvailabilityChange{From: workspace.Online, Why: workspace.AvailabilitySet, At: world.Start()}
		}
	}
	for name, c := range map[string]struct {
		edit     func(*workspace.Member)
		rule     time.Duration
		after    time.Duration
		want     workspace.Availability
		restored bool
	}{
		"was ONLINE":           {lost(workspace.Online), 12 * time.Hour, time.Hour, workspace.Online, true},
		"was AWAY":             {lost(workspace.Away), 12 * time.Hour, time.Hour, workspace.Away, true},
		"the last moment":      {lost(workspace.Online), 12 * time.Hour, 12*time.Hour - time.Millisecond, workspace.Online, true},
		"too late":             {lost(workspace.Online), 12 * time.Hour, 12 * time.Hour, workspace.Offline, false},
		"a shorter time":       {lost(workspace.Online), time.Minute, time.Hour, workspace.Offline, false},
		"never":                {lost(workspace.Online), 0, 0, workspace.Offline, false},
		"chose OFFLINE":        {chosen(workspace.Offline), 12 * time.Hour, time.Hour, workspace.Offline, false},
		"is AWAY":              {chosen(workspace.Away), 12 * time.Hour, time.Hour, workspace.Away, false},
		"removed meanwhile":    {func(m *workspace.Member) { lost(workspace.Online)(m); m.Removed = true }, 12 * time.Hour, 0, workspace.Offline, false},
		"OFFLINE of old times": {func(m *workspace.Member) { m.Availability = workspace.Offline }, 12 * time.Hour, 0, workspace.Offline, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Member(world.Me, c.edit)
			d.Rules(func(r *workspace.Rules) { r.PresenceReturn = c.rule })
			d.Pass(c.after)
			before := d.Memory.Saved.Members[world.Me]
			for _, justCame := range []bool{false, true} { // the second finds nothing to do
				require.NoError(t, d.Presence.ReturnPresence(t.Context(), world.Home, world.Me, justCame))
			}
			m := d.Memory.Saved.Members[world.Me]
			require.Equal(t, c.want, m.Availability)
			if !c.restored {
				require.Equal(t, before, m)
				require.Empty(t, d.Recorded())
				return
			}
			want := workspace.AvailabilityChange{From: workspace.Offline, Why: workspace.ConnectionReturned, By: workspace.System(), At: d.Clock(), Rev: m.Rev}
			require.Equal(t, want, m.Turned)
			require.Equal(t, c.want == workspace.Online, m.OnlineSince.Equal(d.Clock()), "in the order of coming online")
			require.Len(t, d.Recorded(), 1)
			require.Equal(t, want, d.Recorded()[0].Directory.Member.Turned)
		})
	}
}

// A server that has not heard yet that another one turned a member OFFLINE gives back what they
// had as soon as they come, and does not leave them OFFLINE until it hears. B:P1
func TestReturnPresenceToAServerThatHasNotHeard(t *testing.T) {
	for _, justCame := range []bool{true, false} {
		d := world.New(t)
		late := d.Serve(&hearsay{d: d.Roster})
		gone := cluster.Presence{Workspace: world.Home, Member: world.Me, Server: "a", LostAt: d.Clock()}
		d.Pass(time.Hour)
		require.NoError(t, d.Presence.EndPresence(t.Context(), &present{all: []cluster.Presence{gone}}, gone))
		require.Equal(t, workspace.Offline, d.Memory.Saved.Members[world.Me].Availability)
		require.NoError(t, late.Presence.ReturnPresence(t.Context(), world.Home, world.Me, justCame))
		want := workspace.Online
		if !justCame { // it costs nothing, and is asked again
			want = workspace.Offline
		}
		require.Equal(t, want, d.Memory.Saved.Members[world.Me].Availability)
	}
}

// Each change says who made it, from what, why and when, whoever made it. B:P1
func TestEachChangeOfAvailabilityIsAnEvent(t *testing.T) {
	d := world.New(t)
	d.Member(world.Me, func(m *workspace.Member) { m.Availability = workspace.Offline })
	p := &present{all: []cluster.Presence{{Workspace: world.Home, Member: world.Me, Server: "a", LostAt: world.Start()}}}
	mine := world.AsMember(world.Me).Actor
	set := func(to workspace.Availability) {
		_, err := d.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), to, "", "")
		require.NoError(t, err)
	}
	last := func() workspace.AvailabilityChange {
		events := d.Recorded()
		m := events[len(events)-1].Directory.Member
		require.True(t, m.AvailabilityChanged())
		m.Turned.Rev = 0 // which that was about
		return m.Turned
	}
	set(workspace.Away)
	require.Equal(t, workspace.AvailabilityChange{From: workspace.Offline, Why: workspace.AvailabilitySet, By: mine, At: d.Clock()}, last())
	set(workspace.Away)
	require.Len(t, d.Recorded(), 1, "nothing changed")
	d.Pass(time.Hour)
	require.NoError(t, d.Presence.EndPresence(t.Context(), p, p.all[0]))
	require.Equal(t, workspace.AvailabilityChange{From: workspace.Away, Why: workspace.ConnectionLost, By: workspace.System(), At: d.Clock()}, last())
	set(workspace.Offline)
	require.Equal(t, workspace.AvailabilityChange{From: workspace.Offline, Why: workspace.AvailabilitySet, By: mine, At: d.Clock()}, last(), "to stay so after coming back")
	require.NoError(t, d.Presence.ReturnPresence(t.Context(), world.Home, world.Me, false))
	require.Equal(t, workspace.Offline, d.Memory.Saved.Members[world.Me].Availability)
}

// Whoever connected while the end of the presence was under way is not left OFFLINE.
// B:P1
func TestEndPresenceOfWhoIsBack(t *testing.T) {
	d := world.New(t)
	d.Member(world.Me, func(m *workspace.Member) {
		m.Availability, m.Turned = workspace.Offline, workspace.AvailabilityChange{From: workspace.Online, Why: workspace.ConnectionLost, At: world.Start()}
	})
	gone := cluster.Presence{Workspace: world.Home, Member: world.Me, Server: "a", LostAt: world.Start()}
	p := &present{all: []cluster.Presence{gone, {Workspace: world.Home, Member: world.Me, Server: "b"}}}
	require.NoError(t, d.Presence.EndPresence(t.Context(), p, gone))
	require.Equal(t, workspace.Online, d.Memory.Saved.Members[world.Me].Availability)
	require.Len(t, p.all, 1)
}
