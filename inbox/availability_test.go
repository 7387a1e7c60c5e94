package inbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
)

// What a lost connection took comes back with the connection, within the time of the
// rule; what somebody chose does not. B:P1
func TestReturnPresence(t *testing.T) {
	lost := func(from workspace.Availability) func(*workspace.Member) {
		return func(m *workspace.Member) {
			m.Availability = workspace.Offline
			m.Turned = workspace.AvailabilityChange{From: from, Why: workspace.ConnectionLost, By: workspace.System(), At: start()}
		}
	}
	chosen := func(to workspace.Availability) func(*workspace.Member) {
		return func(m *workspace.Member) {
			m.Availability, m.Turned = to, workspace.AvailabilityChange{From: workspace.Online, Why: workspace.AvailabilitySet, At: start()}
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
			d := newDesk(t)
			d.member(me, c.edit)
			d.rules(func(r *workspace.Rules) { r.PresenceReturn = c.rule })
			d.pass(c.after)
			before := d.memory.directory.Members[me]
			for range 2 { // the second finds nothing to do
				require.NoError(t, d.Presence.ReturnPresence(t.Context(), home, me))
			}
			m := d.memory.directory.Members[me]
			require.Equal(t, c.want, m.Availability)
			if !c.restored {
				require.Equal(t, before, m)
				require.Empty(t, d.recorded())
				return
			}
			want := workspace.AvailabilityChange{From: workspace.Offline, Why: workspace.ConnectionReturned, By: workspace.System(), At: d.clock()}
			require.Equal(t, want, m.Turned)
			require.Equal(t, c.want == workspace.Online, m.OnlineSince.Equal(d.clock()), "in the order of coming online")
			require.Len(t, d.recorded(), 1)
			require.Equal(t, want, d.recorded()[0].Directory.Member.Turned)
		})
	}
}

// Each change says who made it, from what, why and when, whoever made it. B:P1
func TestEachChangeOfAvailabilityIsAnEvent(t *testing.T) {
	d := newDesk(t)
	d.member(me, func(m *workspace.Member) { m.Availability = workspace.Offline })
	p := &present{all: []cluster.Presence{{Workspace: home, Member: me, Server: "a", LostAt: start()}}}
	mine := asMember(me).Actor
	set := func(to workspace.Availability) {
		_, err := d.Admin.SetAvailability(t.Context(), asMember(me), to, "")
		require.NoError(t, err)
	}
	last := func() workspace.AvailabilityChange {
		events := d.recorded()
		return events[len(events)-1].Directory.Member.Turned
	}
	set(workspace.Away)
	require.Equal(t, workspace.AvailabilityChange{From: workspace.Offline, Why: workspace.AvailabilitySet, By: mine, At: d.clock()}, last())
	set(workspace.Away)
	require.Len(t, d.recorded(), 1, "nothing changed")
	d.pass(time.Hour)
	require.NoError(t, d.Presence.EndPresence(t.Context(), p, p.all[0]))
	require.Equal(t, workspace.AvailabilityChange{From: workspace.Away, Why: workspace.ConnectionLost, By: workspace.System(), At: d.clock()}, last())
	set(workspace.Offline)
	require.Equal(t, workspace.AvailabilityChange{From: workspace.Offline, Why: workspace.AvailabilitySet, By: mine, At: d.clock()}, last(), "to stay so after coming back")
	require.NoError(t, d.Presence.ReturnPresence(t.Context(), home, me))
	require.Equal(t, workspace.Offline, d.memory.directory.Members[me].Availability)
}

// Whoever connected while the end of the presence was under way is not left OFFLINE.
// B:P1
func TestEndPresenceOfWhoIsBack(t *testing.T) {
	d := newDesk(t)
	d.member(me, func(m *workspace.Member) {
		m.Availability, m.Turned = workspace.Offline, workspace.AvailabilityChange{From: workspace.Online, Why: workspace.ConnectionLost, At: start()}
	})
	gone := cluster.Presence{Workspace: home, Member: me, Server: "a", LostAt: start()}
	p := &present{all: []cluster.Presence{gone, {Workspace: home, Member: me, Server: "b"}}}
	require.NoError(t, d.Presence.EndPresence(t.Context(), p, gone))
	require.Equal(t, workspace.Online, d.memory.directory.Members[me].Availability)
	require.Len(t, p.all, 1)
}
