package inbox

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// SendRequest is a message to be written.
type SendRequest struct {
	Conversation ConversationID
	Body         string
	Internal     bool
	// Epoch is required of an AI agent.
	Epoch *int
	Key   string
	// externalID is the id of an API key's caller. relay is the key that writes in
	// a contact's name; zero when the author writes.
	externalID string
	relay      Actor
}

// Sent is the result of a send.
type Sent struct {
	Message      Message
	Conversation Conversation
	Event        Event
	// Continued says that the message went to another conversation than the one
	// named, which continues it.
	Continued bool
}

// message returns the message of r in the name of author.
func (r SendRequest) message(author Actor) Message {
	return Message{Author: author, Body: r.Body, Internal: r.Internal, ExternalID: r.externalID}
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

// Send writes a message. A contact's message opens a closed conversation, or goes
// to the one that continues it if rule reopenWindow is over. B:S1, B:S2, B:H2,
// B:H3, B:M1, B:C4, B:C5.
func (s *Service) Send(ctx context.Context, p Principal, r SendRequest) (Sent, error) {
	return s.sendAs(ctx, p, r, "send")
}

// sendAs is Send under the name of a verb, by which its repeats are known.
func (s *Service) sendAs(ctx context.Context, p Principal, r SendRequest, verb string) (Sent, error) {
	if err := r.check(); err != nil {
		return Sent{}, err
	}
	a, err := s.Access(ctx, p)
	if err != nil {
		return Sent{}, err
	}
	key, err := s.key(p, r.Key, verb, r.Conversation, r.Body, r.Internal)
	if err != nil {
		return Sent{}, err
	}
	if err := s.spend(p, r.Body, false); err != nil {
		return Sent{}, err
	}
	sent, err := s.send(ctx, a, r, key)
	if refused(err) {
		if done, ok, err := s.sentBefore(ctx, a, key); ok || err != nil {
			return s.ledTo(ctx, a, r.Conversation, done, err)
		}
	}
	return sent.from(r.Conversation), s.lostAccess(ctx, a, r.Conversation, err)
}

// from notes whether the message went to another conversation than the one named.
func (s Sent) from(named ConversationID) Sent {
	s.Continued = s.Conversation.ID != named
	return s
}

func (s *Service) send(ctx context.Context, a Access, r SendRequest, key IdempotencyKey) (Sent, error) {
	t := s.turn(a)
	for range maxAttempts {
		c, err := s.find(ctx, a.Principal, r.Conversation)
		if err != nil {
			return Sent{}, err
		}
		t.current = c
		t.asked = func(a Access) error { return a.checkSend(c, r) }
		if err := t.asked(a); err != nil {
			return Sent{}, err
		}
		sent, err := s.write(ctx, t, r, key)
		switch {
		case errors.Is(err, ErrDuplicateKey):
			if done, ok, err := s.postedBefore(ctx, c, a.Principal.Actor, r.externalID); ok || err != nil {
				return done, err
			}
			return s.sentByOther(ctx, a, key)
		case !isLostRace(err):
			return sent, err
		}
	}
	return Sent{}, tooBusy()
}

// write is one attempt, where the conversation is such that r belongs.
func (s *Service) write(ctx context.Context, t *turn, r SendRequest, key IdempotencyKey) (Sent, error) {
	c := t.current
	switch {
	case c.Status != Closed || t.By.Kind != ActorContact:
		return s.writeMessage(ctx, t.access, c, r, key)
	case !c.reopens(t.Rules, s.clock()):
		return s.writeOn(ctx, t, r, key)
	}
	t.warnings, t.At = nil, s.clock()
	defer t.letGo()
	m, err := s.reopen(ctx, t, Open, r.message(t.By))
	if err != nil {
		return Sent{}, err
	}
	m.Event.Key = key
	out, err := s.conclude(ctx, t, m, Change{Guard: Guard{Version: c.Version, TokenIssue: t.access.tokenGuard()}})
	if err != nil {
		return Sent{}, err
	}
	return sentOf(out.Event), nil
}

// reopens reports whether a contact's message opens a closed conversation, by rule
// reopenWindow. Only closing ends the window. B:C4
func (c Conversation) reopens(rules Rules, now time.Time) bool {
	return rules.ReopenWindow == 0 || now.Sub(c.Changed.At) <= rules.ReopenWindow
}

// writeOn writes r into the conversation that continues the closed one, which it
// begins if there is none.
func (s *Service) writeOn(ctx context.Context, t *turn, r SendRequest, key IdempotencyKey) (Sent, error) {
	c := t.current
	if c.Next != "" {
		next, err := s.successor(ctx, t.access, c)
		if err != nil {
			return Sent{}, err
		}
		r.Conversation = next.ID
		return s.send(ctx, t.access.inSuccessor(next), r, key)
	}
	by := cmp.Or(r.relay, t.By)
	if err := s.words.Spend(Words{Workspace: c.Workspace, Contact: c.Contact, By: by, Begins: true}); err != nil {
		return Sent{}, err
	}
	e, err := s.startNewOnce(ctx, t, c, r.message(t.By), key)
	if err != nil {
		return Sent{}, err
	}
	return sentOf(e), nil
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
		if err := checkEpoch(c, a.Principal.Actor, r.Epoch); err != nil && verdict.Code != ConversationClosed {
			return err
		}
	}
	return a.Refusal(c, verdict)
}

func (s *Service) writeMessage(ctx context.Context, a Access, c Conversation, r SendRequest, key IdempotencyKey) (Sent, error) {
	t := Turn{By: a.Principal.Actor, At: s.clock(), Rules: a.Rules()}
	m := Send(c, r.message(t.By), t)
	m.Event.Key = key
	s.seal(&m, c)
	guard := Guard{Version: c.Version, TokenIssue: a.tokenGuard()}
	err := s.store.Commit(ctx, Change{Conversation: m.After, Guard: guard, Event: m.Event})
	return Sent{Message: m.Event.Messages[0], Conversation: *m.Event.After, Event: m.Event}, err
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

// sentOf reads the result of a send from its event: the message of its actor.
func sentOf(e Event) Sent {
	sent := Sent{Conversation: *e.After, Event: e}
	for _, m := range e.Messages {
		if m.Author == e.Actor {
			sent.Message = m
		}
	}
	return sent
}
