package desk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// full is a line in which somebody always waits.
type full struct{}

func (full) Waits(_ workspace.WorkspaceID, q inbox.Queue) bool { return q.Team == "" }

// Who comes while others wait stands behind them; another queue is another line,
// and who is next does not stand behind anybody. B:Q7, B:Q8
func TestWhoComesStandsBehind(t *testing.T) {
	d := world.New(t)
	d.Alone(world.Me, world.Stranger)
	s := services.New(services.Config{Store: d.Memory, Directories: d.Memory, Policy: d.Policy, Now: d.Clock, NewID: d.NewID, Pick: first, QueueState: full{}})
	r := d.Begin(t, "chat: AI answers")
	out, err := s.Desk.RequestHandoff(t.Context(), world.AsAgent(world.Bot), r, desk.HandoffTarget{})
	require.NoError(t, err)
	require.True(t, out.Conversation.Due())
	drained, err := s.Queues.Drain(t.Context(), world.Home, inbox.Queue{Kind: workspace.Livechat})
	require.NoError(t, err)
	require.Equal(t, desk.DrainEmpty, drained)
	require.Equal(t, world.Me, d.Stored(t, r.Conversation).Assignee)

	d = world.New(t)
	d.Alone(world.Stranger)
	s = services.New(services.Config{Store: d.Memory, Directories: d.Memory, Policy: d.Policy, Now: d.Clock, NewID: d.NewID, Pick: first, QueueState: full{}})
	out, err = s.Desk.RequestHandoff(t.Context(), world.AsAgent(world.Bot), d.Begin(t, "chat: AI answers"), desk.HandoffTarget{Team: world.Sales})
	require.NoError(t, err)
	require.Equal(t, world.Stranger, out.Conversation.Assignee)
}

// A directory that remembers answers as one that does not, also after a change.
func TestRemembering(t *testing.T) {
	w := world.NewWorld(t)
	plain := w.Roster
	remembering := plain.Remembering()
	eligible := func(d *workspace.Directory, team workspace.TeamID) []workspace.MemberID {
		a, err := access.NewAccess(world.AsSystem(), d, w.Policy)
		require.NoError(t, err)
		return world.IDsOf(access.Eligible(a, workspace.Livechat, team))
	}
	for range 2 { // worked out, and remembered
		require.Equal(t, world.IDsOf(plain.SortedMembers()), world.IDsOf(remembering.SortedMembers()))
		for _, team := range []workspace.TeamID{"", world.Billing, world.Sales, "none"} {
			require.Equal(t, eligible(plain, team), eligible(remembering, team))
		}
	}
	gone := plain.Members[world.Stranger]
	gone.Availability, gone.Name, gone.Rev = workspace.Away, "Aaa", 2
	changed := remembering.With(workspace.DirectoryChange{Member: &gone})
	require.Equal(t, []workspace.MemberID{world.Stranger}, eligible(remembering, world.Sales))
	require.Empty(t, eligible(changed, world.Sales))
	require.Equal(t, world.Stranger, changed.SortedMembers()[0].ID)
}

// crowded is a line in which somebody waits for each team.
type crowded struct{}

func (crowded) Waits(_ workspace.WorkspaceID, q inbox.Queue) bool { return q.Team != "" }

// That others wait already hides no warning: neither of what is queued behind them, nor of
// an offer that nobody could be asked to accept. B:T4, B:T6, B:G1
func TestWhoStandsBehindIsWarned(t *testing.T) {
	for _, c := range []struct {
		acceptance workspace.TransferAcceptance
		load       int
		want       []inbox.Warning
	}{
		{workspace.TransferImmediate, 10, []inbox.Warning{inbox.WarnTeamFull}},
		{workspace.TransferOffered, 10, []inbox.Warning{inbox.WarnTeamFull}},
		{workspace.TransferImmediate, 0, nil},
	} {
		d := world.New(t)
		d.Alone(world.Mate)
		d.Busy(world.Mate, c.load)
		d.Rules(func(r *workspace.Rules) { r.TransferAcceptance = c.acceptance })
		s := services.New(services.Config{Store: d.Memory, Directories: d.Memory, Policy: d.Policy, Now: d.Clock, NewID: d.NewID, Pick: first, QueueState: crowded{}})
		out, err := s.Desk.Transfer(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), access.Owner{Team: world.Billing}, "")
		require.NoError(t, err)
		require.Equal(t, c.want, out.Warnings)
	}
}
