package histcheck_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/internal/histcheck"
)

// offered is a history in which offers are accepted, declined, and open at the end.
func offered(t *testing.T) histcheck.History {
	return historyOf(t, func(f *floor) []inbox.ConversationID {
		chats := f.play()
		for n, answer := range []func(inbox.Offer){f.accept, f.decline, func(inbox.Offer) {}} {
			answer(f.offer(chats[2+n]))
		}
		return chats
	})
}

// offer offers a chat to cid.
func (f *floor) offer(chat inbox.ConversationID) inbox.Offer {
	f.own(chat)
	yes := true
	wish := desk.OfferWish{Offer: &yes}
	ctx, to := f.t.Context(), access.Owner{Member: "cid"}
	out := f.must(f.Desk.TransferAs(ctx, as("ann"), desk.Request{Conversation: chat}, to, "", wish))
	require.True(f.t, out.Conversation.Offer.Open())
	return out.Conversation.Offer
}

// own gives a chat to ann.
func (f *floor) own(chat inbox.ConversationID) {
	c, err := f.Reader.Conversation(f.t.Context(), as("ann"), chat)
	require.NoError(f.t, err)
	switch c.Assignee {
	case "ann":
	case "":
		f.must(f.Desk.Claim(f.t.Context(), as("ann"), desk.Request{Conversation: chat}))
	default:
		f.must(f.Desk.TakeOver(f.t.Context(), as("ann"), desk.Request{Conversation: chat}, nil, ""))
	}
}

func (f *floor) accept(o inbox.Offer) { f.must(f.Desk.AcceptOffer(f.t.Context(), as("cid"), o.ID, "")) }

func (f *floor) decline(o inbox.Offer) {
	f.must(f.Desk.DeclineOffer(f.t.Context(), as("cid"), o.ID, desk.Declining{Reason: "busy"}))
}

// What is offered is counted as reserved, and each planted fault of an offer is found. B:T6
func TestAHistoryWithOffers(t *testing.T) {
	good := offered(t)
	require.Empty(t, good.Check())
	require.Equal(t, 1, good.Loads["cid"].Reserved())
	for name, c := range map[string]struct {
		plant func(h *histcheck.History)
		want  histcheck.Rule
	}{
		"a slot that nobody counted": {func(h *histcheck.History) {
			l := h.Loads["cid"]
			l.ReservedLivechats = 0
			h.Loads["cid"] = l
		}, histcheck.Reserved},
		"an end that is not stored": {func(h *histcheck.History) {
			i := slices.IndexFunc(h.Conversations, func(c inbox.Conversation) bool { return c.Offer.Open() })
			h.Conversations[i].Offer.Status = inbox.OfferExpired
		}, histcheck.Stored},
		"an offer without an end": {func(h *histcheck.History) { h.OffersEnded = true }, histcheck.Settled},
		"an offer that goes on": {func(h *histcheck.History) {
			i := find(t, h, 0, func(e inbox.Event) bool { return e.Kind == inbox.EventOfferDeclined })
			late := find(t, h, 2, func(e inbox.Event) bool { return e.Kind == inbox.EventOffered })
			after := *h.Events[late].After
			after.Offer.ID = h.Events[i].After.Offer.ID
			h.Events[late].After = &after
		}, histcheck.Settled},
	} {
		t.Run(name, func(t *testing.T) {
			h := offered(t)
			c.plant(&h)
			require.Contains(t, rulesOf(h.Check()), c.want)
		})
	}
}

func rulesOf(faults []histcheck.Fault) (out []histcheck.Rule) {
	for _, f := range faults {
		out = append(out, f.Rule)
	}
	return out
}
