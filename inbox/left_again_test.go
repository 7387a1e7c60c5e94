package inbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// What somebody let go of is handed to somebody else by the rules once members had
// the time to claim it, before what came later. B:L1, B:Q8
func TestWhatWasLeftIsHandedOut(t *testing.T) {
	for name, c := range map[string]struct {
		setUp func(*deskWorld)
		kind  workspace.Kind
		after time.Duration
		want  workspace.MemberID
	}{
		"in time":                {nil, workspace.Livechat, time.Minute, mate},
		"a moment before":        {nil, workspace.Livechat, time.Minute - time.Millisecond, ""},
		"a shorter time":         {func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.LeftWaits = time.Second }) }, workspace.Livechat, time.Second, mate},
		"never":                  {func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.LeftWaits = 0 }) }, workspace.Livechat, 24 * time.Hour, ""},
		"where members claim":    {func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary }) }, workspace.Livechat, time.Hour, ""},
		"nobody else is there":   {func(d *deskWorld) { d.alone(me) }, workspace.Livechat, time.Hour, ""},
		"tickets that are not":   {nil, workspace.Ticket, time.Hour, ""},
		"tickets that are":       {func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.AutoAssignTickets = true }) }, workspace.Ticket, time.Hour, mate},
		"whoever left, no later": {func(d *deskWorld) { d.alone(me); d.rules(func(r *workspace.Rules) { r.LeftWaits = time.Second }) }, workspace.Livechat, time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.alone(me, mate)
			if c.setUp != nil {
				c.setUp(d)
			}
			r := d.begin(t, map[workspace.Kind]string{workspace.Livechat: "chat: mine", workspace.Ticket: "ticket: mine"}[c.kind])
			left, err := d.Desk.Leave(t.Context(), asMember(me), r)
			require.NoError(t, err)
			require.Equal(t, start().Add(-time.Minute), left.Conversation.WaitingSince, "it keeps its place in the line")
			d.pass(c.after)
			for range 2 { // the second finds nothing
				require.NoError(t, d.Queues.QueueLeft(t.Context()))
			}
			_, err = d.Queues.Drain(t.Context(), home, inbox.Queue{Team: left.Conversation.Team, Kind: c.kind})
			require.NoError(t, err)
			require.Equal(t, c.want, d.stored(t, r.Conversation).Assignee)
			if c.want != "" {
				events := d.recorded()
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
	d := newDesk(t)
	d.alone(me)
	d.busy(me, 10)
	r := d.begin(t, "chat: mine")
	later := d.queue("", 1)[0]
	_, err := d.Desk.Leave(t.Context(), asMember(me), r)
	require.NoError(t, err)
	d.pass(time.Hour)
	require.NoError(t, d.Queues.QueueLeft(t.Context()))
	d.alone(mate)
	d.busy(mate, 9)
	require.Equal(t, desk.DrainBlocked, d.drain(t, ""))
	require.Equal(t, []workspace.MemberID{mate, ""}, d.ownersOf(t, []inbox.ConversationID{r.Conversation, later}))
}
