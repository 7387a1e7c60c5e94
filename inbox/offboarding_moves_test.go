package inbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// What a removal makes of a conversation in each state that it can meet.
func TestWhatRemovalsDo(t *testing.T) {
	turn := inbox.Command{By: workspace.System(), At: world.Start().Add(time.Hour), Rules: workspace.DefaultRules()}
	waited := world.Start()
	c := world.NewConversation(workspace.Livechat)
	c.OriginAgent, c.Team = world.Bot, world.Billing

	mine := c
	mine.Assignee, mine.AIStopped = world.Me, true
	lost := inbox.ReleaseFromMember(mine, turn)
	require.Equal(t, inbox.EventLeft, lost.Event.Kind)
	after := lost.After.Ownership
	require.Equal(t, inbox.NotifyUpForGrabs, after.Announced, "everybody who may claim it is told")
	require.True(t, after.Left && after.UpForGrabs && after.AIStopped)
	require.Equal(t, turn.At, after.WaitingSince)
	require.Equal(t, world.Billing, after.Team)
	require.Empty(t, after.Assignee)
	require.Equal(t, c.Epoch+1, lost.After.Epoch)

	teams := inbox.ReleaseFromTeam(mine, turn)
	require.Equal(t, inbox.EventTeamRemoved, teams.Event.Kind)
	require.Equal(t, world.Me, teams.After.Assignee)
	require.Empty(t, teams.After.Team)
	require.Equal(t, c.Epoch, teams.After.Epoch)

	queued := c
	queued.AIStopped, queued.WaitingSince = true, waited
	moved := inbox.ReleaseFromTeam(queued, turn)
	require.Equal(t, inbox.EventQueued, moved.Event.Kind)
	require.Equal(t, waited, moved.After.WaitingSince, "it keeps its place in time")
	require.True(t, moved.After.Due(), "the rules hand it out")

	silent := inbox.ReleaseFromAgent(c, turn)
	require.Equal(t, inbox.HandledByAI, c.Handler())
	require.True(t, silent.After.Waiting())
	require.Equal(t, inbox.ReasonAgentRemoved, silent.Event.Reason)
}
