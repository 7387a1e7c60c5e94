package desk_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// What a member may own no longer is released with the reason and the notices of E1,
// whichever step is faster than the release: no step takes it from the member in passing.
// B:E1, B:L1
func TestNoStepTakesInPassingWhatIsToBeReleased(t *testing.T) {
	steps := map[string]struct {
		offered bool
		do      func(ctx context.Context, d *world.Inbox, r desk.Request, offer inbox.OfferID) error
		ends    inbox.Code // what the step comes to, once the conversation is nobody's
	}{
		"declined": {true, func(ctx context.Context, d *world.Inbox, _ desk.Request, offer inbox.OfferID) error {
			_, err := d.Desk.DeclineOffer(ctx, world.AsMember(world.Mate), offer, desk.Declining{})
			return err
		}, inbox.OfferSettled},
		"withdrawn": {true, func(ctx context.Context, d *world.Inbox, _ desk.Request, offer inbox.OfferID) error {
			_, err := d.Desk.WithdrawOffer(ctx, world.AsMember(world.Manager), offer, "")
			return err
		}, inbox.OfferSettled},
		"another status": {false, func(ctx context.Context, d *world.Inbox, r desk.Request, _ inbox.OfferID) error {
			_, err := d.Desk.SetStatus(ctx, world.AsMember(world.Manager), r, inbox.Unset)
			return err
		}, ""},
		"another status while offered": {true, func(ctx context.Context, d *world.Inbox, r desk.Request, _ inbox.OfferID) error {
			_, err := d.Desk.SetStatus(ctx, world.AsMember(world.Manager), r, inbox.Unset)
			return err
		}, ""},
	}
	for loss, lose := range map[string]func(m *workspace.Member){
		inbox.ReasonMemberRemoved: func(m *workspace.Member) { m.Removed = true },
		inbox.ReasonNotLiveAgent:  func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer"} },
	} {
		for name, step := range steps {
			t.Run(loss+" "+name, func(t *testing.T) {
				d := offerDesk(t)
				c := world.States(world.Me)["chat: mine"]
				d.Put(c)
				r := desk.Request{Conversation: c.ID}
				var offer inbox.OfferID
				if step.offered {
					out, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), r, access.Owner{Member: world.Mate}, "")
					require.NoError(t, err)
					offer = out.Conversation.Offer.ID
				}
				before := len(d.Recorded())
				d.Member(world.Me, func(m *workspace.Member) {
					lose(m)
					m.OffboardingSince = d.Clock()
				})
				err := step.do(t.Context(), d, r, offer)
				require.Equal(t, step.ends, inbox.CodeOf(err), "%v", err)
				e := d.Recorded()[before]
				require.Equal(t, inbox.EventLeft, e.Kind)
				require.Equal(t, loss, e.Reason)
				require.Contains(t, kindsTold(e), inbox.NotifyUpForGrabs)
				for _, later := range d.Recorded()[before+1:] {
					require.Empty(t, later.From.Assignee)
				}
			})
		}
	}
}
