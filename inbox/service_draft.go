package inbox

import (
	"context"
	"errors"
)

// draft decides who gets a new conversation.
func (s *Service) draft(ctx context.Context, t *turn, d Draft, n NewConversation) (Move, error) {
	if t.By.Kind == ActorAgent {
		d.OriginAgent = AgentID(t.By.ID)
	}
	if n.Agent != "" {
		d.OriginAgent = n.Agent
	}
	if _, ok := t.access.Directory.Agent(d.OriginAgent); !ok && d.OriginAgent != "" {
		return Move{}, Invalid("aiAgentId", "There is no such AI agent in the workspace.")
	}
	if d.Kind == Ticket || n.To != (Owner{}) {
		return s.draftFor(ctx, t, d, n.To, n.pooled)
	}
	if d.OriginAgent != "" {
		return Create(d, "", "", false, t.Turn), nil
	}
	chosen, err := s.choose(ctx, t, d.Kind, "", "")
	return Create(d, "", chosen, true, t.Turn), err
}

// draftFor is for what names its assignee or team. B:N1.
func (s *Service) draftFor(ctx context.Context, t *turn, d Draft, to Owner, pooled bool) (Move, error) {
	switch {
	case to == Owner{} && pooled:
		return Create(d, "", "", false, t.Turn), nil
	case to == Owner{}:
		return Move{}, &Error{Code: AssigneeRequired, Field: []string{"to"}, Message: "A ticket needs an assignee or a team. Name one in `to`."}
	case to.Agent != "":
		return Move{}, notHuman()
	}
	if err := t.access.checkTarget(Conversation{Kind: d.Kind}, to, to.field()); err != nil {
		return Move{}, err
	}
	if to.Team == "" {
		t.warnings = t.access.presenceWarnings(to.Member)
		return Create(d, "", to.Member, false, t.Turn), nil
	}
	chosen, err := s.chooseFor(ctx, t, d.Kind, to.Team)
	return Create(d, to.Team, chosen, true, t.Turn), err
}

// StartNew begins another conversation with the contact of a closed one. A
// member who does so owns it. B:C4.
func (s *Service) StartNew(ctx context.Context, p Principal, id ConversationID, body, key string) (Sent, error) {
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
		return done, err
	}
	old, err := s.find(ctx, p, id)
	if err != nil {
		return Sent{}, err
	}
	if err := a.Refusal(old, a.Can(old, ActionStartNew)); err != nil {
		return Sent{}, err
	}
	return s.startNew(ctx, a, old, body, idem)
}

func (s *Service) startNew(ctx context.Context, a Access, old Conversation, body string, key IdempotencyKey) (Sent, error) {
	t := s.turn(a)
	for range maxAttempts {
		e, err := s.startNewOnce(ctx, t, old, body, key)
		switch {
		case err == nil:
			return sentOf(e), nil
		case errors.Is(err, ErrDuplicateKey):
			return s.sentByOther(ctx, a, key)
		case !isLostRace(err):
			return Sent{}, err
		}
	}
	return Sent{}, tooBusy()
}

func (s *Service) startNewOnce(ctx context.Context, t *turn, old Conversation, body string, key IdempotencyKey) (Event, error) {
	t.warnings, t.At = nil, s.clock()
	defer t.letGo()
	m, err := s.draft(ctx, t, Draft{
		ID: ConversationID(s.newID()), Workspace: old.Workspace, Kind: old.Kind, Subject: old.Subject, Channel: old.Channel,
		Contact: Contact{ID: old.Contact, Name: old.ContactName}, OriginAgent: old.OriginAgent,
	}, NewConversation{To: newOwner(t.access, old), pooled: true})
	if err != nil {
		return Event{}, err
	}
	m.Event.Key = key
	m.Event.Messages = []Message{{Author: t.By, Body: body}}
	s.seal(&m)
	return m.Event, s.commit(ctx, t, Change{Conversation: m.After, Create: true, Event: m.Event, Loads: t.loads(m), Rotation: t.rotation})
}

// newOwner is who gets what is started anew: the member who starts it; for a
// ticket of a contact, the team or else the assignee of the old one. Nobody when
// these were removed: it waits for the whole workspace.
func newOwner(a Access, old Conversation) Owner {
	_, team := a.Directory.Team(old.Team)
	_, assignee := a.Directory.Member(old.Assignee)
	switch {
	case a.Principal.Actor.Kind == ActorMember:
		return Owner{Member: a.Member.ID}
	case old.Kind == Livechat:
		return Owner{}
	case team:
		return Owner{Team: old.Team}
	case assignee:
		return Owner{Member: old.Assignee}
	}
	return Owner{}
}
