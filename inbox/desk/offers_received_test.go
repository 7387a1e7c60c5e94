package desk_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// receivedBy are the ids of all offers that a member received, a page at a time.
func receivedBy(t *testing.T, d *world.Inbox, m workspace.MemberID, limit int) (out []inbox.OfferID) {
	t.Helper()
	page, err := d.Reader.Offers(t.Context(), world.AsMember(m), access.OffersReceived, nil, inbox.PageRequest{Limit: limit})
	require.NoError(t, err)
	for _, o := range page.Items {
		out = append(out, o.ID)
	}
	return out
}

// A member received an offer if it asks or asked them: the list, the verdict and what they are
// notified of name the same members, whoever is in the team that was asked. B:T6
func TestWhoReceivedAnOffer(t *testing.T) {
	for _, kind := range workspace.Kinds() {
		for name, rules := range map[string]func(*workspace.Rules){
			"one after the other": func(r *workspace.Rules) { r.AutoAssignTickets = true },
			"all":                 func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool },
		} {
			d := offerDesk(t, rules)
			d.Roster.Workspace.CustomRoles = []workspace.CustomRole{chatsOnly()}
			d.Member("chatter", func(m *workspace.Member) {
				*m = d.Roster.Members[world.Mate]
				m.ID, m.Roles = "chatter", []workspace.RoleName{"chats_only"}
			})
			c := world.Owned(world.NewConversation(kind), world.Me, "")
			d.Put(c)
			out, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), desk.Request{Conversation: c.ID}, access.Owner{Team: world.Billing}, "")
			require.NoError(t, err)
			require.True(t, out.Conversation.Offer.Open())
			asked := 0
			for id := range d.Roster.Members {
				accepts := d.Access(t, world.AsMember(id)).Can(out.Conversation, inbox.ActionAccept).Allowed
				require.Equal(t, accepts, slices.Contains(receivedBy(t, d, id, 10), out.Conversation.Offer.ID), "%s %s: %s", kind, name, id)
				if accepts {
					asked++
				}
			}
			require.NotZero(t, asked)
			for id := range d.Roster.Members { // and still when it is over
				was := receivedBy(t, d, id, 10)
				_, err := d.Desk.WithdrawOffer(t.Context(), world.AsMember(world.Me), out.Conversation.Offer.ID, "")
				require.True(t, err == nil || inbox.CodeOf(err) == inbox.OfferSettled)
				require.Equal(t, was, receivedBy(t, d, id, 10))
			}
		}
	}
}

// chatsOnly is a role whose members answer chats of their teams, and see tickets alone.
func chatsOnly() workspace.CustomRole {
	return workspace.CustomRole{Name: "chats_only", Permissions: []workspace.Permission{
		{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeTeam},
		{Kind: workspace.Livechat, Action: workspace.PermReply, Scope: workspace.ScopeTeam},
		{Kind: workspace.Livechat, Action: workspace.PermClaim, Scope: workspace.ScopeTeam},
		{Kind: workspace.Ticket, Action: workspace.PermView, Scope: workspace.ScopeTeam},
	}}
}

// Nobody received an offer that found nobody to ask, and a page is full however many of those
// are between. B:T6
func TestOffersThatAskedNobody(t *testing.T) {
	d := offerDesk(t, func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool })
	var want []inbox.OfferID
	for i := range 12 {
		d.Alone(world.Me)
		if i%4 == 0 {
			d.Alone(world.Me, world.Mate)
		}
		c := world.Owned(world.NewConversation(workspace.Livechat), world.Me, "")
		c.ID = inbox.ConversationID(fmt.Sprint("c", i))
		d.Put(c)
		out, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), desk.Request{Conversation: c.ID}, access.Owner{Team: world.Billing}, "")
		require.NoError(t, err)
		require.Equal(t, i%4 == 0, out.Conversation.Offer.Open())
		if i%4 == 0 {
			want = append([]inbox.OfferID{out.Conversation.Offer.ID}, want...)
		}
	}
	require.Equal(t, want, receivedBy(t, d, world.Mate, 50))
	require.Equal(t, want[:2], receivedBy(t, d, world.Mate, 2))
}

// listingOffers counts how often offers are listed.
type listingOffers struct {
	*world.Memory
	lists *int
}

func (s listingOffers) ListOffers(ctx context.Context, q desk.OfferQuery) (inbox.Page[inbox.Offer], error) {
	*s.lists++
	return s.Memory.ListOffers(ctx, q)
}

// However many offers of a team did not ask a member, a page of those that did costs a few
// reads, and says where the next one begins; all pages together have each of them once. B:T6
func TestManyOffersThatAskedOthers(t *testing.T) {
	const tickets = 1250
	d := offerDesk(t, func(r *workspace.Rules) { r.TeamTarget = workspace.TeamTargetPool })
	d.Roster.Workspace.CustomRoles = []workspace.CustomRole{chatsOnly()}
	d.Member("chatter", func(m *workspace.Member) {
		*m = d.Roster.Members[world.Mate]
		m.ID, m.Roles = "chatter", []workspace.RoleName{"chats_only"}
	})
	var want []inbox.OfferID
	for i := range tickets {
		kind := workspace.Ticket
		if i%600 == 0 {
			kind = workspace.Livechat
		}
		c := world.Owned(world.NewConversation(kind), world.Me, "")
		c.ID = inbox.ConversationID(fmt.Sprint("c", i))
		d.Put(c)
		out, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), desk.Request{Conversation: c.ID}, access.Owner{Team: world.Billing}, "")
		require.NoError(t, err)
		if kind == workspace.Livechat {
			want = append([]inbox.OfferID{out.Conversation.Offer.ID}, want...)
		}
	}
	lists := 0
	d.Services = d.Serve(d.Memory, func(c *services.Config) { c.Store = listingOffers{d.Memory, &lists} })
	var got []inbox.OfferID
	request := inbox.PageRequest{Limit: 2}
	for more := true; more; {
		lists = 0
		page, err := d.Reader.Offers(t.Context(), world.AsMember("chatter"), access.OffersReceived, nil, request)
		require.NoError(t, err)
		require.LessOrEqual(t, lists, 5)
		for _, o := range page.Items {
			got = append(got, o.ID)
		}
		request.After, more = page.Looked, page.HasNext
		if n := len(page.Items); n == request.Limit {
			require.Nil(t, page.Looked)
			request.After = &inbox.PageCursor{At: page.Items[n-1].OfferedAt, ID: string(page.Items[n-1].ID)}
		}
		require.True(t, !more || request.After != nil)
	}
	require.Len(t, want, 3)
	require.Equal(t, want, got)
}
