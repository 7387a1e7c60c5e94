package inbox

import (
	"cmp"
	"context"
	"errors"
)

// StartNew continues a closed conversation in a new one with the same contact,
// which belongs to the member who starts it. A closed conversation has one
// successor: while that is not closed the message is written into it instead, as
// the caller's own and by the caller's rights there. B:C4.
func (s *Service) StartNew(ctx context.Context, p Principal, id ConversationID, body, key string) (Sent, error) {
	sent, err := s.startNew(ctx, p, id, body, key)
	return sent.from(id), err
}

func (s *Service) startNew(ctx context.Context, p Principal, id ConversationID, body, key string) (Sent, error) {
	if err := checkText("body", body, MaxMessage); err != nil {
		return Sent{}, err
	}
	a, err := s.Access(ctx, p)
	if err != nil {
		return Sent{}, err
	}
	idem, err := s.key(p, key, "startNew", id, body)
	if err != nil {
		return Sent{}, err
	}
	if err := s.spend(p, body, true); err != nil {
		return Sent{}, err
	}
	if done, ok, err := s.sentBefore(ctx, a, idem); ok || err != nil {
		return s.ledTo(ctx, a, id, done, err)
	}
	t := s.turn(a)
	for range maxAttempts {
		sent, err := s.continueFrom(ctx, t, id, body, idem)
		switch {
		case errors.Is(err, ErrDuplicateKey):
			done, err := s.sentByOther(ctx, a, idem)
			return s.ledTo(ctx, a, id, done, err)
		case !isLostRace(err):
			return sent, s.lostAccess(ctx, a, id, err)
		}
	}
	return Sent{}, tooBusy()
}

// continueFrom is one attempt. Its error is a lost race when the conversation or
// the last of its successors changed meanwhile.
func (s *Service) continueFrom(ctx context.Context, t *turn, id ConversationID, body string, key IdempotencyKey) (Sent, error) {
	old, err := s.find(ctx, t.access.Principal, id)
	if err != nil {
		return Sent{}, err
	}
	if err := t.access.mayContinue(old); err != nil {
		return Sent{}, err
	}
	last, err := s.lastSuccessor(ctx, t.access, old)
	switch {
	case err != nil:
		return Sent{}, err
	case last.Status != Closed:
		return s.sendToSuccessor(ctx, t.access, last, body, key)
	}
	t.asked = func(a Access) error { return cmp.Or(a.mayContinue(old), a.inSuccessor(last).mayContinue(last)) }
	if err := t.asked(t.access); err != nil {
		return Sent{}, err
	}
	e, err := s.startNewOnce(ctx, t, last, Message{Author: t.By, Body: body}, key)
	if err != nil {
		return Sent{}, err
	}
	return sentOf(e), nil
}

// mayContinue asks for the right to start a new conversation in place of c. It is
// asked of the conversation that the caller names and of the one that is continued.
func (a Access) mayContinue(c Conversation) error { return a.Refusal(c, a.Can(c, ActionStartNew)) }

// lastSuccessor follows Next to its end, or to the first that is not closed.
func (s *Service) lastSuccessor(ctx context.Context, a Access, c Conversation) (_ Conversation, err error) {
	for err == nil && c.Next != "" && c.Status == Closed {
		c, err = s.successor(ctx, a, c)
	}
	return c, err
}

// successor is the conversation that continues c. A contact's token does not lead
// past a revocation: the contact needs one that was made for the conversation whose
// tokens were revoked, or for a later one.
func (s *Service) successor(ctx context.Context, a Access, c Conversation) (Conversation, error) {
	next, err := s.store.Conversation(ctx, c.Workspace, c.Next)
	if err == nil && next.TokenIssue != 0 && a.tokenGuard() != nil {
		err = tokenRevoked()
	}
	return next, err
}

// ledTo is the answer to a repeat. A contact gets it only while its token still
// leads from the conversation id to where the message was written.
func (s *Service) ledTo(ctx context.Context, a Access, id ConversationID, sent Sent, err error) (Sent, error) {
	if err != nil || a.Principal.Actor.Kind != ActorContact {
		return sent, err
	}
	c, err := s.find(ctx, a.Principal, id)
	for err == nil && c.ID != sent.Conversation.ID && c.Next != "" {
		c, err = s.successor(ctx, a, c)
	}
	if err != nil {
		return Sent{}, err
	}
	return sent, nil
}

// sendToSuccessor writes into the conversation that continues a closed one.
func (s *Service) sendToSuccessor(ctx context.Context, a Access, c Conversation, body string, key IdempotencyKey) (Sent, error) {
	sent, err := s.send(ctx, a.inSuccessor(c), SendRequest{Conversation: c.ID, Body: body, Epoch: &c.Epoch}, key)
	if CodeOf(err) == ConversationClosed {
		err = ErrStale // it was closed meanwhile, and may have a successor by now
	}
	return sent, err
}

// inSuccessor is the caller in a conversation that continues its own.
func (a Access) inSuccessor(c Conversation) Access {
	if a.Principal.Actor.Kind == ActorContact {
		a.Principal.Conversation = c.ID
	}
	if a.tokenGuard() != nil {
		a.Principal.TokenIssue = c.TokenIssue
	}
	return a
}

// startNewOnce makes the successor of old, which begins with first.
func (s *Service) startNewOnce(ctx context.Context, t *turn, old Conversation, first Message, key IdempotencyKey) (Event, error) {
	t.warnings, t.At = nil, s.clock()
	defer t.letGo()
	d := Draft{
		ID: ConversationID(s.nextID()), Workspace: old.Workspace, Kind: old.Kind, Subject: old.Subject, Channel: old.Channel,
		Contact: contactOf(old), Previous: old.ID,
	}
	if _, ok := t.access.Directory.Agent(old.OriginAgent); ok {
		d.OriginAgent = old.OriginAgent
	}
	m, err := s.draft(ctx, t, d, NewConversation{To: newOwner(t.access, old), pooled: true})
	if err != nil {
		return Event{}, err
	}
	m.Event.Key = key
	m.Event.Messages = []Message{first}
	change := Change{Create: true, Continues: old.ID}
	if old.ID == t.access.Principal.Conversation {
		change.Guard.TokenIssue = t.access.tokenGuard()
	}
	out, err := s.conclude(ctx, t, m, change)
	return out.Event, err
}

// newOwner is the owner of a continued conversation: the member who starts it; for
// a ticket of a contact, the team or else the assignee of the old one. There is
// none if the team was removed and the assignee may not own it: it waits for the
// whole workspace.
func newOwner(a Access, old Conversation) Owner {
	_, team := a.Directory.Team(old.Team)
	switch {
	case a.Principal.Actor.Kind == ActorMember:
		return Owner{Member: a.Member.ID}
	case old.Kind == Livechat:
		return Owner{}
	case team:
		return Owner{Team: old.Team}
	case a.mayOwn(old.Assignee, old.Kind):
		return Owner{Member: old.Assignee}
	}
	return Owner{}
}
