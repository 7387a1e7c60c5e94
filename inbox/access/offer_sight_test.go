package access_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// The target sees what is offered while the offer is open, under every rule, and the view
// of what is offered says that the right is gone. B:T6, B:Z8
func TestTheTargetSeesWhatIsOffered(t *testing.T) {
	for _, rule := range []workspace.Visibility{workspace.VisibleScoped, workspace.VisibleExclusive} {
		w := world.NewWorld(t)
		w.Roster.Workspace.Rules.Visibility = rule
		by := inbox.Command{By: world.AsMember(world.Me).Actor, At: world.Start(), Rules: workspace.DefaultRules()}
		c := world.Owned(world.NewConversation(workspace.Livechat), world.Me, world.Billing)
		offered := inbox.MakeOffer(c, inbox.OfferTerms{ID: "o", Member: world.Stranger, Timeout: time.Minute}, by)
		target := w.Access(t, world.AsMember(world.Stranger))
		require.False(t, target.Sees(c), rule)
		require.True(t, target.Sees(offered.After), rule)
		require.False(t, target.Reaches(offered.After), rule)
		require.True(t, target.Can(offered.After, inbox.ActionAccept).Allowed)
		require.True(t, target.Can(offered.After, inbox.ActionDecline).Allowed)
		require.Equal(t, inbox.TakeoverRequired, target.Can(offered.After, inbox.ActionReply).Code)
		require.True(t, w.Access(t, world.AsMember(world.Me)).Can(offered.After, inbox.ActionWithdraw).Allowed)

		view, r := access.View{List: access.ListOfferedToMe}, target.VisibilityFilter()
		words := func(string) []string { return nil }
		change, _ := view.Change(r, told(c, offered), words)
		require.Equal(t, access.ViewEntered, change)
		for _, end := range []inbox.Move{inbox.WithdrawOffer(offered.After, by), inbox.Close(offered.After, by), inbox.Leave(offered.After, by)} {
			change, reason := view.Change(r, told(offered.After, end), words)
			require.Equal(t, access.ViewLeft, change, end.Event.Kind)
			if target.Reaches(end.After) { // by another right
				continue
			}
			require.Equal(t, access.LeftNoLongerPermitted, reason, end.Event.Kind)
		}
		require.Contains(t, access.EventFacets(told(offered.After, inbox.WithdrawOffer(offered.After, by))), access.OfferedFacet(world.Stranger))
	}
}

// told is the event of m, as the feed brings it.
func told(before inbox.Conversation, m inbox.Move) inbox.Event {
	m.Follow(before)
	m.Event.After = &m.After
	return m.Event
}
