package inbox

import (
	"fmt"
	"math"
	"time"

	"switchboard/inbox/workspace"
)

// NotificationKind is the subject of a notification.
type NotificationKind string

// The kinds of notification.
const (
	// NotifyAssigned notifies a member to whom another person or the rules assigned
	// a conversation.
	NotifyAssigned NotificationKind = "ASSIGNED"
	// NotifyTransferred notifies a member to whom the assignee passed one on.
	NotifyTransferred NotificationKind = "TRANSFERRED_TO_YOU"
	// NotifyTakenOver notifies a member who lost one through another's act, unless
	// it was closed. B:K1.
	NotifyTakenOver NotificationKind = "TAKEN_OVER_FROM_YOU"
	// NotifyReclaimed notifies a member from whom the rules took one, because the
	// contact waited. B:R1.
	NotifyReclaimed NotificationKind = "RECLAIMED_FROM_YOU"
	// NotifyUnanswered notifies the members who may assign any conversation of the
	// kind that a contact still waits, after the rules took it back as often as they
	// may. B:R1.
	NotifyUnanswered NotificationKind = "UNANSWERED"
	// NotifyOffered asks a member to accept a transfer, NotifyOfferedToTeam the members of
	// a team who may claim there. Both go away when the offer ends. B:T6.
	NotifyOffered       NotificationKind = "OFFERED_TO_YOU"
	NotifyOfferedToTeam NotificationKind = "OFFERED_TO_YOUR_TEAM"
	// NotifyOfferEnded notifies the sender of the end of an offer. B:T6.
	NotifyOfferEnded NotificationKind = "OFFER_ENDED"
	// NotifyUpForGrabs notifies every member who may claim a conversation that its
	// owner left, or that waits for no team. B:L1.
	NotifyUpForGrabs NotificationKind = "UP_FOR_GRABS"
	// NotifyInbound announces a contact's message: to the assignee, or to the
	// members in whose queue the conversation waits. B:S2.
	NotifyInbound NotificationKind = "INBOUND_MESSAGE"
	// NotifyQueued notifies the team in whose queue a conversation begins to wait.
	NotifyQueued NotificationKind = "QUEUED_IN_YOUR_TEAM"
	// NotifyWoken notifies the owner of a conversation that slept and woke, also if it
	// went to the queue because the owner was not there.
	NotifyWoken NotificationKind = "WOKEN"
	// NotifyClosed notifies the owner of a conversation that somebody else closed:
	// a colleague, the contact, an API key or the system. B:C1.
	NotifyClosed NotificationKind = "CLOSED_BY_OTHER"
)

// Unsequenced is the place of a notification that no list showed yet. It is above all
// others.
const Unsequenced = math.MaxInt64

// Notification is something that members should see, sent once to an audience: one
// member, or all members who may claim. It follows from one event, and so does its
// id, so that sending it again changes nothing.
type Notification struct {
	ID           NotificationID
	Workspace    workspace.WorkspaceID
	Kind         NotificationKind
	Audience     Audience
	Conversation ConversationID
	// Event is the cause of the notification, Actor the author of the event.
	Event EventID
	Actor workspace.Actor
	// Except are members of the audience who are not notified: the actor, and
	// members who receive another notification of the event.
	Except []workspace.MemberID
	At     time.Time
	// Sequence is its place in the list, and read marks refer to it: a notification
	// that is committed after a member saw the list gets a higher place than all in
	// that list, even if clocks differ. Those of one place are ordered by time. It
	// is Unplaced for a notification that no list showed yet, and 0 for one that
	// was stored before there were places.
	Sequence int
	// Over says that its ground is gone: the owner answered, or it is closed or
	// somebody else's. It counts as read.
	Over bool
	// Claimable says that the conversation can be claimed. Such a notification goes
	// away for everybody once somebody has the conversation.
	Claimable bool
	// Bulk is the call with many conversations that it sums up, and Conversation and Event
	// are the newest of it; empty for a notification of one event. B:G1
	Bulk BulkID
	// Count is how many conversations it is about: of a Claimable one, those that still
	// wait to be claimed. 1 for a notification of one event.
	Count int
}

// NotificationsOf returns the notifications of e: at most one for each person.
// Stores write them with the event, and live streams deliver them; both derive them
// here.
func NotificationsOf(e Event) []Notification {
	if e.After == nil {
		return nil
	}
	n := notifier{e: e}
	n.unanswered()
	n.offered()
	n.gained()
	n.lost()
	n.offerEnded()
	n.announced()
	if len(n.out) == 0 {
		n.inbound()
	}
	return n.out
}

// notifier collects the notifications of one event.
type notifier struct {
	e   Event
	out []Notification
}

func (n *notifier) add(kind NotificationKind, to Audience, claimable bool) {
	e := n.e
	out := Notification{
		ID: NotificationID(fmt.Sprintf("%s-%s", e.ID, kind)), Workspace: e.Workspace, Kind: kind, Audience: to, Conversation: e.Conversation,
		Event: e.ID, Actor: e.Actor, At: e.At, Claimable: claimable, Count: 1,
	}
	if e.Bulk != "" {
		out.Bulk, out.ID = e.Bulk, digestID(e.Bulk, kind, to)
	}
	if m := e.Actor.Member(); m != "" {
		out.Except = append(out.Except, m)
	}
	n.out = append(n.out, out)
}

// unanswered notifies the members who may give the conversation to somebody else.
func (n *notifier) unanswered() {
	if n.e.Kind == EventUnanswered {
		n.add(NotifyUnanswered, ToAssigners(n.e.After.Kind), false)
	}
}

// gained notifies the new owner, unless the owner is the actor.
func (n *notifier) gained() {
	to := n.e.To.Assignee
	switch {
	case to == "" || to == n.e.From.Assignee || to == n.e.Actor.Member():
	case n.e.Kind == EventTransferred:
		n.add(NotifyTransferred, ToMember(to), false)
	default:
		n.add(NotifyAssigned, ToMember(to), false)
	}
}

// lost notifies the former owner, unless the owner is the actor.
func (n *notifier) lost() {
	from := n.e.From.Assignee
	switch {
	case from == "" || from == n.e.Actor.Member():
	case n.e.Kind == EventClosed:
		n.add(NotifyClosed, ToMember(from), false)
	case n.e.Kind.OfOffer() || n.e.accepts():
		// offerEnded says so
	case n.e.Kind == EventReclaimed:
		n.add(NotifyReclaimed, ToMember(from), false)
	case n.e.Kind == EventWoken:
		n.add(NotifyWoken, ToMember(from), false)
	case from != n.e.To.Assignee && n.e.To.Status != Closed:
		n.add(NotifyTakenOver, ToMember(from), false)
	}
}

// announced notifies the members who may claim a conversation that begins to wait,
// except the one who is notified of losing it.
func (n *notifier) announced() {
	e, c := n.e, *n.e.After
	if e.To.Announced == "" || e.From.AnnouncedIn == e.To.AnnouncedIn {
		return
	}
	told := len(n.out) > 0
	n.add(e.To.Announced, c.announcedTo(e.To), true)
	last := &n.out[len(n.out)-1]
	last.ID = c.announcement(e.To)
	if told && e.Bulk == "" {
		last.Except = append(last.Except, e.From.Assignee)
	}
}

// inbound announces the contact's message. While the AI agent answers, it notifies
// nobody.
func (n *notifier) inbound() {
	c := *n.e.After
	if _, ok := n.e.inboundMessage(); !ok {
		return
	}
	switch {
	case c.Owned():
		n.add(NotifyInbound, ToMember(c.Assignee), false)
	case c.Waiting() && c.Team != "":
		n.add(NotifyInbound, ToTeam(c.Kind, c.Team), true)
	case c.Waiting():
		n.add(NotifyInbound, ToClaimers(c.Kind, ""), true)
	}
}

// inboundMessage is the contact's message that e wrote, if any.
func (e Event) inboundMessage() (Message, bool) {
	for _, m := range e.Messages {
		if m.Author.Kind == workspace.ActorContact && !m.Internal {
			return m, true
		}
	}
	return Message{}, false
}

// Message returns the message that a notification of kind NotifyInbound is about,
// from its event, and the one that woke a sleeper.
func (n Notification) Message(e Event) (Message, bool) {
	if n.Kind != NotifyInbound && n.Kind != NotifyWoken {
		return Message{}, false
	}
	return e.inboundMessage()
}
