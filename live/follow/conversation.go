package follow

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/live/feed"
)

// ConversationUpdate is an item of Conversation.
type ConversationUpdate struct {
	// Conversation is as it is now.
	Conversation inbox.Conversation
	// Past is the state that an event left; nil for an item that no event caused, and
	// for the last one.
	Past *inbox.Conversation
	// Event is the ownership change, for callers who may know of it; else nil.
	Event   *inbox.Event
	Message *inbox.Message
	// Receipt and ReceivedAt are what a receipt says, and its time; nil for other items and
	// for contacts, whose own it is.
	Receipt    *inbox.Receipt
	ReceivedAt time.Time
	// AccessLost marks the last item: the caller may not see the conversation any more.
	AccessLost bool
}

// conversation follows one conversation for one caller.
type conversation struct {
	*Stream[ConversationUpdate]
	// last is the conversation as the last event left it, now as it is: the stream
	// begins by reading a state that missed events come before.
	last, now inbox.Conversation
	// begun is the version that the stream began by reading, which the caller sees.
	begun int
	queue queuePosition
}

// Conversation follows one conversation until the caller may no longer see it. B:V7,
// B:V8.
func (f *Streams) Conversation(ctx context.Context, r Request, id inbox.ConversationID) (*Stream[ConversationUpdate], error) {
	s, err := open[ConversationUpdate](ctx, f, r, everything)
	if err != nil {
		return nil, err
	}
	c, err := f.Reader.Conversation(ctx, s.access.Principal, id)
	s.emit = (&conversation{Stream: s, last: c, now: c, begun: c.Version}).emit
	return s, err
}

func (c *conversation) emit(ctx context.Context, item *feed.Item) error {
	e := item.Event
	switch {
	case item.Gap:
		return c.reload(ctx, item)
	case e.ID == "":
		return c.look(ctx, e)
	case e.Type == inbox.DirectoryEvent:
		return c.checkRights(e)
	case e.Conversation != c.last.ID:
		c.queue.observe(c.last, e)
		if c.queue.stale && c.pause == nil && isContact(c.access) {
			c.rest(positionDelay)
		}
		return nil
	}
	c.advance(e)
	c.queue.sent = 0
	switch {
	case c.access.Sees(c.last):
		c.show(e)
	case c.last.Version < c.begun: // it was out of sight for a while, and came back
		c.gap = feed.GapUnseen
	default:
		return c.lose(e)
	}
	return nil
}

// advance goes on to the state after an event. An ownership change is delivered even
// when the stream began by reading a newer state, which nobody was shown. A
// message does not move the version, and may have been written beside an
// ownership change that came first.
func (c *conversation) advance(e inbox.Event) {
	c.now = c.now.Advanced(e)
	after := *e.After
	if e.Type == inbox.OwnershipEvent || after.Version >= c.last.Version {
		c.last = after
		return
	}
	if !after.LastActivityAt.Before(c.last.LastActivityAt) {
		c.last.LastMessage, c.last.LastActivityAt = after.LastMessage, after.LastActivityAt
	}
}

// reload shows the conversation as it is, after changes that are not known.
func (c *conversation) reload(ctx context.Context, item *feed.Item) error {
	read, err := c.Reader.Conversation(ctx, c.access.Principal, c.last.ID)
	refused := inbox.CodeOf(err) == inbox.PermissionDenied || inbox.CodeOf(err) == inbox.AccessLost
	if err != nil && !refused {
		return err // asked again while the database is away
	}
	c.last, c.now = read, read
	if refused {
		return c.lose(item.Event)
	}
	c.gap = item.Reason
	c.push(c.update())
	return nil
}

// checkRights looks again after a change of roles, teams, rules or plan.
func (c *conversation) checkRights(e inbox.Event) error {
	if c.access.Sees(c.last) {
		return nil
	}
	return c.lose(e)
}

// lose delivers the last item: it shows who has the conversation now, and no message.
func (c *conversation) lose(e inbox.Event) error {
	u := c.update()
	u.AccessLost, u.Event = true, c.known(e)
	c.push(u)
	return errComplete
}

// show delivers the change and its messages: one item, and one more for each message
// beyond the first.
func (c *conversation) show(e inbox.Event) {
	u := c.update()
	u.Past, u.Event = e.After, c.known(e)
	for i := range e.Messages {
		if u.Message = &e.Messages[i]; !u.Message.Internal || !isContact(c.access) {
			c.push(u)
			u.Event = nil
		}
	}
	if len(c.out) == 0 && c.tells(e) {
		u.Message, u.Receipt, u.ReceivedAt = nil, e.Receipt, e.At
		c.push(u)
	}
}

// tells reports whether e is worth an item without a message: for the contact what is public
// alone, so that not even the moment of a step behind its back shows.
func (c *conversation) tells(e inbox.Event) bool {
	if isContact(c.access) {
		return e.Public()
	}
	return e.Type == inbox.OwnershipEvent || e.Type == inbox.ContactEvent || e.Type == inbox.ReceiptEvent
}

func (c *conversation) update() ConversationUpdate { return ConversationUpdate{Conversation: c.now} }

// known is an ownership change for whoever may know of it: not for contacts.
func (c *conversation) known(e inbox.Event) *inbox.Event {
	if e.Type != inbox.OwnershipEvent || isContact(c.access) {
		return nil
	}
	return &e
}
