package blackbox_test

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// offerLife is how long each of the killedOffers stands, and lastSecond how long before the
// first of them expires the server is killed.
const (
	killedOffers = 100
	offerLife    = 20 * time.Second
	lastSecond   = time.Second
)

// The server that ends offers for all is killed a second before many expire: another one
// ends each of them within the 8 seconds that are promised, and none before its time. The
// senders keep what they offered, and no slot stays reserved. Row 4. B:T6
func TestExpiryOutlivesItsServer(t *testing.T) {
	t.Parallel()
	h := serversOver(t, 2, staff("offered", 2, func(r *workspace.Rules) {
		r.OfferTimeout, r.TransferAcceptance = offerLife, workspace.TransferOffered
	}))
	s := h.shifts["offered"].in(t)
	chats := s.tickets(killedOffers, "offered-a")
	killed := h.holder()
	s.offerAll(killed, "offered-a", "offered-b", chats)
	first := s.firstExpiry(chats)
	<-time.After(time.Until(first.Add(-lastSecond)))
	h.servers[killed].signal(syscall.SIGKILL)
	h.servers[killed].wait()
	require.True(t, time.Now().Before(first), "it was killed before the first one expires")
	h.servers = slices.Delete(h.servers, killed, killed+1)
	var longest time.Duration
	for _, id := range chats {
		e := s.event(id, inbox.EventOfferExpired)
		o, _ := e.Offer()
		require.Equal(t, inbox.OfferExpired, o.Status)
		require.Equal(t, inbox.OfferEndedByTimer, o.Cause)
		require.EqualValues(t, "offered-a", e.To.Assignee, "the sender keeps it")
		late := e.At.Sub(o.ExpiresAt)
		require.GreaterOrEqual(t, late, time.Duration(0), "not before its time")
		longest = max(longest, late)
	}
	t.Logf("%d offers, %v behind expiresAt at most; 8s are promised", len(chats), longest)
	require.LessOrEqual(t, longest, promised(8*time.Second))
	s.log.OffersEnded = true
	s.sound()
}

// tickets are so many that a member owns.
func (s *shift) tickets(n int, owner string) (ids []string) {
	s.t.Helper()
	for i := range n {
		made := s.member(i, owner).must("createTicket", object{"subject": "Help", "contact": object{"name": "Vera"}, "to": object{"memberId": globalID("Member", owner)}})
		ids = append(ids, str(s.t, made, "conversation.id"))
	}
	return ids
}

// offerAll offers conversations of a member to another in one call to the n-th server.
func (s *shift) offerAll(n int, from, to string, ids []string) {
	s.t.Helper()
	a := s.member(n, from).do(`mutation($input: BulkInput!) { done: actOnConversations(input: $input) { done results { outcome error { message } } userErrors { message } } }`,
		object{"input": object{"selection": selected(ids), "verb": object{"transfer": object{"memberId": globalID("Member", to)}}}})
	for _, outcome := range column(s.t, a.at("done.results"), "outcome") {
		require.Equal(s.t, "OFFERED", outcome, a.text)
	}
}

// selected are conversations as a call with many names them.
func selected(ids []string) object {
	items := []any{}
	for _, id := range ids {
		items = append(items, object{"conversationId": id})
	}
	return object{"ids": items}
}

// firstExpiry is when the first of the open offers may expire.
func (s *shift) firstExpiry(ids []string) (first time.Time) {
	s.t.Helper()
	for _, id := range ids {
		o, made := s.event(id, inbox.EventOffered).Offer()
		require.True(s.t, made && o.Open())
		if first.IsZero() || o.ExpiresAt.Before(first) {
			first = o.ExpiresAt
		}
	}
	return first
}
