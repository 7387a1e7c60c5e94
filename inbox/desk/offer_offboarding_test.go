package desk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// What is offered by a member who may own it no longer goes as everything of theirs goes, and
// the offer with it: the same event with the same reason, notices and audience, whether the
// look at offers or what empties comes first, and whoever made the offer. B:E1, B:L1, B:T6
func TestWhatIsOfferedIsReleasedLikeTheRest(t *testing.T) {
	look := func(t *testing.T, d *world.Inbox) { require.NoError(t, d.Queues.CheckOffers(t.Context(), world.Home)) }
	empty := func(t *testing.T, d *world.Inbox) { require.NoError(t, d.Offboarding.Run(t.Context())) }
	for loss, lose := range map[string]func(m *workspace.Member){
		inbox.ReasonMemberRemoved: func(m *workspace.Member) { m.Removed = true },
		inbox.ReasonNotLiveAgent:  func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer"} },
	} {
		for maker, cause := range map[workspace.MemberID]inbox.OfferEndCause{world.Me: inbox.OfferSenderNotPermitted, world.Manager: inbox.OfferEndedByVerb} {
			for order, steps := range map[string][]func(*testing.T, *world.Inbox){"the look first": {look, empty}, "emptied first": {empty, look}, "by a new policy": {look}} {
				t.Run(loss+" "+string(maker)+" "+order, func(t *testing.T) {
					d := offerDesk(t, func(r *workspace.Rules) { r.TransferActor = workspace.TransferByAnyone })
					c := world.States(world.Me)["chat: mine"]
					d.Put(c)
					_, err := d.Desk.Transfer(t.Context(), world.AsMember(maker), desk.Request{Conversation: c.ID}, access.Owner{Member: world.Mate}, "")
					require.NoError(t, err)
					d.Member(world.Me, func(m *workspace.Member) {
						lose(m)
						if order != "by a new policy" { // which marks nobody
							m.OffboardingSince = d.Clock()
						}
					})
					for _, step := range steps {
						step(t, d)
					}
					e := d.Recorded()[len(d.Recorded())-1]
					require.Equal(t, inbox.EventLeft, e.Kind)
					require.Equal(t, loss, e.Reason)
					require.Equal(t, inbox.OfferSuperseded, e.After.Offer.Status)
					require.Equal(t, cause, e.After.Offer.Cause)
					require.True(t, e.After.UpForGrabs)
					require.Contains(t, kindsTold(e), inbox.NotifyUpForGrabs)
					require.Equal(t, "Mia has left the conversation.", d.Said()[len(d.Said())-1].Body)
				})
			}
		}
	}
}
