package resolvers_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// The whole life of an offer through the API, on both engines: it is made, seen, listed,
// told of, accepted, and over. B:T6
func TestOffers(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		c := w.owned("agent1")
		id := resolvers.ConversationID(c.ID)
		w.as("agent1").act("transferConversation", object{"conversationId": id, "to": object{"memberId": w.global("member sales1")}, "offer": true, "note": "yours?"})
		offered := w.stored(c.ID)
		offer := resolvers.GlobalID("TransferOffer", offered.Offer.ID)
		require.Equal(t, c.Epoch, offered.Epoch)
		require.Equal(t, c.Assignee, offered.Assignee)

		target, lists := w.as("sales1"), `{ mine: conversations(view: {list: OFFERED_TO_ME}) { nodes { id offer { id note status round } } }
			all: conversations { nodes { id } } counts: inboxCounts(views: [{list: OFFERED_TO_ME}, {list: OFFERED_BY_ME}]) { count } offers(side: RECEIVED) { nodes { id } } }`
		a := target.do(lists, nil)
		require.Equal(t, []string{id}, column(t, a.at("mine.nodes"), "id"))
		require.NotContains(t, column(t, a.at("all.nodes"), "id"), id)
		require.Equal(t, []string{offer}, column(t, a.at("offers.nodes"), "id"))
		require.Equal(t, "yours?", dig(t, a.at("mine.nodes").([]any)[0], "offer.note"))
		require.Equal(t, []string{id}, column(t, w.as("agent1").do(`{ conversations(view: {list: OFFERED_BY_ME}) { nodes { id } } }`, nil).at("conversations.nodes"), "id"))
		require.Equal(t, "TAKEOVER_REQUIRED", target.refusedAct("sendMessage", object{"conversationId": id, "body": "Hello"}))
		told := column(t, target.do(`{ notifications { nodes { kind } } }`, nil).at("notifications.nodes"), "kind")
		require.Contains(t, told, "OFFERED_TO_YOU")

		first := target.act("acceptOffer", object{"offerId": offer, "idempotencyKey": "k"})
		again := target.act("acceptOffer", object{"offerId": offer, "idempotencyKey": "k"})
		require.Equal(t, dig(t, first, "event.id"), dig(t, again, "event.id"))
		page, err := w.store.ListHistory(t.Context(), desk.HistoryQuery{Workspace: w.id, Conversation: c.ID, Limit: 1})
		require.NoError(t, err)
		require.Equal(t, inbox.EventTransferred, page.Items[0].Kind)
		require.Equal(t, w.member("sales1"), w.stored(c.ID).Assignee)
		require.NotContains(t, column(t, target.do(`{ notifications { nodes { kind } } }`, nil).at("notifications.nodes"), "kind"), "OFFERED_TO_YOU")
		require.Contains(t, column(t, w.as("agent1").do(`{ notifications { nodes { kind } } }`, nil).at("notifications.nodes"), "kind"), "OFFER_ENDED")
		require.Equal(t, "OFFER_SETTLED", w.as("agent1").refusedAct("withdrawOffer", object{"offerId": offer}))
		require.Empty(t, target.do(lists, nil).at("mine.nodes"))

		other := s.newSpace(t, "enterprise", nil)
		foreign := other.as("owner").do(`mutation($id: ID!) { acceptOffer(input: {offerId: $id}) { userErrors { code message } } }`, vars{"id": offer})
		madeUp := other.as("owner").do(`mutation($id: ID!) { acceptOffer(input: {offerId: $id}) { userErrors { code message } } }`, vars{"id": resolvers.GlobalID("TransferOffer", "made-up")})
		require.Equal(t, madeUp.text, foreign.text)
	})
}

// Answers, a takeover, closing and the timer at once: each offer ends once, the events have
// one owner at every version, and nothing stays reserved. B:T6
func TestOffersAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		for range 12 {
			c := w.owned("agent1")
			offer := w.offerIDOf(c.ID)
			do := []func() error{
				func() error { return second(w.service.Desk.AcceptOffer(t.Context(), w.principal("agent2"), offer, "")) },
				func() error {
					return second(w.service.Desk.DeclineOffer(t.Context(), w.principal("agent2"), offer, desk.Declining{Reason: "no"}))
				},
				func() error {
					return second(w.service.Desk.WithdrawOffer(t.Context(), w.principal("agent1"), offer, ""))
				},
				func() error {
					return second(w.service.Desk.TakeOver(t.Context(), w.principal("senior"), desk.Request{Conversation: c.ID}, nil, ""))
				},
				func() error {
					return second(w.service.Desk.Close(t.Context(), w.principal("agent1"), desk.Request{Conversation: c.ID}, desk.Closing{}))
				},
			}
			errs := make([]error, len(do))
			var running sync.WaitGroup
			for i, f := range do {
				running.Go(func() { errs[i] = f() })
			}
			running.Wait()
			for _, err := range errs {
				require.Contains(t, []inbox.Code{"", inbox.OfferSettled, inbox.Conflict, inbox.NotAssignee, inbox.ConversationClosed, inbox.AlreadyAssigned, inbox.AccessLost, inbox.PermissionDenied, inbox.NotAssigned}, inbox.CodeOf(err), "%v", err)
			}
			ended, err := w.store.Offer(t.Context(), w.id, offer)
			require.NoError(t, err)
			require.False(t, ended.Open())
			page, err := w.store.ListHistory(t.Context(), desk.HistoryQuery{Workspace: w.id, Conversation: c.ID, Limit: 50})
			require.NoError(t, err)
			finals := 0
			for i, e := range page.Items {
				require.Equal(t, page.Items[0].Version-i, e.Version)
				for _, o := range e.Offers() {
					if o.ID == offer && !o.Open() {
						finals++
					}
				}
			}
			require.Equal(t, 1, finals)
		}
		for _, who := range []string{"agent1", "agent2", "senior"} {
			loads, err := w.store.Loads(t.Context(), w.id, []workspace.MemberID{w.member(who)})
			require.NoError(t, err)
			require.Zero(t, loads[w.member(who)].Reserved(), who)
		}
	})
}

func second(_ desk.Outcome, err error) error { return err }

// offerIDOf offers a chat of agent1 to agent2.
func (w *space) offerIDOf(c inbox.ConversationID) inbox.OfferID {
	w.t.Helper()
	yes := true
	out, err := w.service.Desk.TransferAs(w.t.Context(), w.principal("agent1"), desk.Request{Conversation: c}, access.Owner{Member: w.member("agent2")}, "", desk.OfferWish{Offer: &yes, Timeout: time.Minute})
	require.NoError(w.t, err)
	return out.Conversation.Offer.ID
}

// A repeat of a verb on a conversation that is out of sight by now shows what the verb
// left, and nothing that happened since. B:Z2
func TestARepeatShowsNothingOfNow(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", func(d *workspace.Directory) { d.Workspace.Rules.Visibility = workspace.VisibleExclusive })
		c := w.owned("agent1")
		id := resolvers.ConversationID(c.ID)
		transfer := object{"conversationId": id, "to": object{"memberId": w.global("member sales1")}, "idempotencyKey": "k"}
		send := vars{"i": object{"conversationId": id, "body": "One moment", "idempotencyKey": "s"}}
		const sending = `mutation($i: SendMessageInput!) { sendMessage(input: $i) { message { id } conversation { status version assignee { id } } } }`
		said := w.as("agent1").do(sending, send)
		first := w.as("agent1").act("transferConversation", transfer)
		to := "UNSET"
		if w.stored(c.ID).Status == inbox.Unset {
			to = "OPEN"
		}
		w.as("sales1").act("setConversationStatus", object{"conversationId": id, "status": to})
		again := w.as("agent1").do(`mutation($i: TransferConversationInput!) { transferConversation(input: $i) { conversation { status version assignee { id } } event { id } } }`, vars{"i": transfer})
		require.Equal(t, dig(t, first, "event.id"), again.at("transferConversation.event.id"))
		require.NotEqual(t, to, again.at("transferConversation.conversation.status"))
		require.Equal(t, dig(t, first, "conversation.version"), again.at("transferConversation.conversation.version"))
		require.Equal(t, said.text, w.as("agent1").do(sending, send).text)
	})
}
