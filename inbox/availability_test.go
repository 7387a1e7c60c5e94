package inbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

// What a lost connection took comes back with the connection, within the time of the
// rule; what somebody chose does not. B:P1
func TestReturnPresence(t *testing.T) {
	lost := func(from inbox.Availability) func(*inbox.Member) {
		return func(m *inbox.Member) {
			m.Availability = inbox.Offline
			m.Turned = inbox.AvailabilityChange{From: from, Why: inbox.ConnectionLost, By: inbox.System(), At: start()}
		}
	}
	chosen := func(to inbox.Availability) func(*inbox.Member) {
		return func(m *inbox.Member) {
			m.Availability, m.Turned = to, inbox.AvailabilityChange{From: inbox.Online, Why: inbox.AvailabilitySet, At: start()}
		}
	}
	for name, c := range map[string]struct {
		edit     func(*inbox.Member)
		rule     time.Duration
		after    time.Duration
		want     inbox.Availability
		restored bool
	}{
		"was ONLINE":           {lost(inbox.Online), 12 * time.Hour, time.Hour, inbox.Online, true},
		"was AWAY":             {lost(inbox.Away), 12 * time.Hour, time.Hour, inbox.Away, true},
		"the last moment":      {lost(inbox.Online), 12 * time.Hour, 12*time.Hour - time.Millisecond, inbox.Online, true},
		"too late":             {lost(inbox.Online), 12 * time.Hour, 12 * time.Hour, inbox.Offline, false},
		"a shorter time":       {lost(inbox.Online), time.Minute, time.Hour, inbox.Offline, false},
		"never":                {lost(inbox.Online), 0, 0, inbox.Offline, false},
		"chose OFFLINE":        {chosen(inbox.Offline), 12 * time.Hour, time.Hour, inbox.Offline, false},
		"is AWAY":              {chosen(inbox.Away), 12 * time.Hour, time.Hour, inbox.Away, false},
		"removed meanwhile":    {func(m *inbox.Member) { lost(inbox.Online)(m); m.Removed = true }, 12 * time.Hour, 0, inbox.Offline, false},
		"OFFLINE of old times": {func(m *inbox.Member) { m.Availability = inbox.Offline }, 12 * time.Hour, 0, inbox.Offline, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.member(me, c.edit)
			d.rules(func(r *inbox.Rules) { r.PresenceReturn = c.rule })
			d.pass(c.after)
			before := d.memory.directory.Members[me]
			for range 2 { // the second finds nothing to do
				require.NoError(t, d.ReturnPresence(t.Context(), home, me))
			}
			m := d.memory.directory.Members[me]
			require.Equal(t, c.want, m.Availability)
			if !c.restored {
				require.Equal(t, before, m)
				require.Empty(t, d.recorded())
				return
			}
			want := inbox.AvailabilityChange{From: inbox.Offline, Why: inbox.ConnectionReturned, By: inbox.System(), At: d.clock()}
			require.Equal(t, want, m.Turned)
			require.Equal(t, c.want == inbox.Online, m.OnlineSince.Equal(d.clock()), "in the order of coming online")
			require.Len(t, d.recorded(), 1)
			require.Equal(t, want, d.recorded()[0].Directory.Member.Turned)
		})
	}
}

// Each change says who made it, from what, why and when, whoever made it. B:P1
func TestEachChangeOfAvailabilityIsAnEvent(t *testing.T) {
	d := newDesk(t)
	d.member(me, func(m *inbox.Member) { m.Availability = inbox.Offline })
	p := &present{all: []inbox.Presence{{Workspace: home, Member: me, Server: "a", LostAt: start()}}}
	mine := asMember(me).Actor
	set := func(to inbox.Availability) {
		_, err := d.SetAvailability(t.Context(), asMember(me), to, "")
		require.NoError(t, err)
	}
	last := func() inbox.AvailabilityChange {
		events := d.recorded()
		return events[len(events)-1].Directory.Member.Turned
	}
	set(inbox.Away)
	require.Equal(t, inbox.AvailabilityChange{From: inbox.Offline, Why: inbox.AvailabilitySet, By: mine, At: d.clock()}, last())
	set(inbox.Away)
	require.Len(t, d.recorded(), 1, "nothing changed")
	d.pass(time.Hour)
	require.NoError(t, d.EndPresence(t.Context(), p, p.all[0]))
	require.Equal(t, inbox.AvailabilityChange{From: inbox.Away, Why: inbox.ConnectionLost, By: inbox.System(), At: d.clock()}, last())
	set(inbox.Offline)
	require.Equal(t, inbox.AvailabilityChange{From: inbox.Offline, Why: inbox.AvailabilitySet, By: mine, At: d.clock()}, last(), "to stay so after coming back")
	require.NoError(t, d.ReturnPresence(t.Context(), home, me))
	require.Equal(t, inbox.Offline, d.memory.directory.Members[me].Availability)
}

// Whoever connected while the end of the presence was under way is not left OFFLINE.
// B:P1
func TestEndPresenceOfWhoIsBack(t *testing.T) {
	d := newDesk(t)
	d.member(me, func(m *inbox.Member) {
		m.Availability, m.Turned = inbox.Offline, inbox.AvailabilityChange{From: inbox.Online, Why: inbox.ConnectionLost, At: start()}
	})
	gone := inbox.Presence{Workspace: home, Member: me, Server: "a", LostAt: start()}
	p := &present{all: []inbox.Presence{gone, {Workspace: home, Member: me, Server: "b"}}}
	require.NoError(t, d.EndPresence(t.Context(), p, gone))
	require.Equal(t, inbox.Online, d.memory.directory.Members[me].Availability)
	require.Len(t, p.all, 1)
}
