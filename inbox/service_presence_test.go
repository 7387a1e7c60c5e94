package inbox_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

// present keeps presences in memory, as far as Service relies on it.
type present struct {
	inbox.Presences
	all []inbox.Presence
}

func (p *present) PresencesOf(_ context.Context, _ inbox.WorkspaceID, m inbox.MemberID) (out []inbox.Presence, err error) {
	for _, one := range p.all {
		if one.Member == m {
			out = append(out, one)
		}
	}
	return out, nil
}

func (p *present) ForgetPresence(_ context.Context, gone inbox.Presence) error {
	p.all = slices.DeleteFunc(p.all, func(one inbox.Presence) bool { return one == gone })
	return nil
}

// B:P1
func TestEndPresence(t *testing.T) {
	lost := func(server string, after time.Duration) inbox.Presence {
		return inbox.Presence{Workspace: home, Member: me, Server: server, LostAt: start().Add(after)}
	}
	connected := inbox.Presence{Workspace: home, Member: me, Server: "b"}
	for name, c := range map[string]struct {
		all   []inbox.Presence
		edit  func(*inbox.Member)
		grace time.Duration
		after time.Duration
		want  inbox.Availability
		left  int
	}{
		"within the grace":         {[]inbox.Presence{lost("a", 0)}, nil, 0, time.Minute - time.Millisecond, inbox.Online, 1},
		"after the grace":          {[]inbox.Presence{lost("a", 0)}, nil, 0, time.Minute, inbox.Offline, 0},
		"a shorter grace":          {[]inbox.Presence{lost("a", 0)}, nil, time.Second, time.Second, inbox.Offline, 0},
		"a longer grace":           {[]inbox.Presence{lost("a", 0)}, nil, time.Hour, 59 * time.Minute, inbox.Online, 1},
		"away":                     {[]inbox.Presence{lost("a", 0)}, func(m *inbox.Member) { m.Availability = inbox.Away }, 0, time.Minute, inbox.Offline, 0},
		"offline already":          {[]inbox.Presence{lost("a", 0)}, func(m *inbox.Member) { m.Availability = inbox.Offline }, 0, time.Second, inbox.Offline, 0},
		"connected elsewhere":      {[]inbox.Presence{lost("a", 0), connected}, nil, 0, time.Hour, inbox.Online, 1},
		"lost elsewhere later":     {[]inbox.Presence{lost("a", 0), lost("b", 30*time.Second)}, nil, 0, time.Minute, inbox.Online, 2},
		"lost everywhere":          {[]inbox.Presence{lost("a", 0), lost("b", 30*time.Second)}, nil, 0, 90 * time.Second, inbox.Offline, 0},
		"set ONLINE since":         {[]inbox.Presence{lost("a", 0)}, func(m *inbox.Member) { m.OnlineSince = start().Add(50 * time.Second) }, 0, time.Minute, inbox.Online, 1},
		"set ONLINE long ago":      {[]inbox.Presence{lost("a", 0)}, func(m *inbox.Member) { m.OnlineSince = start().Add(-time.Hour) }, 0, time.Minute, inbox.Offline, 0},
		"removed from the team":    {[]inbox.Presence{lost("a", 0)}, func(m *inbox.Member) { m.Removed = true }, 0, 0, inbox.Online, 0},
		"no longer than a moment":  {[]inbox.Presence{lost("a", 0)}, nil, 0, 0, inbox.Online, 1},
		"of a server that is gone": {[]inbox.Presence{lost("a", -time.Hour)}, nil, 0, 0, inbox.Offline, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.member(me, func(m *inbox.Member) { m.OnlineSince = start().Add(-2 * time.Hour) })
			if c.edit != nil {
				d.member(me, c.edit)
			}
			if c.grace > 0 {
				d.rules(func(r *inbox.Rules) { r.PresenceGrace = c.grace })
			}
			d.pass(c.after)
			p := &present{all: slices.Clone(c.all)}
			require.NoError(t, d.EndPresence(t.Context(), p, c.all[0]))
			m := d.memory.directory.Members[me]
			require.Equal(t, c.want, m.Availability)
			require.Len(t, p.all, c.left)
			if events := d.recorded(); c.want == inbox.Offline && len(events) > 0 {
				require.Equal(t, inbox.System(), events[0].Actor)
				require.Equal(t, me, events[0].Directory.Member.ID)
			}
		})
	}
}

// Who comes online in the very moment in which the grace is over stays so.
func TestEndPresenceLosesTheRace(t *testing.T) {
	d := newDesk(t)
	d.member(me, func(m *inbox.Member) { m.Availability, m.OnlineSince = inbox.Away, time.Time{} })
	d.pass(time.Hour)
	gone := inbox.Presence{Workspace: home, Member: me, Server: "a", LostAt: start()}
	p := &present{all: []inbox.Presence{gone}}
	d.meanwhileDo(t, func(ctx context.Context) error {
		_, err := d.SetAvailability(ctx, asMember(me), inbox.Online, "")
		return err
	})
	require.NoError(t, d.EndPresence(t.Context(), p, gone))
	require.Equal(t, inbox.Online, d.memory.directory.Members[me].Availability)
	require.Len(t, p.all, 1, "it is asked again when the grace is over")
}

func TestEndPresenceOfNoWorkspace(t *testing.T) {
	d := newDesk(t)
	gone := inbox.Presence{Workspace: "another", Member: me, Server: "a", LostAt: start()}
	p := &present{all: []inbox.Presence{gone}}
	require.NoError(t, d.EndPresence(t.Context(), p, gone))
	require.Empty(t, p.all)
}
