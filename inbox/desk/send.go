package desk

import (
	"cmp"
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// SendRequest is a message to be written.
type SendRequest struct {
	Conversation inbox.ConversationID
	Body         string
	Internal     bool
	// Epoch is required of an AI agent.
	Epoch *int
	Key   string
	// externalID is the id of an API key's caller. relay is the key that writes in
	// a contact's name; zero when the author writes.
	externalID string
	relay      workspace.Actor
}

// Sent is the result of a send.
type Sent struct {
	Message      inbox.Message
	Conversation inbox.Conversation
	Event        inbox.Event
	// Continued says that the message went to another conversation than the one
	// named, which continues it.
	Continued bool
}

// message returns the message of r in the name of author.
func (r SendRequest) message(author workspace.Actor) inbox.Message {
	return inbox.Message{Author: author, Body: r.Body, Internal: r.Internal, ExternalID: r.externalID}
}

func (r SendRequest) check() error {
	if err := inbox.CheckKey("externalId", r.externalID); err != nil {
		return err
	}
	return inbox.CheckText("body", r.Body, inbox.MaxMessage)
}

func (r SendRequest) checkAuthor(by workspace.Actor) error {
	if r.Internal && by.Kind == workspace.ActorContact {
		return inbox.Invalid("internal", "A contact cannot write internal messages.")
	}
	return nil
}

// Send writes a message. A contact's message opens a closed conversation, or goes
// to the one that continues it if rule reopenWindow is over. B:S1, B:S2, B:H2,
// B:H3, B:M1, B:C4, B:C5.
func (s *Messages) Send(ctx context.Context, p inbox.Principal, r SendRequest) (Sent, error) {
	return s.sendAs(ctx, p, r, "send")
}

// sendAs is Send under the name of a verb, by which its repeats are known.
func (s *Messages) sendAs(ctx context.Context, p inbox.Principal, r SendRequest, verb string) (Sent, error) {
	if err := r.check(); err != nil {
		return Sent{}, err
	}
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return Sent{}, err
	}
	key, err := s.base.Key(p, r.Key, verb, r.Conversation, r.Body, r.Internal)
	if err != nil {
		return Sent{}, err
	}
	if err := s.run.spend(p, r.Body, false); err != nil {
		return Sent{}, err
	}
	sent, err := s.admitted(ctx, a, r, key)
	if refused(err) {
		if done, ok, err := s.sentBefore(ctx, a, key); ok || err != nil {
			return s.ledTo(ctx, a, r.Conversation, done, err)
		}
	}
	return sent.from(r.Conversation), s.run.lostAccess(ctx, a, r.Conversation, err)
}

// from notes whether the message went to another conversation than the one named.
func (s Sent) from(named inbox.ConversationID) Sent {
	s.Continued = s.Conversation.ID != named
	return s
}

// admitted writes r when not too many write into the same conversation.
func (s *Messages) admitted(ctx context.Context, a access.Access, r SendRequest, key inbox.IdempotencyKey) (Sent, error) {
	leave, err := s.run.enter(ctx, a.Principal, r.Conversation, "")
	if err != nil {
		return Sent{}, err
	}
	defer leave()
	return s.send(ctx, a, r, key)
}

func (s *Messages) send(ctx context.Context, a access.Access, r SendRequest, key inbox.IdempotencyKey) (Sent, error) {
	t := s.run.newAttempt(a)
	for range commit.MaxAttempts {
		c, err := s.base.Find(ctx, a.Principal, r.Conversation)
		if err != nil {
			return Sent{}, err
		}
		t.current = c
		t.asked = func(a access.Access) error { return s.checkSend(a, c, r) }
		if err := t.asked(a); err != nil {
			return Sent{}, err
		}
		sent, err := s.write(ctx, t, r, key)
		switch {
		case errors.Is(err, commit.ErrDuplicateKey):
			if done, ok, err := s.postedBefore(ctx, c, a.Principal.Actor, r.externalID); ok || err != nil {
				return done, err
			}
			return s.sentByOther(ctx, a, key)
		case !commit.IsLostRace(err):
			return sent, err
		}
	}
	return Sent{}, commit.TooBusy()
}

// write is one attempt, where the conversation is such that r belongs.
func (s *Messages) write(ctx context.Context, t *attempt, r SendRequest, key inbox.IdempotencyKey) (Sent, error) {
	c := t.current
	switch {
	case c.Asleep() && t.By.Kind == workspace.ActorContact:
		return s.writeWaking(ctx, t, r, key)
	case s.strands(t, r):
		return s.writeStranded(ctx, t, r, key)
	case s.answersInTime(t, r):
		return s.writeStep(ctx, t, r, key, access.StepGiveBack, inbox.Command{By: t.By, Rules: t.Rules})
	case c.Status != inbox.Closed || t.By.Kind != workspace.ActorContact:
		return s.writeMessage(ctx, t.access, c, r, key)
	case !access.Reopens(c, t.Rules, s.base.Clock()):
		return s.writeOn(ctx, t, r, key)
	}
	t.warnings, t.At = nil, s.base.Clock()
	defer t.letGo()
	chosen, err := s.run.reopening(ctx, t, inbox.Open, r.message(t.By))
	if err != nil {
		return Sent{}, err
	}
	return s.concludeSend(ctx, t, s.run.declared(inbox.ActionReopen).Apply(c, t.Command, chosen), key)
}

// concludeSend commits a step that a message comes with.
func (s *Messages) concludeSend(ctx context.Context, t *attempt, m inbox.Move, key inbox.IdempotencyKey) (Sent, error) {
	m.Event.Key = key
	guard := commit.Guard{Version: t.current.Version, TokenIssue: tokenGuard(t.access)}
	out, err := s.run.conclude(ctx, t, m, commit.Change{Guard: guard})
	if err != nil {
		return Sent{}, err
	}
	return sentOf(out.Event), nil
}

// writeOn writes r into the conversation that continues the closed one, which it
// begins if there is none.
func (s *Messages) writeOn(ctx context.Context, t *attempt, r SendRequest, key inbox.IdempotencyKey) (Sent, error) {
	c := t.current
	if c.Next != "" {
		next, err := s.run.successor(ctx, t.access, c)
		if err != nil {
			return Sent{}, err
		}
		r.Conversation = next.ID
		return s.send(ctx, inSuccessor(t.access, next), r, key)
	}
	by := cmp.Or(r.relay, t.By)
	if err := s.run.words.Spend(MessageUsage{Workspace: c.Workspace, Contact: c.Contact, By: by, Begins: true}); err != nil {
		return Sent{}, err
	}
	e, err := s.startNewOnce(ctx, t, c, r.message(t.By), key)
	if err != nil {
		return Sent{}, err
	}
	return sentOf(e), nil
}

func (s *Messages) checkSend(a access.Access, c inbox.Conversation, r SendRequest) error {
	if err := r.checkAuthor(a.Principal.Actor); err != nil {
		return err
	}
	verdict := s.run.declared(inbox.ActionReply).Judge(a, c, access.Asked{Note: r.Internal})
	if !verdict.ByPolicy() {
		if err := checkEpoch(c, a.Principal.Actor, r.Epoch); err != nil && verdict.Code != inbox.ConversationClosed {
			return err
		}
	}
	return a.Refusal(c, verdict)
}

func (s *Messages) writeMessage(ctx context.Context, a access.Access, c inbox.Conversation, r SendRequest, key inbox.IdempotencyKey) (Sent, error) {
	t := inbox.Command{By: a.Principal.Actor, At: s.base.Clock(), Rules: a.Rules()}
	m := s.run.declared(inbox.ActionReply).Apply(c, t, access.Choice{Messages: []inbox.Message{r.message(t.By)}})
	m.Event.Key = key
	s.base.Seal(&m, c)
	guard := commit.Guard{Version: c.Version, TokenIssue: tokenGuard(a)}
	err := s.store.Commit(ctx, commit.Change{Conversation: m.After, Guard: guard, Event: m.Event})
	if err == nil && t.By.Kind == workspace.ActorContact {
		s.run.takeFromDeserter(ctx, a, *m.Event.After)
	}
	return Sent{Message: m.Event.Messages[0], Conversation: *m.Event.After, Event: m.Event}, err
}

func (s *Messages) sentBefore(ctx context.Context, a access.Access, key inbox.IdempotencyKey) (Sent, bool, error) {
	e, ok, err := s.base.Repeated(ctx, a, key)
	if !ok || err != nil {
		return Sent{}, ok, err
	}
	sent, err := s.sentAgain(ctx, a, e)
	return sent, true, err
}

// sentAgain is sentOf for a repeat, with the conversation as it is now.
func (s *Messages) sentAgain(ctx context.Context, a access.Access, e inbox.Event) (Sent, error) {
	sent := sentOf(e)
	out, err := s.run.outcomeAgain(ctx, a, e)
	sent.Conversation = out.Conversation
	return sent, err
}

// sentByOther answers a send whose key was used by the same request meanwhile.
func (s *Messages) sentByOther(ctx context.Context, a access.Access, key inbox.IdempotencyKey) (Sent, error) {
	e, err := s.base.Settled(ctx, a, key)
	if err != nil {
		return Sent{}, err
	}
	return s.sentAgain(ctx, a, e)
}

// sentOf reads the result of a send from its event: the message of its actor, or that
// of the contact by which the rules took the conversation back.
func sentOf(e inbox.Event) Sent {
	sent := Sent{Conversation: *e.After, Event: e}
	for _, m := range e.Messages {
		if m.Author == e.Actor || e.Kind == inbox.EventReclaimed {
			sent.Message = m
		}
	}
	return sent
}
