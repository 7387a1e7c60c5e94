package histcheck

import (
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// History is the record of a workspace: its events, the results that clients
// received, and the database at the end. Nothing may be committed meanwhile.
type History struct {
	// Start is the directory as it was before the first event.
	Start *workspace.Directory
	// Events are all events of the workspace in commit order, as a feed gives
	// them, from before the first conversation was created.
	Events []inbox.Event
	// Next is the position behind the events, where reading can go on.
	Next string
	// Acknowledged are the events whose commit was confirmed to clients, and Said the
	// messages.
	Acknowledged []inbox.EventID
	Said         []inbox.MessageID
	// Conversations and Loads are the stored ones at the end.
	Conversations []inbox.Conversation
	Loads         map[workspace.MemberID]workspace.Load
	// Digests are the stored notifications that sum up calls with many conversations.
	Digests map[inbox.NotificationID]inbox.Notification
	// End is when the events were read, by the clock that stamped them.
	End time.Time
	// Patience is how long somebody may wait while members have slots for them and
	// for all before them in the line; zero leaves that unchecked.
	Patience time.Duration
	// OffersEnded demands that no offer is open at the end, and no slot reserved.
	OffersEnded bool
	// Policy decides which members may own which conversations, and which methods
	// the plan includes.
	Policy access.Authorizer
}

// Rule is the rule that a Fault breaks.
type Rule string

// The rules.
const (
	// Gap: versions of a conversation do not follow one another from 1.
	Gap Rule = "VERSION_GAP"
	// Chain: an event does not begin where the one before ended.
	Chain Rule = "BROKEN_CHAIN"
	// Epoch: the epoch grew without a change of owner, or did not with one.
	Epoch Rule = "EPOCH"
	// Snapshot: an event's state of the conversation after it is wrong.
	Snapshot Rule = "SNAPSHOT"
	// Stored: a conversation is not stored as its last event left it.
	Stored Rule = "STORED"
	// Repeated: an event, or an idempotency key, is there twice.
	Repeated Rule = "REPEATED"
	// Lost: an event that was confirmed to a client is missing.
	Lost Rule = "LOST"
	// Cap: the rules gave a member more than the cap allows.
	Cap Rule = "CAP"
	// Count: a load counter differs from a recount.
	Count Rule = "LOAD_COUNT"
	// Order: revisions do not grow, or messages are not numbered one after the other.
	Order Rule = "ORDER"
	// Waiting: somebody waited too long while a member was free.
	Waiting Rule = "WAITING"
	// Answered: the rules took back what was answered, or it lost the age of its wait.
	Answered Rule = "ANSWERED"
	// Early: the rules took something back before its owner had the time of the rule.
	Early Rule = "EARLY"
	// Place: a conversation has neither an owner nor a place in a queue, or both.
	Place Rule = "PLACE"
)

// Fault is one thing that is wrong.
type Fault struct {
	Rule         Rule
	Conversation inbox.ConversationID
	Event        inbox.EventID
	Text         string
}

func (f Fault) String() string {
	return fmt.Sprintf("%s in conversation %q, event %q: %s", f.Rule, f.Conversation, f.Event, f.Text)
}

// Check gives everything that is wrong with h, in the order of the events; none
// when all is well.
func (h History) Check() []Fault { return h.replay().faults }

// LongestWait is the longest that anybody waited while members had slots for them
// and for all before them in the line.
func (h History) LongestWait() time.Duration { return h.replay().longest }

func (h History) replay() *checker {
	c := &checker{
		History: h, directory: h.Start.Remembering(), last: map[inbox.ConversationID]inbox.Event{},
		ids: map[inbox.EventID]int{}, keys: map[key]inbox.EventID{}, loads: map[workspace.MemberID]workspace.Load{},
		automatic: map[workspace.MemberID]int{}, queues: map[inbox.Queue]*line{},
		counts: map[inbox.ConversationID]counts{}, contacts: map[inbox.ConversationID]contact{},
		said: map[inbox.MessageID]int{}, offers: newOffers(), digests: digests{},
	}
	for _, e := range h.Events {
		c.event(e)
	}
	c.end()
	return c
}

// key identifies an idempotency key of an actor.
type key struct {
	actor workspace.Actor
	key   string
}

// checker replays a history.
type checker struct {
	History
	directory *workspace.Directory
	now       time.Time // the latest stamp so far
	last      map[inbox.ConversationID]inbox.Event
	ids       map[inbox.EventID]int
	keys      map[key]inbox.EventID
	loads     map[workspace.MemberID]workspace.Load
	automatic map[workspace.MemberID]int // chats that the rules gave and that count still
	queues    map[inbox.Queue]*line
	counts    map[inbox.ConversationID]counts
	contacts  map[inbox.ConversationID]contact
	said      map[inbox.MessageID]int
	offers    offers
	digests   digests
	faults    []Fault
	longest   time.Duration
}

func (c *checker) fault(rule Rule, e inbox.Event, format string, args ...any) {
	c.faults = append(c.faults, Fault{Rule: rule, Conversation: e.Conversation, Event: e.ID, Text: fmt.Sprintf(format, args...)})
}

func (c *checker) event(e inbox.Event) {
	if e.At.After(c.now) {
		c.now = e.At
	}
	c.tooLong(e)
	c.once(e)
	c.ordered(e)
	c.answered(e)
	c.placed(e)
	c.digests.announced(e)
	switch {
	case e.Type == inbox.DirectoryEvent && e.Directory != nil:
		c.directory = c.directory.With(*e.Directory)
	case e.Type == inbox.OwnershipEvent:
		c.ownership(e)
	}
	c.observeQueues()
}

// once checks that neither the event nor its key was there before.
func (c *checker) once(e inbox.Event) {
	if c.ids[e.ID]++; c.ids[e.ID] > 1 {
		c.fault(Repeated, e, "the event is there %d times", c.ids[e.ID])
	}
	for _, m := range e.Messages {
		c.said[m.ID]++
	}
	if e.Key.Key == "" {
		return
	}
	k := key{e.Key.Actor, e.Key.Key}
	if first, used := c.keys[k]; used {
		c.fault(Repeated, e, "the idempotency key %q made event %q before", e.Key.Key, first)
	}
	c.keys[k] = e.ID
}

// end compares the stored state with the replayed one.
func (c *checker) end() {
	if c.End.After(c.now) {
		c.now = c.End
	}
	c.tooLong(inbox.Event{})
	for _, id := range c.Acknowledged {
		if c.ids[id] == 0 {
			c.fault(Lost, inbox.Event{ID: id}, "an event was confirmed to a client and is missing")
		}
	}
	for _, id := range c.Said {
		if c.said[id] != 1 {
			c.fault(Lost, inbox.Event{}, "message %q was confirmed to a client and is there %d times", id, c.said[id])
		}
	}
	c.stored()
	c.counted()
	c.recounted()
	c.reservations()
	c.summedUp()
}
