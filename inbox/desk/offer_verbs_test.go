package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// standing is a chat of mine that is offered to a teammate.
func standing() inbox.Conversation {
	c := world.Owned(world.NewConversation(workspace.Livechat), world.Me, world.Billing)
	before := command()
	before.At = before.At.Add(-time.Second)
	return inbox.MakeOffer(c, inbox.OfferTerms{ID: "old", Member: world.Mate, Timeout: time.Minute}, before).After
}

// Every verb and step either leaves an open offer as it is or ends it, in its own change. B:T6
func TestWhatEndsAnOffer(t *testing.T) {
	rows := map[string]world.Row{}
	for _, r := range world.ReadTable(t, "offers.csv") {
		rows[r.Get(t, "verb")] = r
	}
	walked := 0
	for _, v := range declarations() {
		if slices.Contains(readsOnly(), v.Action) || v.Action == access.StepCreate || v.Action == inbox.ActionStartNew {
			continue
		}
		walked++
		r, known := rows[string(v.Action)]
		require.True(t, known, "%s has no row in offers.csv", v.Action)
		before := standing()
		m := v.Apply(before, command(), access.Choice{
			To: access.Target{Member: world.Senior}, Status: inbox.Unset, Messages: []inbox.Message{{}}, Event: inbox.Event{From: inbox.Ownership{Status: inbox.Open}},
			Offer: inbox.OfferTerms{ID: "new", Member: world.Senior, Timeout: time.Minute}, Cause: inbox.OfferEndCause(r.Get(t, "cause")),
		})
		status, cause := string(m.After.Offer.Status), string(m.After.Offer.Cause)
		if m.After.Offer.ID == "new" {
			status = "NEW"
		}
		if cause == "" {
			cause = "-"
		}
		require.Equal(t, r.Get(t, "offer"), status, r)
		require.Equal(t, r.Get(t, "cause"), cause, r)
		require.Equal(t, r.Get(t, "epoch"), map[bool]string{true: "=", false: fmt.Sprintf("%+d", m.After.Epoch-before.Epoch)}[m.After.Epoch == before.Epoch], r)
		if m.Event.Type == inbox.OwnershipEvent {
			require.Equal(t, before.Version+1, m.After.Version, r)
		}
		requireOneEnd(t, before, m)
	}
	require.Len(t, rows, walked)
}

// requireOneEnd demands that the event says how the old offer ended, once, if it did.
func requireOneEnd(t *testing.T, before inbox.Conversation, m inbox.Move) {
	t.Helper()
	e := m.Event
	e.After, e.Was = &m.After, &inbox.Past{Offer: before.Offer}
	ends := slices.DeleteFunc(e.Offers(), func(o inbox.Offer) bool { return o.ID != "old" || o.Open() })
	stands := m.After.Offer.ID == "old" && m.After.Offer.Open()
	require.Len(t, ends, map[bool]int{true: 0, false: 1}[stands], e.Kind)
	for _, l := range inbox.LoadChanges(before, m.After) {
		require.NotEqual(t, 1, l.Reserved*l.Delta, e.Kind)
	}
}
