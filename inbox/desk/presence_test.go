package desk_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/cluster"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// present keeps presences in memory, as far as Service relies on it.
type present struct {
	cluster.Presences
	all []cluster.Presence
}

func (p *present) PresencesOf(_ context.Context, _ workspace.WorkspaceID, m workspace.MemberID) (out []cluster.Presence, err error) {
	for _, one := range p.all {
		if one.Member == m {
			out = append(out, one)
		}
	}
	return out, nil
}

func (p *present) DeletePresence(_ context.Context, gone cluster.Presence) error {
	p.all = slices.DeleteFunc(p.all, func(one cluster.Presence) bool { return one == gone })
	return nil
}

// B:P1
func TestEndPresence(t *testing.T) {
	lost := func(server string, after time.Duration) cluster.Presence {
		return cluster.Presence{Workspace: world.Home, Member: world.Me, Server: server, LostAt: world.Start().Add(after)}
	}
	connected := cluster.Presence{Workspace: world.Home, Member: world.Me, Server: "b"}
	for name, c := range map[string]struct {
		all   []cluster.Presence
		edit  func(*workspace.Member)
		grace time.Duration
		after time.Duration
		want  workspace.Availability
		left  int
	}{
		"within the grace":         {[]cluster.Presence{lost("a", 0)}, nil, 0, time.Minute - time.Millisecond, workspace.Online, 1},
		"after the grace":          {[]cluster.Presence{lost("a", 0)}, nil, 0, time.Minute, workspace.Offline, 0},
		"a shorter grace":          {[]cluster.Presence{lost("a", 0)}, nil, time.Second, time.Second, workspace.Offline, 0},
		"a longer grace":           {[]cluster.Presence{lost("a", 0)}, nil, time.Hour, 59 * time.Minute, workspace.Online, 1},
		"away":                     {[]cluster.Presence{lost("a", 0)}, func(m *workspace.Member) { m.Availability = workspace.Away }, 0, time.Minute, workspace.Offline, 0},
		"offline already":          {[]cluster.Presence{lost("a", 0)}, func(m *workspace.Member) { m.Availability = workspace.Offline }, 0, time.Second, workspace.Offline, 0},
		"connected elsewhere":      {[]cluster.Presence{lost("a", 0), connected}, nil, 0, time.Hour, workspace.Online, 1},
		"lost elsewhere later":     {[]cluster.Presence{lost("a", 0), lost("b", 30*time.Second)}, nil, 0, time.Minute, workspace.Online, 2},
		"lost everywhere":          {[]cluster.Presence{lost("a", 0), lost("b", 30*time.Second)}, nil, 0, 90 * time.Second, workspace.Offline, 0},
		"set ONLINE since":         {[]cluster.Presence{lost("a", 0)}, func(m *workspace.Member) { m.OnlineSince = world.Start().Add(50 * time.Second) }, 0, time.Minute, workspace.Online, 1},
		"set ONLINE long ago":      {[]cluster.Presence{lost("a", 0)}, func(m *workspace.Member) { m.OnlineSince = world.Start().Add(-time.Hour) }, 0, time.Minute, workspace.Offline, 0},
		"removed from the team":    {[]cluster.Presence{lost("a", 0)}, func(m *workspace.Member) { m.Removed = true }, 0, 0, workspace.Online, 0},
		"no longer than a moment":  {[]cluster.Presence{lost("a", 0)}, nil, 0, 0, workspace.Online, 1},
		"of a server that is gone": {[]cluster.Presence{lost("a", -time.Hour)}, nil, 0, 0, workspace.Offline, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Member(world.Me, func(m *workspace.Member) { m.OnlineSince = world.Start().Add(-2 * time.Hour) })
			if c.edit != nil {
				d.Member(world.Me, c.edit)
			}
			if c.grace > 0 {
				d.Rules(func(r *workspace.Rules) { r.PresenceGrace = c.grace })
			}
			d.Pass(c.after)
			p := &present{all: slices.Clone(c.all)}
			require.NoError(t, d.Presence.EndPresence(t.Context(), p, c.all[0]))
			m := d.Memory.Saved.Members[world.Me]
			require.Equal(t, c.want, m.Availability)
			require.Len(t, p.all, c.left)
			if events := d.Recorded(); c.want == workspace.Offline && len(events) > 0 {
				require.Equal(t, workspace.System(), events[0].Actor)
				require.Equal(t, world.Me, events[0].Directory.Member.ID)
			}
		})
	}
}

// Who comes online in the very moment in which the grace is over stays so.
func TestEndPresenceLosesTheRace(t *testing.T) {
	d := world.New(t)
	d.Member(world.Me, func(m *workspace.Member) { m.Availability, m.OnlineSince = workspace.Away, time.Time{} })
	d.Pass(time.Hour)
	gone := cluster.Presence{Workspace: world.Home, Member: world.Me, Server: "a", LostAt: world.Start()}
	p := &present{all: []cluster.Presence{gone}}
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Admin.SetAvailability(ctx, world.AsMember(world.Me), workspace.Online, "", "")
		return err
	})
	require.NoError(t, d.Presence.EndPresence(t.Context(), p, gone))
	require.Equal(t, workspace.Online, d.Memory.Saved.Members[world.Me].Availability)
	require.Len(t, p.all, 1, "it is asked again when the grace is over")
}

// A server that still remembers a member as OFFLINE turns them OFFLINE who came online
// since, and does not forget the lost connection without that. B:P1
func TestEndPresenceOfWhoIsRememberedAsOffline(t *testing.T) {
	d := world.New(t)
	d.Member(world.Me, func(m *workspace.Member) { m.Availability = workspace.Offline })
	late := d.Serve(&hearsay{d: d.Roster})
	_, err := d.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Online, "", "")
	require.NoError(t, err)
	gone := cluster.Presence{Workspace: world.Home, Member: world.Me, Server: "a", LostAt: d.Clock()}
	p := &present{all: []cluster.Presence{gone}}
	require.NoError(t, late.Presence.EndPresence(t.Context(), p, gone))
	require.Len(t, p.all, 1, "within the grace")
	require.Equal(t, workspace.Online, d.Memory.Saved.Members[world.Me].Availability)
	d.Pass(time.Hour)
	require.NoError(t, late.Presence.EndPresence(t.Context(), p, gone))
	require.Equal(t, workspace.Offline, d.Memory.Saved.Members[world.Me].Availability)
	require.Empty(t, p.all)
}

// Nobody is to be turned OFFLINE of whom there is nothing stored.
func TestEndPresenceOfNoMember(t *testing.T) {
	d := world.New(t)
	gone := cluster.Presence{Workspace: world.Home, Member: "nobody", Server: "a", LostAt: world.Start()}
	p := &present{all: []cluster.Presence{gone}}
	require.NoError(t, d.Presence.EndPresence(t.Context(), p, gone))
	require.Empty(t, p.all)
}

func TestEndPresenceOfNoWorkspace(t *testing.T) {
	d := world.New(t)
	gone := cluster.Presence{Workspace: "another", Member: world.Me, Server: "a", LostAt: world.Start()}
	p := &present{all: []cluster.Presence{gone}}
	require.NoError(t, d.Presence.EndPresence(t.Context(), p, gone))
	require.Empty(t, p.all)
}
