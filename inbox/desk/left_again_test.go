package desk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// What somebody let go of is handed to somebody else by the rules once members had
// the time to claim it, before what came later. B:L1, B:Q8
func TestWhatWasLeftIsHandedOut(t *testing.T) {
	for name, c := range map[string]struct {
		setUp func(*world.Inbox)
		kind  workspace.Kind
		after time.Duration
		want  workspace.MemberID
	}{
		"in time":              {nil, workspace.Livechat, time.Minute, world.Mate},
		"a moment before":      {nil, workspace.Livechat, time.Minute - time.Millisecond, ""},
		"a shorter time":       {func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.LeftWaits = time.Second }) }, workspace.Livechat, time.Second, world.Mate},
		"never":                {func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.LeftWaits = 0 }) }, workspace.Livechat, 24 * time.Hour, ""},
		"where members claim":  {func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary }) }, workspace.Livechat, time.Hour, ""},
		"nobody else is there": {func(d *world.Inbox) { d.Alone(world.Me) }, workspace.Livechat, time.Hour, ""},
		"tickets that are not": {nil, workspace.Ticket, time.Hour, ""},
		"tickets that are":     {func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.AutoAssignTickets = true }) }, workspace.Ticket, time.Hour, world.Mate},
		"whoever left, no later": {func(d *world.Inbox) {
			d.Alone(world.Me)
			d.Rules(func(r *workspace.Rules) { r.LeftWaits = time.Second })
		}, workspace.Livechat, time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Alone(world.Me, world.Mate)
			if c.setUp != nil {
				c.setUp(d)
			}
			r := d.Begin(t, map[workspace.Kind]string{workspace.Livechat: "chat: mine", workspace.Ticket: "ticket: mine"}[c.kind])
			left, err := d.Desk.Leave(t.Context(), world.AsMember(world.Me), r)
			require.NoError(t, err)
			require.Equal(t, world.Start().Add(-time.Minute), left.Conversation.WaitingSince, "it keeps its place in the line")
			d.Pass(c.after)
			for range 2 { // the second finds nothing
				require.NoError(t, d.Queues.QueueLeft(t.Context()))
			}
			_, err = d.Queues.Drain(t.Context(), world.Home, inbox.Queue{Team: left.Conversation.Team, Kind: c.kind})
			require.NoError(t, err)
			require.Equal(t, c.want, d.Stored(t, r.Conversation).Assignee)
			if c.want != "" {
				events := d.Recorded()
				require.Equal(t, inbox.EventQueued, events[1].Kind)
				require.Equal(t, inbox.ReasonNotClaimed, events[1].Reason)
				require.Equal(t, inbox.EventAutoAssigned, events[2].Kind)
				require.Len(t, events, 3)
			}
		})
	}
}

// What was left is before what came while its owner had it. B:Q7
func TestWhatWasLeftKeepsItsAge(t *testing.T) {
	d := world.New(t)
	d.Alone(world.Me)
	d.Busy(world.Me, 10)
	r := d.Begin(t, "chat: mine")
	later := enqueue(d, "", 1)[0]
	_, err := d.Desk.Leave(t.Context(), world.AsMember(world.Me), r)
	require.NoError(t, err)
	d.Pass(time.Hour)
	require.NoError(t, d.Queues.QueueLeft(t.Context()))
	d.Alone(world.Mate)
	d.Busy(world.Mate, 9)
	require.Equal(t, desk.DrainBlocked, drainTeam(t, d, ""))
	require.Equal(t, []workspace.MemberID{world.Mate, ""}, ownersOf(t, d, []inbox.ConversationID{r.Conversation, later}))
}
