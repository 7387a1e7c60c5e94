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

// StartNew continues a closed conversation in a new one with the same contact,
// which belongs to the member who starts it. A closed conversation has one
// successor: while that is not closed the message is written into it instead, as
// the caller's own and by the caller's rights there. B:C4.
func (s *Messages) StartNew(ctx context.Context, p inbox.Principal, id inbox.ConversationID, body, key string) (Sent, error) {
	sent, err := s.startNew(ctx, p, id, body, key)
	return sent.from(id), err
}

func (s *Messages) startNew(ctx context.Context, p inbox.Principal, id inbox.ConversationID, body, key string) (Sent, error) {
	if err := inbox.CheckText("body", body, inbox.MaxMessage); err != nil {
		return Sent{}, err
	}
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return Sent{}, err
	}
	idem, err := s.base.Key(p, key, "startNew", id, body)
	if err != nil {
		return Sent{}, err
	}
	if err := s.run.spend(p, body, true); err != nil {
		return Sent{}, err
	}
	if done, ok, err := s.sentBefore(ctx, a, idem); ok || err != nil {
		return s.ledTo(ctx, a, id, done, err)
	}
	t := s.run.newAttempt(a)
	for range commit.MaxAttempts {
		sent, err := s.continueFrom(ctx, t, id, body, idem)
		switch {
		case errors.Is(err, commit.ErrDuplicateKey):
			done, err := s.sentByOther(ctx, a, idem)
			return s.ledTo(ctx, a, id, done, err)
		case !commit.IsLostRace(err):
			return sent, s.run.lostAccess(ctx, a, id, err)
		}
	}
	return Sent{}, commit.TooBusy()
}

// continueFrom is one attempt. Its error is a lost race when the conversation or
// the last of its successors changed meanwhile.
func (s *Messages) continueFrom(ctx context.Context, t *attempt, id inbox.ConversationID, body string, key inbox.IdempotencyKey) (Sent, error) {
	old, err := s.base.Find(ctx, t.access.Principal, id)
	if err != nil {
		return Sent{}, err
	}
	if err := s.mayContinue(t.access, old); err != nil {
		return Sent{}, err
	}
	last, err := s.lastSuccessor(ctx, t.access, old)
	switch {
	case err != nil:
		return Sent{}, err
	case last.Status != inbox.Closed:
		return s.sendToSuccessor(ctx, t.access, last, body, key)
	}
	t.asked = func(a access.Access) error {
		return cmp.Or(s.mayContinue(a, old), s.mayContinue(inSuccessor(a, last), last))
	}
	if err := t.asked(t.access); err != nil {
		return Sent{}, err
	}
	e, err := s.startNewOnce(ctx, t, last, inbox.Message{Author: t.By, Body: body}, key)
	if err != nil {
		return Sent{}, err
	}
	return sentOf(e), nil
}

// mayContinue asks for the right to start a new conversation in place of c. It is
// asked of the conversation that the caller names and of the one that is continued.
func (s *Messages) mayContinue(a access.Access, c inbox.Conversation) error {
	return a.Refusal(c, s.run.declared(inbox.ActionStartNew).Judge(a, c, access.Asked{}))
}

// lastSuccessor follows Next to its end, or to the first that is not closed.
func (s *Messages) lastSuccessor(ctx context.Context, a access.Access, c inbox.Conversation) (_ inbox.Conversation, err error) {
	for err == nil && c.Next != "" && c.Status == inbox.Closed {
		c, err = s.run.successor(ctx, a, c)
	}
	return c, err
}

// successor is the conversation that continues c. A contact's token does not lead
// past a revocation: the contact needs one that was made for the conversation whose
// tokens were revoked, or for a later one.
func (s *runner) successor(ctx context.Context, a access.Access, c inbox.Conversation) (inbox.Conversation, error) {
	next, err := s.store.Conversation(ctx, c.Workspace, c.Next)
	if err == nil && next.TokenIssue != 0 && tokenGuard(a) != nil {
		err = access.TokenRevoked()
	}
	return next, err
}

// ledTo is the answer to a repeat. A contact gets it only while its token still
// leads from the conversation id to where the message was written.
func (s *Messages) ledTo(ctx context.Context, a access.Access, id inbox.ConversationID, sent Sent, err error) (Sent, error) {
	if err != nil || a.Principal.Actor.Kind != workspace.ActorContact {
		return sent, err
	}
	c, err := s.base.Find(ctx, a.Principal, id)
	for err == nil && c.ID != sent.Conversation.ID && c.Next != "" {
		c, err = s.run.successor(ctx, a, c)
	}
	if err != nil {
		return Sent{}, err
	}
	return sent, nil
}

// sendToSuccessor writes into the conversation that continues a closed one.
func (s *Messages) sendToSuccessor(ctx context.Context, a access.Access, c inbox.Conversation, body string, key inbox.IdempotencyKey) (Sent, error) {
	sent, err := s.send(ctx, inSuccessor(a, c), SendRequest{Conversation: c.ID, Body: body, Epoch: &c.Epoch}, key)
	if inbox.CodeOf(err) == inbox.ConversationClosed {
		err = commit.ErrStale // it was closed meanwhile, and may have a successor by now
	}
	return sent, err
}

// inSuccessor is the caller in a conversation that continues its own.
func inSuccessor(a access.Access, c inbox.Conversation) access.Access {
	if a.Principal.Actor.Kind == workspace.ActorContact {
		a.Principal.Conversation = c.ID
	}
	if tokenGuard(a) != nil {
		a.Principal.TokenIssue = c.TokenIssue
	}
	return a
}

// startNewOnce makes the successor of old, which begins with first.
func (s *Messages) startNewOnce(ctx context.Context, t *attempt, old inbox.Conversation, first inbox.Message, key inbox.IdempotencyKey) (inbox.Event, error) {
	t.warnings, t.At = nil, s.base.Clock()
	defer t.letGo()
	d := inbox.Draft{
		ID: inbox.ConversationID(s.base.NewID()), Workspace: old.Workspace, Kind: old.Kind, Subject: old.Subject, Channel: old.Channel,
		Contact: inbox.ContactOf(old), Previous: old.ID, Feeder: old.Feeder,
	}
	if _, ok := t.access.Directory.Agent(old.OriginAgent); ok {
		d.OriginAgent = old.OriginAgent
	}
	n := NewConversation{To: newOwner(t.access, old), pooled: true}
	m, err := s.run.draft(ctx, t, inbox.ActionStartNew, d, n, first)
	if err != nil {
		return inbox.Event{}, err
	}
	m.Event.Key = key
	change := commit.Change{Create: true, Continues: old.ID}
	if old.ID == t.access.Principal.Conversation {
		change.Guard.TokenIssue = tokenGuard(t.access)
	}
	out, err := s.run.conclude(ctx, t, m, change)
	return out.Event, err
}

// newOwner is the owner of a continued conversation: the member who starts it; for
// a ticket of a contact, the team or else the assignee of the old one. There is
// none if the team was removed and the assignee may not own it: it waits for the
// whole workspace.
func newOwner(a access.Access, old inbox.Conversation) access.Owner {
	_, team := a.Directory.Team(old.Team)
	switch {
	case a.Principal.Actor.Kind == workspace.ActorMember:
		return access.Owner{Member: a.Member.ID}
	case old.Kind == workspace.Livechat:
		return access.Owner{}
	case team:
		return access.Owner{Team: old.Team}
	case a.MayOwn(old.Assignee, old.Kind):
		return access.Owner{Member: old.Assignee}
	}
	return access.Owner{}
}
