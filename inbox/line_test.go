package inbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// full is a line in which somebody always waits.
type full struct{}

func (full) Waits(_ workspace.WorkspaceID, q inbox.Queue) bool { return q.Team == "" }

// Who comes while others wait stands behind them; another queue is another line,
// and who is next does not stand behind anybody. B:Q7, B:Q8
func TestWhoComesStandsBehind(t *testing.T) {
	d := newDesk(t)
	d.alone(me, stranger)
	s := services.New(services.Config{Store: d.memory, Directories: d.memory, Policy: d.policy, Now: d.clock, NewID: d.newID, Pick: first, QueueState: full{}})
	r := d.begin(t, "chat: AI answers")
	out, err := s.Desk.RequestHandoff(t.Context(), asAgent(bot), r, desk.HandoffTarget{})
	require.NoError(t, err)
	require.True(t, out.Conversation.Due())
	drained, err := s.Queues.Drain(t.Context(), home, inbox.Queue{Kind: workspace.Livechat})
	require.NoError(t, err)
	require.Equal(t, desk.DrainEmpty, drained)
	require.Equal(t, me, d.stored(t, r.Conversation).Assignee)

	d = newDesk(t)
	d.alone(stranger)
	s = services.New(services.Config{Store: d.memory, Directories: d.memory, Policy: d.policy, Now: d.clock, NewID: d.newID, Pick: first, QueueState: full{}})
	out, err = s.Desk.RequestHandoff(t.Context(), asAgent(bot), d.begin(t, "chat: AI answers"), desk.HandoffTarget{Team: sales})
	require.NoError(t, err)
	require.Equal(t, stranger, out.Conversation.Assignee)
}

// A directory that remembers answers as one that does not, also after a change.
func TestRemembering(t *testing.T) {
	w := newWorld(t)
	plain := w.directory
	remembering := plain.Remembering()
	eligible := func(d *workspace.Directory, team workspace.TeamID) []workspace.MemberID {
		a, err := access.NewAccess(asSystem(), d, w.policy)
		require.NoError(t, err)
		return idsOf(access.Eligible(a, workspace.Livechat, team))
	}
	for range 2 { // worked out, and remembered
		require.Equal(t, idsOf(plain.SortedMembers()), idsOf(remembering.SortedMembers()))
		for _, team := range []workspace.TeamID{"", billing, sales, "none"} {
			require.Equal(t, eligible(plain, team), eligible(remembering, team))
		}
	}
	gone := plain.Members[stranger]
	gone.Availability, gone.Name, gone.Rev = workspace.Away, "Aaa", 2
	changed := remembering.With(workspace.DirectoryChange{Member: &gone})
	require.Equal(t, []workspace.MemberID{stranger}, eligible(remembering, sales))
	require.Empty(t, eligible(changed, sales))
	require.Equal(t, stranger, changed.SortedMembers()[0].ID)
}
