package desk_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// behind is a desk on which others wait for the team Billing.
func behind(t *testing.T, edit ...func(*workspace.Rules)) *world.Inbox {
	t.Helper()
	d := offerDesk(t, edit...)
	line := waitingIn{{Team: world.Billing, Kind: workspace.Livechat}: true, {Team: world.Billing, Kind: workspace.Ticket}: true}
	d.Services = d.Serve(d.Memory, func(c *services.Config) { c.QueueState = line })
	return d
}

// An offer has no place in a line: it asks a free member of the team although others wait for
// them, when it is made and each time it is passed on; an assignment waits behind the others.
// B:T6, B:A5
func TestAnOfferAsksWhoIsFreeWhileOthersWait(t *testing.T) {
	d := behind(t)
	d.Alone(world.Me, world.Mate, world.Senior)
	made := offerTo(t, d, access.Owner{Team: world.Billing})
	require.Equal(t, inbox.EventOffered, made.Event.Kind)
	require.Equal(t, world.Mate, made.Conversation.Offer.Member)
	require.Empty(t, made.Warnings)
	passed, err := d.Desk.DeclineOffer(t.Context(), world.AsMember(world.Mate), made.Conversation.Offer.ID, desk.Declining{})
	require.NoError(t, err)
	require.Equal(t, inbox.EventOfferPassedOn, passed.Event.Kind)
	require.Equal(t, world.Senior, passed.Conversation.Offer.Member)

	c := world.Queued(world.NewConversation(workspace.Livechat), "")
	c.ID = "unowned"
	assigned, err := d.Desk.Assign(t.Context(), world.AsMember(world.Manager), desk.Request{Conversation: d.Put(c).ID}, access.Owner{Team: world.Billing}, "")
	require.NoError(t, err)
	require.Empty(t, assigned.Conversation.Assignee)
	require.Equal(t, world.Billing, assigned.Conversation.Team)
}

// An offer to a team either asks somebody who may accept it, or ends at once and says why, to
// whoever made it and to the sender: whatever keeps each member from being asked. B:T6
func TestAnOfferAsksSomebodyOrSaysWhyNot(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := behind(t, func(w *workspace.Rules) {
			w.MaxAutoAssigned = 2
			w.Method = rapid.SampledFrom([]workspace.Method{workspace.Balanced, workspace.RoundRobin, workspace.Random, workspace.Voluntary}).Draw(r, "method")
			w.TeamTarget = rapid.SampledFrom([]workspace.TeamTarget{workspace.TeamTargetMethod, workspace.TeamTargetPool}).Draw(r, "target")
			w.OfferExhausted = rapid.SampledFrom([]workspace.OfferExhausted{workspace.OfferToTeamQueue, workspace.OfferReturnsToSender}).Draw(r, "exhausted")
			w.AutoAssignTickets = rapid.Bool().Draw(r, "tickets")
			w.TransferActor = workspace.TransferByAnyone
		})
		for _, id := range []workspace.MemberID{world.Mate, world.Senior, world.Manager} {
			d.Member(id, func(m *workspace.Member) {
				m.Availability = rapid.SampledFrom([]workspace.Availability{workspace.Online, workspace.Away, workspace.Offline}).Draw(r, "there")
				m.Roles = []workspace.RoleName{rapid.SampledFrom([]workspace.RoleName{"agent", "observer", "manager"}).Draw(r, "role")}
			})
			d.Busy(id, rapid.SampledFrom([]int{0, 2}).Draw(r, "busy"))
		}
		c := world.Owned(world.NewConversation(rapid.SampledFrom(workspace.Kinds()).Draw(r, "kind")), world.Me, "")
		by := rapid.SampledFrom([]workspace.MemberID{world.Me, world.Manager, world.Owner}).Draw(r, "by")
		out, err := d.Desk.Transfer(t.Context(), world.AsMember(by), desk.Request{Conversation: d.Put(c).ID}, access.Owner{Team: world.Billing}, "")
		if err != nil {
			require.Contains(r, []inbox.Code{inbox.PermissionDenied, inbox.NotFound}, inbox.CodeOf(err), "an observer")
			return
		}
		asks := false
		for _, id := range []workspace.MemberID{world.Mate, world.Senior, world.Manager} {
			asks = asks || d.Access(t, world.AsMember(id)).Can(out.Conversation, inbox.ActionAccept).Allowed
		}
		require.Equal(r, asks, out.Conversation.Offer.Open())
		if out.Event.Kind == inbox.EventOffered {
			require.NotContains(r, out.Warnings, inbox.WarnTeamAbsent)
			return
		}
		require.Equal(r, inbox.EventOfferExpired, out.Event.Kind)
		require.Len(r, out.Warnings, 1)
		require.Contains(r, []inbox.Warning{inbox.WarnTeamAbsent, inbox.WarnTeamFull}, out.Warnings[0])
		if by != world.Me {
			require.Contains(r, notificationsOf(t, d, world.Me), inbox.NotifyOfferEnded)
		}
		free := func(id workspace.MemberID) bool {
			return d.Roster.Members[id].Availability == workspace.Online && d.Counts[id].Held() < 2 && d.Access(t, world.AsSystem()).MayOwn(id, c.Kind)
		}
		pool := d.Roster.Workspace.Rules.TeamTarget == workspace.TeamTargetPool || d.Roster.Workspace.Rules.Method == workspace.Voluntary || !d.Roster.Workspace.Rules.Routes(c.Kind)
		require.False(r, !pool && (free(world.Mate) || free(world.Senior) || free(world.Manager)), "somebody was free")
	})
}
