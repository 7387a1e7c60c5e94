package inbox

import (
	"fmt"
	"slices"

	"switchboard/inbox/workspace"
)

// accepts reports whether e is the acceptance of an offer.
func (e Event) accepts() bool {
	o, ok := e.Offer()
	return ok && o.Status == OfferAccepted
}

// invitation is the notification that asks the target of an open offer, without what
// follows from its event. All of a call that ask the same people are one digest.
func (o Offer) invitation(kind workspace.Kind) Notification {
	n := Notification{Kind: NotifyOffered, Audience: ToMember(o.Member), Bulk: o.Bulk}
	people := n.Audience
	if o.Claimable() {
		n.Kind, n.Audience, n.Claimable = NotifyOfferedToTeam, ToTeam(kind, o.Team), true
		people = Audience(fmt.Sprint(n.Audience, " but ", o.Sender))
	}
	if n.IsDigest() {
		n.ID = digestID(o.Bulk, n.Kind, people)
		return n
	}
	n.ID = NotificationID(fmt.Sprintf("%s-%d-%s", o.ID, o.Round, n.Kind))
	return n
}

// offered asks the target of an offer that is made or passed on.
func (n *notifier) offered() {
	o, ok := n.e.Offer()
	if !ok || !o.Open() || n.e.declinesForOneself() {
		return
	}
	asks := o.invitation(n.e.After.Kind)
	n.add(asks.Kind, asks.Audience, asks.Claimable)
	last := &n.out[len(n.out)-1]
	last.ID, last.Bulk = asks.ID, asks.Bulk
	if o.Claimable() && !slices.Contains(last.Except, o.Sender) {
		last.Except = append(last.Except, o.Sender)
	}
}

// offerEnded notifies the sender of an offer, unless the sender ended it or is notified of
// what did.
func (n *notifier) offerEnded() {
	for _, o := range n.e.Offers() {
		told := slices.ContainsFunc(n.out, func(x Notification) bool { return x.Audience == ToMember(o.Sender) })
		if !o.Open() && o.Sender != n.e.Actor.Member() && !told {
			n.add(NotifyOfferEnded, ToMember(o.Sender), false)
		}
	}
}

// declinesForOneself reports whether the actor of e declined an offer that still asks the
// others of a team.
func (e Event) declinesForOneself() bool {
	if e.After == nil || e.Type != OwnershipEvent {
		return false
	}
	before, _ := e.Before()
	return before.Offer.stands(e.After.Offer)
}

// TakenBack is the notification that e takes back for its actor alone, who declined an offer
// that still asks the others of a team. The notification stays there for them. A digest stays
// for the actor as well, whom the other offers of it may ask. B:T6
func TakenBack(e Event) (n Notification, ok bool) {
	if !e.declinesForOneself() {
		return Notification{}, false
	}
	before, _ := e.Before()
	n = before.Offer.invitation(e.After.Kind).of(e)
	return n, !n.IsDigest()
}

// of completes n with what follows from its event.
func (n Notification) of(e Event) Notification {
	n.Workspace, n.Conversation, n.Event, n.Actor, n.At = e.Workspace, e.Conversation, e.ID, e.Actor, e.At
	return n
}

// Passes reports whether the notification goes away for everybody with its ground: one that
// can be claimed, and one that asks a member to accept.
func (n Notification) Passes() bool { return n.Claimable || n.Kind == NotifyOffered }

// Withdrawn is the notification that e takes back for everybody: the announcement of a
// conversation, because somebody has it or it no longer waits there, or an offer that is
// no longer open to whom it asked. No event takes back both. All other notifications of
// the conversation that pass go with it. Of a digest it takes this conversation away: the
// digest itself goes with the last one that can be claimed.
func Withdrawn(e Event) (n Notification, ok bool) {
	if e.After == nil {
		return Notification{}, false
	}
	switch offered, _ := e.Before(); {
	case e.From.Announced != "" && e.From.AnnouncedIn != e.To.AnnouncedIn:
		n = Notification{
			ID: e.After.announcement(e.From), Kind: e.From.Announced, Audience: ToClaimers(e.After.Kind, e.From.Team),
			Bulk: e.From.AnnouncedBy,
		}
	case offered.Offer.Open() && !offered.Offer.Same(e.After.Offer) && !offered.Offer.stands(e.After.Offer) && e.Type == OwnershipEvent:
		n = offered.Offer.invitation(e.After.Kind)
		n.Claimable = false
	default:
		return Notification{}, false
	}
	return n.of(e), true
}
