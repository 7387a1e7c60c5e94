package resolvers_test

import (
	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/resolvers"
)

// offer makes an offer of agent1, and returns its id: of a chat to agent2, or of a ticket to
// all of a team.
func (w *space) offer(team string) string {
	w.t.Helper()
	if team != "" {
		return w.offerOf(w.ticket("agent1").ID, "agent1", access.Owner{Team: w.team(team)})
	}
	return w.offerOf(w.owned("agent1").ID, "agent1", access.Owner{Member: w.member("agent2")})
}

// openOffer is an offer of agent1 that is open; one is made when there is none.
func (w *space) openOffer() string {
	w.t.Helper()
	open, err := w.service.Reader.Offers(w.t.Context(), w.principal("agent1"), access.OffersSent, []inbox.OfferStatus{inbox.OfferOpen}, inbox.PageRequest{Limit: 1})
	require.NoError(w.t, err)
	if len(open.Items) > 0 {
		return resolvers.GlobalID("TransferOffer", open.Items[0].ID)
	}
	return w.offer("")
}

// offerOf offers a conversation of who, with a note that others may not read.
func (w *space) offerOf(c inbox.ConversationID, who string, to access.Owner) string {
	w.t.Helper()
	yes := true
	out, err := w.service.Desk.TransferAs(w.t.Context(), w.principal(who), desk.Request{Conversation: c}, to, "SECRET-NOTE", desk.OfferWish{Offer: &yes})
	require.NoError(w.t, err)
	return resolvers.GlobalID("TransferOffer", out.Conversation.Offer.ID)
}
