package resolvers

import (
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
)

// disclosed is a conversation in the form that one caller may see. It alone decides
// which parts of a conversation, its messages, its contact and its events reach the
// caller. It is decided by the conversation as it is now, also if a past state is
// shown.
type disclosed struct {
	inbox.Conversation
	// open means that the caller may see the conversation now. A closed one shows
	// its owners and times, and no content.
	open bool
}

// disclose returns c, the conversation as it is now. If the caller cannot see it,
// it keeps the subject and the contact's name, for a notice that it went out of
// sight.
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

// actedOn is disclose for the result of a verb that made e. A repeat may come when the
// conversation is long out of sight: it shows what the verb left, and nothing of now.
func (s *scope) actedOn(now inbox.Conversation, e inbox.Event) disclosed {
	d := s.disclose(now)
	if !d.open && e.After != nil {
		return closed(*e.After)
	}
	return d
}

// hiddenPerson is disclose for a caller who may never have seen the conversation.
func (s *scope) hiddenPerson(c inbox.Conversation) disclosed {
	if d := s.disclose(c); d.open {
		return d
	}
	return glimpsed(c)
}

// glimpsed is closed without subject and contact: only the owner remains.
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
