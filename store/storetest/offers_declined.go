package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
)

// Of an offer to all of a team a member who declined sees no more: neither its
// notification, by the list, the count or the id, nor the conversation in the list of what
// is offered. For the others each is as it was. B:T6
func offersDeclinedByOne(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.commit(offering(d.owned("mia"), ""))
	d.commit(offering(d.owned("mia"), "")) // another one, which stays
	same := toldOf(t, d, "zoe", c.ID)
	require.Equal(t, same, toldOf(t, d, "noa", c.ID))
	require.Len(t, same, 1)
	require.False(t, offeredTo(t, d, "mia", c.ID), "who offers it to a team of theirs is not asked")
	received, err := d.ListOffers(soon(t), desk.OfferQuery{Workspace: d.ws, Member: "mia", Teams: []workspace.TeamID{"billing"}, Page: inbox.PageRequest{Limit: 10}})
	require.NoError(t, err)
	require.Empty(t, received.Items)
	for i, m := range []workspace.MemberID{"noa", "kim"} {
		change := moving(c, inbox.DeclineOffer(c, "", true, answering(c, m)))
		c = d.commit(change)
		require.Len(t, c.Offer.Declined, i+1)
		require.Empty(t, toldOf(t, d, m, c.ID))
		require.False(t, offeredTo(t, d, m, c.ID))
		require.Equal(t, same, toldOf(t, d, "zoe", c.ID), "with its place, so that it is not new again")
		require.True(t, offeredTo(t, d, "zoe", c.ID))
		o, err := d.Offer(soon(t), d.ws, c.Offer.ID)
		require.NoError(t, err)
		require.Equal(t, c.Offer, o)
		kept, err := d.Event(soon(t), d.ws, change.Event.ID)
		require.NoError(t, err)
		require.Equal(t, []inbox.Offer{c.Offer}, kept.Offers())
	}
	d.commit(moving(c, inbox.AcceptOffer(c, answering(c, "zoe"))))
	require.Empty(t, toldOf(t, d, "zoe", c.ID))
}

// toldOf are the ids of the notifications that ask m, in the team billing, to accept c.
func toldOf(t *testing.T, d *fixture, m workspace.MemberID, c inbox.ConversationID) (out []inbox.NotificationID) {
	t.Helper()
	q := notify.NotificationQuery{
		Workspace: d.ws, Member: m, Audiences: []inbox.Audience{inbox.ToTeam(workspace.Livechat, "billing")}, Page: inbox.PageRequest{Limit: 10},
	}
	page, err := d.ListNotifications(soon(t), q)
	require.NoError(t, err)
	n, err := d.CountNotifications(soon(t), q, 10)
	require.NoError(t, err)
	require.Len(t, page.Items, n)
	for _, one := range page.Items {
		byID, err := d.NotificationsByID(soon(t), d.ws, []inbox.NotificationID{one.ID})
		require.NoError(t, err)
		require.Equal(t, one, byID[one.ID])
		if one.Conversation == c {
			out = append(out, one.ID)
		}
	}
	return out
}

// offeredTo reports whether c is in the list of what is offered to m, in the team billing.
func offeredTo(t *testing.T, d *fixture, m workspace.MemberID, c inbox.ConversationID) bool {
	t.Helper()
	r := access.VisibilityFilter{
		Member: m, Teams: []workspace.TeamID{"billing"}, Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: workspace.ScopeTeam},
	}
	q := access.ConversationQuery{Workspace: d.ws, View: access.View{List: access.ListOfferedToMe}, Visibility: r, Page: inbox.PageRequest{Limit: 10}}
	page, err := d.ListConversations(soon(t), q)
	require.NoError(t, err)
	n, err := d.CountConversations(soon(t), q, 10)
	require.NoError(t, err)
	require.Len(t, page.Items, n)
	for _, one := range page.Items {
		require.True(t, q.View.Shows(r, one) && q.View.Matches(r, one))
		if one.ID == c {
			return true
		}
	}
	return false
}
