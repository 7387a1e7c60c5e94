package storetest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// offeredInEveryWay are conversations of both kinds with an offer of every sort: to a member
// and to all of a team, by several senders, declined, ended and none.
func offeredInEveryWay(d *fixture) (all []inbox.Conversation) {
	teams := []workspace.TeamID{"billing", "sales"}
	for _, kind := range workspace.Kinds() {
		owned := func(m workspace.MemberID) inbox.Conversation {
			return d.commit(takeover(d.created(func(c *inbox.Conversation) { c.Kind = kind }), m))
		}
		for _, sender := range []workspace.MemberID{"mia", "noa"} {
			for _, to := range []workspace.MemberID{"noa", "zoe"} {
				if to != sender {
					all = append(all, d.commit(offering(owned(sender), to)))
				}
			}
			for _, team := range teams {
				change := offering(owned(sender), "")
				change.Conversation.Offer.Team, change.Event.After.Offer.Team = team, team
				c := d.commit(change)
				all = append(all, c)
				if team == "billing" {
					all = append(all, d.commit(moving(c, inbox.DeclineOffer(c, "", true, answering(c, "zoe")))))
				}
			}
		}
		ended := d.commit(offering(owned("mia"), "noa"))
		all = append(all, d.commit(moving(ended, inbox.WithdrawOffer(ended, answering(ended, "mia")))), owned("mia"))
	}
	return all
}

// The list of what is offered to a caller holds what the domain says that it holds, whatever
// the caller sees of each kind, whatever the teams and under either rule of visibility; its count
// is that of its items. B:T6, B:V1
func offersInListsAsTheDomainSays(t *testing.T, open Opener) {
	d := newDesk(t, open)
	newest := map[inbox.ConversationID]inbox.Conversation{}
	for _, c := range offeredInEveryWay(d) {
		newest[c.ID] = c
	}
	scopes := []workspace.Scope{workspace.ScopeNone, workspace.ScopeOwn, workspace.ScopeTeam, workspace.ScopeAll}
	found := 0
	for _, m := range []workspace.MemberID{"", "mia", "noa", "zoe"} {
		for _, teams := range [][]workspace.TeamID{nil, {"billing"}, {"sales", "billing"}} {
			for _, chats := range scopes {
				for _, tickets := range scopes {
					r := access.VisibilityFilter{
						Member: m, Teams: teams,
						Scopes:           map[workspace.Kind]workspace.Scope{workspace.Livechat: chats, workspace.Ticket: tickets},
						OwnedExclusively: map[workspace.Kind]bool{workspace.Livechat: len(teams) == 1},
					}
					for _, list := range []access.List{access.ListOfferedToMe, access.ListOfferedByMe} {
						found += heldAsTheDomainSays(d, access.View{List: list}, r, newest)
					}
					some := access.View{List: access.ListOfferedToMe, Kinds: []workspace.Kind{workspace.Ticket}}
					found += heldAsTheDomainSays(d, some, r, newest)
				}
			}
		}
	}
	require.NotZero(t, found)
}

// heldAsTheDomainSays compares a list with what the view says of each of all, and returns how
// many it holds.
func heldAsTheDomainSays(
	d *fixture, v access.View, r access.VisibilityFilter, all map[inbox.ConversationID]inbox.Conversation,
) int {
	d.t.Helper()
	q := access.ConversationQuery{Workspace: d.ws, View: v, Visibility: r, Page: inbox.PageRequest{Limit: 50}}
	page, err := d.ListConversations(soon(d.t), q)
	require.NoError(d.t, err)
	n, err := d.CountConversations(soon(d.t), q, 50)
	require.NoError(d.t, err)
	var want, got []inbox.ConversationID
	for id, c := range all {
		if v.Shows(r, c) && v.Matches(r, c) {
			want = append(want, id)
		}
	}
	for _, c := range page.Items {
		got = append(got, c.ID)
	}
	slices.Sort(want)
	slices.Sort(got)
	require.Equal(d.t, want, got, "%+v %+v", v, r)
	require.Len(d.t, got, n, "%+v %+v", v, r)
	return n
}
