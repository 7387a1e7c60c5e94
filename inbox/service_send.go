package inbox

import (
	"context"
	"errors"
)

// SendRequest is a message to be written.
type SendRequest struct {
	Conversation ConversationID
	Body         string
	Internal     bool
	// Epoch is required of an AI agent.
	Epoch *int
	Key   string
	// externalID is the id of an API key's caller.
	externalID string
}

// Sent is what a send did.
type Sent struct {
	Message      Message
	Conversation Conversation
	Event        Event
}

func (r SendRequest) check() error {
	if err := checkKey("externalId", r.externalID); err != nil {
		return err
	}
	return checkText("body", r.Body, MaxMessage)
}

func (r SendRequest) checkAuthor(by Actor) error {
	if r.Internal && by.Kind == ActorContact {
		return Invalid("internal", "A contact cannot write internal messages.")
	}
	return nil
}

// Send writes a message. B:S1, B:S2, B:H2, B:H3, B:M1.
func (s *Service) Send(ctx context.Context, p Principal, r SendRequest) (Sent, error) {
	if err := r.check(); err != nil {
		return Sent{}, err
	}
	a, err := s.Access(ctx, p)
	if err != nil {
		return Sent{}, err
	}
	key, err := s.key(p, r.Key, "send", r.Conversation, r.Body, r.Internal)
	if err != nil {
		return Sent{}, err
	}
	if err := s.spend(p, r.Body, false); err != nil {
		return Sent{}, err
	}
	sent, err := s.send(ctx, a, r, key)
	if refused(err) {
		if done, ok, err := s.sentBefore(ctx, a, key); ok || err != nil {
			return done, err
		}
	}
	return sent, s.lostAccess(ctx, a, r.Conversation, err)
}

func (s *Service) send(ctx context.Context, a Access, r SendRequest, key IdempotencyKey) (Sent, error) {
	for range maxAttempts {
		c, err := s.find(ctx, a.Principal, r.Conversation)
		if err != nil {
			return Sent{}, err
		}
		if err := a.checkSend(c, r); err != nil {
			return Sent{}, err
		}
		sent, err := s.writeMessage(ctx, a, c, r, key)
		switch {
		case errors.Is(err, ErrDuplicateKey):
			if done, ok, err := s.postedBefore(ctx, c, a.Principal.Actor, r.externalID); ok || err != nil {
				return done, err
			}
			return s.sentByOther(ctx, a, key)
		case !errors.Is(err, ErrStale):
			return sent, err
		}
	}
	return Sent{}, tooBusy()
}

func (a Access) checkSend(c Conversation, r SendRequest) error {
	if err := r.checkAuthor(a.Principal.Actor); err != nil {
		return err
	}
	verdict := a.Can(c, ActionReply)
	if r.Internal {
		verdict = a.canNote(c)
	}
	if !verdict.byPolicy() {
		if err := checkEpoch(c, a.Principal.Actor, r.Epoch); err != nil && c.Status != Closed {
			return err
		}
	}
	return a.Refusal(c, verdict)
}

func (s *Service) writeMessage(ctx context.Context, a Access, c Conversation, r SendRequest, key IdempotencyKey) (Sent, error) {
	t := Turn{By: a.Principal.Actor, At: s.clock(), Rules: a.Rules()}
	m := Send(c, Message{Author: t.By, Body: r.Body, Internal: r.Internal, ExternalID: r.externalID}, t)
	m.Event.Key = key
	s.seal(&m, c)
	guard := Guard{Version: c.Version, NotClosed: true, TokenIssue: a.tokenGuard()}
	err := s.store.Commit(ctx, Change{Conversation: m.After, Guard: guard, Event: m.Event})
	return Sent{Message: m.Event.Messages[0], Conversation: m.After, Event: m.Event}, err
}

func (s *Service) sentBefore(ctx context.Context, a Access, key IdempotencyKey) (Sent, bool, error) {
	e, ok, err := s.repeated(ctx, a, key)
	if !ok || err != nil {
		return Sent{}, ok, err
	}
	sent, err := s.sentAgain(ctx, a, e)
	return sent, true, err
}

// sentAgain is sentOf for a repeat, with the conversation as it is now.
func (s *Service) sentAgain(ctx context.Context, a Access, e Event) (Sent, error) {
	sent := sentOf(e)
	out, err := s.outcomeAgain(ctx, a, e)
	sent.Conversation = out.Conversation
	return sent, err
}

// sentByOther answers a send whose key was used by the same request meanwhile.
func (s *Service) sentByOther(ctx context.Context, a Access, key IdempotencyKey) (Sent, error) {
	e, err := s.settled(ctx, a, key)
	if err != nil {
		return Sent{}, err
	}
	return s.sentAgain(ctx, a, e)
}

// sentOf reads what a send did from its event: the message of its actor.
func sentOf(e Event) Sent {
	sent := Sent{Conversation: *e.After, Event: e}
	for _, m := range e.Messages {
		if m.Author == e.Actor {
			sent.Message = m
		}
	}
	return sent
}
