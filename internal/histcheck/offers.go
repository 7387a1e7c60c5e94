package histcheck

import (
	"fmt"
	"maps"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// The rules of offers.
const (
	// Settled: an offer has no final state, two of them, or goes on behind one; or a
	// conversation has two offers at a time.
	Settled Rule = "OFFER_SETTLED"
	// Reserved: the slots that are counted as reserved are not those of open offers.
	Reserved Rule = "RESERVED"
)

// OfferStep is what one event did to one offer.
type OfferStep struct {
	Event        inbox.EventID
	Conversation inbox.ConversationID
	Offer        string
	// Open says that the offer can be accepted after the step; Status is its state, such as
	// DECLINED.
	Open   bool
	Status string
	// Holds is the member for whom a slot is reserved after the step; empty for none.
	Holds workspace.MemberID
}

// stepsOf are what e did to offers.
func stepsOf(e inbox.Event) []OfferStep {
	var out []OfferStep
	for _, o := range e.Offers() {
		s := OfferStep{
			Event: e.ID, Conversation: e.Conversation, Offer: string(o.ID), Open: o.Open(), Status: string(o.Status),
		}
		if s.Open {
			s.Holds = o.Member
		}
		out = append(out, s)
	}
	return out
}

// Offers gives everything that is wrong with the offers of a workspace: steps are all of
// their steps in commit order, and reserved the slots that are counted at the end. An offer
// may be open at the end only if open says so. B:T6
func Offers(steps []OfferStep, reserved map[workspace.MemberID]int, open bool) []Fault {
	o := newOffers()
	for _, s := range steps {
		o.step(s)
	}
	o.settled(open)
	o.counted(reserved)
	return o.faults
}

// offers replays their steps.
type offers struct {
	last    map[string]OfferStep
	present map[inbox.ConversationID]string // the open offer of each conversation
	faults  []Fault
}

func newOffers() offers {
	return offers{last: map[string]OfferStep{}, present: map[inbox.ConversationID]string{}}
}

// offered replays what e did to offers.
func (c *checker) offered(e inbox.Event) {
	for _, s := range stepsOf(e) {
		c.offers.step(s)
	}
	c.tellOffers()
}

// reservations compares the reserved slots that are counted at the end with the offers.
func (c *checker) reservations() {
	reserved := map[workspace.MemberID]int{}
	for m, l := range c.Loads {
		reserved[m] = l.Reserved()
	}
	c.offers.counted(reserved)
	if c.OffersEnded {
		c.offers.settled(false)
	}
	c.tellOffers()
}

// tellOffers takes over what was found.
func (c *checker) tellOffers() {
	c.faults = append(c.faults, c.offers.faults...)
	c.offers.faults = nil
}

func (o *offers) fault(rule Rule, s OfferStep, format string, args ...any) {
	o.faults = append(o.faults, Fault{Rule: rule, Conversation: s.Conversation, Event: s.Event, Text: fmt.Sprintf(format, args...)})
}

func (o *offers) step(s OfferStep) {
	if before, known := o.last[s.Offer]; known && !before.Open {
		o.fault(Settled, s, "offer %q is %s, and was %s before by event %q", s.Offer, s.Status, before.Status, before.Event)
	}
	if present := o.present[s.Conversation]; s.Open && present != "" && present != s.Offer {
		o.fault(Settled, s, "offer %q is made while %q stands", s.Offer, present)
	}
	if !s.Open && s.Holds != "" {
		o.fault(Reserved, s, "offer %q is %s, and holds a slot of %q", s.Offer, s.Status, s.Holds)
	}
	o.last[s.Offer] = s
	switch {
	case s.Open:
		o.present[s.Conversation] = s.Offer
	case o.present[s.Conversation] == s.Offer:
		delete(o.present, s.Conversation)
	}
}

// settled checks that every offer came to an end.
func (o *offers) settled(open bool) {
	for _, id := range slices.Sorted(maps.Keys(o.last)) {
		if s := o.last[id]; s.Open && !open {
			o.fault(Settled, s, "offer %q has no final state", id)
		}
	}
}

// counted compares the reserved slots with the offers that hold them.
func (o *offers) counted(reserved map[workspace.MemberID]int) {
	held := map[workspace.MemberID]int{}
	for _, s := range o.last {
		if s.Open && s.Holds != "" {
			held[s.Holds]++
		}
	}
	members := maps.Clone(held)
	maps.Copy(members, reserved)
	for _, m := range slices.Sorted(maps.Keys(members)) {
		if held[m] != reserved[m] {
			o.fault(Reserved, OfferStep{}, "%q has %d slots reserved by offers, and %d are counted", m, held[m], reserved[m])
		}
	}
}
