package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// offering is the change by which the owner of c offers it to m, or to all of the team
// "billing" if m is empty.
func offering(c inbox.Conversation, m workspace.MemberID) commit.Change {
	terms := inbox.OfferTerms{ID: inbox.OfferID(id("o")), Member: m, Timeout: 10 * time.Second}
	if m == "" {
		terms.Team = "billing"
	}
	by := inbox.Command{By: workspace.Actor{Kind: workspace.ActorMember, ID: string(c.Assignee)}, At: c.Changed.At.Add(time.Second), Note: "for you"}
	return moving(c, inbox.MakeOffer(c, terms, by))
}

// moving is the change that commits m, a step from c.
func moving(c inbox.Conversation, m inbox.Move) commit.Change {
	m.Event.ID = inbox.EventID(id("e"))
	m.Follow(c)
	m.Settle(c)
	after := m.After
	m.Event.After = &after
	return commit.Change{Conversation: m.After, Guard: commit.Guard{Version: c.Version}, Event: m.Event, Loads: inbox.LoadChanges(c, m.After)}
}

// owned is a chat of m, whose load counts it.
func (d *fixture) owned(m workspace.MemberID) inbox.Conversation {
	return d.commit(takeover(d.created(), m))
}

func answering(c inbox.Conversation, m workspace.MemberID) inbox.Command {
	return inbox.Command{By: workspace.Actor{Kind: workspace.ActorMember, ID: string(m)}, At: c.Changed.At.Add(time.Second), Rules: workspace.DefaultRules()}
}

// An offer is written with the change that makes it, passes it on or ends it, and an event
// keeps it as it left it. B:T6
func offersWritten(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.commit(offering(d.owned("mia"), "noa"))
	stored := func() inbox.Offer {
		o, err := d.Offer(soon(t), d.ws, c.Offer.ID)
		require.NoError(t, err)
		return o
	}
	read := func() inbox.Conversation {
		found, err := d.Conversation(soon(t), d.ws, c.ID)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, c.Offer, stored())
	require.Equal(t, c.Offer, read().Offer)
	said := d.commit(saying(c, "still there?"))
	require.Equal(t, c.Offer, said.Offer, "a message changes no offer")
	change := moving(said, inbox.AcceptOffer(said, answering(said, "noa")))
	after := d.commit(change)
	require.Equal(t, inbox.OfferAccepted, stored().Status)
	require.Equal(t, after.Offer, stored())
	kept, err := d.Event(soon(t), d.ws, change.Event.ID)
	require.NoError(t, err)
	require.Equal(t, []inbox.Offer{after.Offer}, kept.Offers())

	again := moving(after, inbox.MakeOffer(after, inbox.OfferTerms{ID: inbox.OfferID(id("o")), Member: "mia", Timeout: time.Second}, answering(after, "noa")))
	standing := d.commit(again)
	second := moving(standing, inbox.MakeOffer(standing, inbox.OfferTerms{ID: inbox.OfferID(id("o")), Member: "zoe", Timeout: time.Second}, answering(standing, "noa")))
	d.commit(second)
	first, err := d.Offer(soon(t), d.ws, standing.Offer.ID)
	require.NoError(t, err)
	require.Equal(t, inbox.OfferSuperseded, first.Status, "a second offer ends the first in the same commit")
	_, err = d.Offer(soon(t), d.ws, "made up")
	require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
}

// Lists of offers, by party, status and time. B:T6
func offersListed(t *testing.T, open Opener) {
	d := newDesk(t, open)
	toNoa := d.commit(offering(d.owned("mia"), "noa")).Offer
	toAll := d.commit(offering(d.owned("mia"), "")).Offer
	c := d.commit(offering(d.owned("zoe"), "noa"))
	ended := d.commit(moving(c, inbox.WithdrawOffer(c, answering(c, "zoe")))).Offer
	ids := func(q desk.OfferQuery) (out []inbox.OfferID) {
		q.Workspace, q.Page.Limit = d.ws, 10
		page, err := d.ListOffers(soon(t), q)
		require.NoError(t, err)
		for _, o := range page.Items {
			out = append(out, o.ID)
		}
		return out
	}
	opened := []inbox.OfferStatus{inbox.OfferOpen}
	require.ElementsMatch(t, []inbox.OfferID{toNoa.ID, toAll.ID, ended.ID}, ids(desk.OfferQuery{}))
	require.ElementsMatch(t, []inbox.OfferID{toNoa.ID, toAll.ID}, ids(desk.OfferQuery{Statuses: opened}))
	require.ElementsMatch(t, []inbox.OfferID{toNoa.ID, toAll.ID}, ids(desk.OfferQuery{Sender: "mia"}))
	require.ElementsMatch(t, []inbox.OfferID{toNoa.ID, ended.ID}, ids(desk.OfferQuery{Member: "noa"}))
	require.ElementsMatch(t, []inbox.OfferID{toNoa.ID, toAll.ID, ended.ID}, ids(desk.OfferQuery{Member: "noa", Teams: []workspace.TeamID{"billing", "sales"}}))
	require.ElementsMatch(t, []inbox.OfferID{ended.ID}, ids(desk.OfferQuery{Member: "noa", Statuses: []inbox.OfferStatus{inbox.OfferWithdrawn}}))

	page, err := d.ListOffers(soon(t), desk.OfferQuery{Workspace: d.ws, Page: inbox.PageRequest{Limit: 2}})
	require.NoError(t, err)
	require.True(t, page.HasNext)
	last := page.Items[1]
	rest, err := d.ListOffers(soon(t), desk.OfferQuery{Workspace: d.ws, Page: inbox.PageRequest{Limit: 2, After: &inbox.PageCursor{At: last.OfferedAt, ID: string(last.ID)}}})
	require.NoError(t, err)
	require.Len(t, rest.Items, 1)

	lapsed := func(until time.Time) (out []inbox.OfferID) {
		found, err := d.LapsedOffers(soon(t), until, 100)
		require.NoError(t, err)
		for _, o := range found {
			if o.Workspace == d.ws {
				out = append(out, o.ID)
			}
		}
		return out
	}
	require.Empty(t, lapsed(toNoa.ExpiresAt.Add(-time.Millisecond)))
	require.ElementsMatch(t, []inbox.OfferID{toNoa.ID, toAll.ID}, lapsed(toNoa.ExpiresAt.Add(time.Hour)))
	require.ElementsMatch(t, []inbox.OfferID{toNoa.ID, toAll.ID}, lapsed(inbox.NotAwaiting()), "all that are open")
}

// What is reserved counts toward the cap as if it were owned, and is freed with the offer,
// in the same commit. B:T6, B:Q6
func slotsReserved(t *testing.T, open Opener) {
	d := newDesk(t, open)
	load := func(m workspace.MemberID) workspace.Load {
		all, err := d.Loads(soon(t), d.ws, []workspace.MemberID{m})
		require.NoError(t, err)
		return all[m]
	}
	c := d.commit(offering(d.owned("mia"), "noa"))
	require.Equal(t, workspace.Load{Livechats: 1}, load("mia"), "the sender's slot is not free")
	require.Equal(t, workspace.Load{ReservedLivechats: 1}, load("noa"))
	capped := takeover(d.created(), "noa")
	capped.Loads[0].Cap, capped.Loads[0].Counted = 1, []workspace.Kind{workspace.Livechat}
	require.ErrorIs(t, d.Commit(soon(t), capped), commit.ErrAtCap)

	second := offering(d.owned("mia"), "noa")
	for i := range second.Loads {
		second.Loads[i].Cap, second.Loads[i].Counted = 1, []workspace.Kind{workspace.Livechat}
	}
	require.ErrorIs(t, d.Commit(soon(t), second), commit.ErrAtCap, "nor is a second slot reserved by the rules")

	d.commit(moving(c, inbox.AcceptOffer(c, answering(c, "noa"))))
	require.Equal(t, workspace.Load{Livechats: 1}, load("noa"))
	require.Equal(t, workspace.Load{Livechats: 1}, load("mia"), "the other one is left")
	c = d.commit(offering(d.owned("zoe"), "noa"))
	require.Equal(t, workspace.Load{Livechats: 1, ReservedLivechats: 1}, load("noa"))
	d.commit(moving(c, inbox.TakeOver(c, answering(c, "noa"))))
	require.Equal(t, workspace.Load{Livechats: 2}, load("noa"), "the target takes over, and nothing is reserved any more")
	require.Equal(t, workspace.Load{}, load("zoe"))
}

// What is offered is in the lists of its two sides alone, while the offer is open. B:V1
func offersInLists(t *testing.T, open Opener) {
	d := newDesk(t, open)
	toNoa := d.commit(offering(d.owned("mia"), "noa"))
	toAll := d.commit(offering(d.owned("mia"), ""))
	d.owned("mia")
	holds := func(list access.List, m workspace.MemberID, scope workspace.Scope, exclusive bool, teams ...workspace.TeamID) (out []inbox.ConversationID) {
		r := access.VisibilityFilter{
			Member: m, Teams: teams, Scopes: map[workspace.Kind]workspace.Scope{workspace.Livechat: scope},
			OwnedExclusively: map[workspace.Kind]bool{workspace.Livechat: exclusive},
		}
		q := access.ConversationQuery{Workspace: d.ws, View: access.View{List: list}, Visibility: r, Page: inbox.PageRequest{Limit: 10}}
		page, err := d.ListConversations(soon(t), q)
		require.NoError(t, err)
		n, err := d.CountConversations(soon(t), q, 10)
		require.NoError(t, err)
		require.Len(t, page.Items, n)
		for _, c := range page.Items {
			out = append(out, c.ID)
		}
		return out
	}
	require.Equal(t, []inbox.ConversationID{toNoa.ID}, holds(access.ListOfferedToMe, "noa", workspace.ScopeOwn, true))
	require.Empty(t, holds(access.ListOfferedToMe, "noa", workspace.ScopeNone, false))
	require.Equal(t, []inbox.ConversationID{toAll.ID}, holds(access.ListOfferedToMe, "zoe", workspace.ScopeTeam, true, "billing"))
	require.Empty(t, holds(access.ListOfferedToMe, "zoe", workspace.ScopeOwn, false, "billing"))
	require.ElementsMatch(t, []inbox.ConversationID{toNoa.ID, toAll.ID}, holds(access.ListOfferedByMe, "mia", workspace.ScopeOwn, false))
	require.Empty(t, holds(access.ListAll, "noa", workspace.ScopeOwn, false))
	d.commit(moving(toNoa, inbox.AcceptOffer(toNoa, answering(toNoa, "noa"))))
	require.Empty(t, holds(access.ListOfferedToMe, "noa", workspace.ScopeAll, false))
	require.Equal(t, []inbox.ConversationID{toAll.ID}, holds(access.ListOfferedByMe, "mia", workspace.ScopeAll, false))
}
