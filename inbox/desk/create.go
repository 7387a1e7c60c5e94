package desk

import (
	"cmp"
	"context"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/workspace"
)

// NewConversation holds the arguments of createTicket, startLivechat and
// startNewConversation.
type NewConversation struct {
	Kind       workspace.Kind
	Subject    string
	Channel    string
	Contact    contacts.NewContact
	ExternalID string
	// To is the assignee or team of a ticket.
	To access.Owner
	// Agent is the AI agent of a chat; empty for the caller's own, if it is one.
	Agent workspace.AgentID
	// Message is the first one; empty for none. It is the caller's own, but that of
	// an API key is the contact's. B:N2.
	Message string
	Key     string
	// pooled lets a ticket without To wait for the whole workspace.
	pooled bool
}

// seen is n without texts that look empty: those are none.
func (n NewConversation) seen() NewConversation {
	for _, text := range []*string{&n.Subject, &n.Channel, &n.Message} {
		*text = inbox.Visible(*text)
	}
	n.Contact = n.Contact.Visible()
	return n
}

func (n NewConversation) check() error {
	err := cmp.Or(
		inbox.CheckLength("subject", n.Subject, inbox.MaxSubject),
		inbox.CheckOneLine("subject", n.Subject),
		inbox.CheckLength("channel", n.Channel, 50),
		inbox.CheckOneLine("channel", n.Channel),
		inbox.CheckLength("message", n.Message, inbox.MaxMessage),
		inbox.CheckKey("externalId", n.ExternalID),
		n.Contact.Check(),
	)
	if err == nil && n.Kind == workspace.Ticket {
		err = inbox.CheckText("subject", n.Subject, inbox.MaxSubject)
	}
	return err
}

// CreateTicket makes a ticket that has an assignee or a team. B:N1.
func (s *Intake) CreateTicket(ctx context.Context, p inbox.Principal, n NewConversation) (Outcome, error) {
	n.Kind = workspace.Ticket
	return s.create(ctx, p, "createTicket", n)
}

// StartLivechat makes a chat: that of a member belongs to that member, any other
// is answered by an AI agent or handed out by the rules. B:N2.
func (s *Intake) StartLivechat(ctx context.Context, p inbox.Principal, n NewConversation) (Outcome, error) {
	n.Kind = workspace.Livechat
	return s.create(ctx, p, "startLivechat", n)
}

func (s *Intake) create(ctx context.Context, p inbox.Principal, name string, n NewConversation) (Outcome, error) {
	n = n.seen()
	if err := n.check(); err != nil {
		return Outcome{}, err
	}
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return Outcome{}, err
	}
	asked := func(a access.Access) error {
		none := inbox.Conversation{Kind: n.Kind}
		return a.Refusal(none, s.run.declared(access.StepCreate).Judge(a, none, access.Asked{}))
	}
	if err := asked(a); err != nil {
		return Outcome{}, err
	}
	key, err := s.base.Key(p, n.Key, name, n)
	if err != nil {
		return Outcome{}, err
	}
	if err := s.spendNew(p, n); err != nil {
		return Outcome{}, err
	}
	t := s.run.newAttempt(a)
	t.asked = asked
	for range commit.MaxAttempts {
		if done, ok, err := s.existing(ctx, a, n, key); ok || err != nil {
			return done, err
		}
		out, err := s.createOnce(ctx, t, n, key)
		if !errors.Is(err, commit.ErrDuplicateKey) && !commit.IsLostRace(err) {
			return out, err
		}
	}
	return Outcome{}, commit.TooBusy()
}

func (s *Intake) createOnce(ctx context.Context, t *attempt, n NewConversation, key inbox.IdempotencyKey) (Outcome, error) {
	known, err := s.contacts.Named(ctx, t.access, n.Kind, n.Contact)
	if err != nil {
		return Outcome{}, err
	}
	contact := known.Contact
	t.warnings, t.At = known.Warnings, s.base.Clock()
	defer t.letGo()
	d := inbox.Draft{
		ID: inbox.ConversationID(s.base.NewID()), Workspace: t.access.Principal.Workspace, Kind: n.Kind, Subject: n.Subject,
		Channel: cmp.Or(n.Channel, "web"), Contact: contact, ExternalID: n.ExternalID, Feeder: t.access.Key.ID,
	}
	var first []inbox.Message
	if n.Message != "" {
		first = []inbox.Message{{Author: voice(t.access, contact.ID), Body: n.Message}}
	}
	m, err := s.run.draft(ctx, t, access.StepCreate, d, n, first...)
	if err != nil {
		return Outcome{}, err
	}
	m.Event.Key = key
	out, err := s.run.conclude(ctx, t, m, known.Change())
	if err == nil && known.Save != nil {
		_ = s.contacts.Propagate(ctx, t.By, contact.Workspace, contact.ID) // Empty does the rest
	}
	return out, err
}
