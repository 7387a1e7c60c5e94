package resolvers

import (
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
)

// disclosed is a conversation as one caller may be shown it. It is the one place
// that decides what of a conversation, its messages, its contact and its events
// reaches the caller; whether it is open is asked of the conversation as it is
// now, whatever past state is shown.
type disclosed struct {
	inbox.Conversation
	// open says that the caller may see the conversation now. What is not open
	// tells who had it and when, and nothing that was said.
	open bool
}

// disclose shows c, the conversation as it is now. Out of sight it keeps subject
// and contact's name, for a caller who is being told that it went.
func (s *scope) disclose(c inbox.Conversation) disclosed {
	if s.access.Shows(c) {
		if !s.access.Reads(c) {
			c.LastMessage, c.AwaitingReplySince = nil, time.Time{}
		}
		return disclosed{c, true}
	}
	return closed(c)
}

// closed is past, a state of a conversation that is out of the caller's sight now.
func closed(past inbox.Conversation) disclosed {
	past.LastMessage = nil
	return disclosed{past, false}
}

// glimpse is disclose for a caller who may never have seen the conversation.
func (s *scope) glimpse(c inbox.Conversation) disclosed {
	if d := s.disclose(c); d.open {
		return d
	}
	return glimpsed(c)
}

// glimpsed is closed without what the conversation is about: it tells who has it.
func glimpsed(past inbox.Conversation) disclosed {
	d := closed(past)
	d.Subject, d.ContactName, d.ContactEmail, d.ContactPhone = "", "", "", ""
	return d
}

// contact shows the contact: the address and the caller's own id only where the
// conversation is open.
func (d disclosed) contact() *model.Contact {
	out := contactOf(d.Contact, d.ContactName)
	out.Hidden = !d.open
	return out
}
