package desk

import (
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Receive records that every message to the contact up to this one, in its conversation,
// was delivered, or read, which is both. It is for the contact of the conversation and for
// API keys that feed it, and returns the message as it is then. What was recorded before
// stays, so that a repeat, or a lower message, changes nothing, and neither does a message
// of the contact's own before which nothing new came to it. NOT_FOUND for a message
// that the caller cannot see, such as a note; INVALID_INPUT for one from before messages
// were numbered.
func (s *Messages) Receive(ctx context.Context, p inbox.Principal, id inbox.MessageID, read bool) (inbox.Message, error) {
	for range commit.MaxAttempts {
		a, m, c, err := s.received(ctx, p, id)
		if err != nil {
			return inbox.Message{}, err
		}
		last, news, err := s.cameTo(ctx, c, m, read)
		if err != nil || !news {
			return m, err
		}
		move, news := c.Received(last, read, inbox.Command{By: p.Actor, At: s.base.Clock(), Rules: a.Rules()})
		if !news {
			return m, nil
		}
		s.base.Seal(&move, c)
		err = s.store.Commit(ctx, commit.Change{Conversation: move.After, Event: move.Event, Guard: commit.Guard{Revision: &c.Revision}})
		switch {
		case err == nil:
			s.base.Committed(move.Event)
			return move.Event.Receipt.On(m, move.Event.At), nil
		case !errors.Is(err, commit.ErrStale):
			return inbox.Message{}, err
		}
	}
	return inbox.Message{}, commit.TooBusy()
}

// received finds the message of a receipt, and its conversation, for a caller who may
// give one.
func (s *Messages) received(ctx context.Context, p inbox.Principal, id inbox.MessageID) (access.Access, inbox.Message, inbox.Conversation, error) {
	a, err := s.callers.Access(ctx, p)
	if err == nil {
		err = access.GivesReceipts(a)
	}
	if err != nil {
		return a, inbox.Message{}, inbox.Conversation{}, err
	}
	m, err := s.store.Message(ctx, p.Workspace, id)
	if err != nil {
		return a, m, inbox.Conversation{}, err
	}
	c, err := s.base.Find(ctx, p, m.Conversation)
	switch {
	case inbox.IsNotFound(err):
		return a, m, c, inbox.Missing("message")
	case err != nil:
		return a, m, c, err
	}
	contact := p.Actor.Kind == workspace.ActorContact
	if !contact {
		err = a.Refusal(c, access.Feeds(a, c))
	}
	switch {
	case err != nil:
	case m.Internal && (contact || !a.Reads(c)):
		err = inbox.Missing("message")
	case m.Internal:
		err = inbox.Invalid("messageId", "This is an internal note, which the contact never receives. Name a message that is not internal.")
	case m.Sequence == 0:
		err = inbox.Invalid("messageId", "This message was written before messages were numbered. Name a later one.")
	}
	return a, m, c, err
}
