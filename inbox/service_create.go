package inbox

import (
	"cmp"
	"context"
	"errors"
)

// NewContact names the contact of a new conversation, who may exist, by external id
// or by a verified address or number. Empty fields are unknown.
type NewContact struct {
	ExternalID, Name, Email string

	Phone         string      `json:",omitempty"`
	EmailVerified bool        `json:",omitempty"`
	PhoneVerified bool        `json:",omitempty"`
	Attributes    []Attribute `json:",omitempty"`
}

// NewConversation holds the arguments of createTicket, startLivechat and
// startNewConversation.
type NewConversation struct {
	Kind       Kind
	Subject    string
	Channel    string
	Contact    NewContact
	ExternalID string
	// To is the assignee or team of a ticket.
	To Owner
	// Agent is the AI agent of a chat; empty for the caller's own, if it is one.
	Agent AgentID
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
		*text = seen(*text)
	}
	n.Contact = n.Contact.seen()
	return n
}

func (n NewConversation) check() error {
	err := cmp.Or(
		checkLength("subject", n.Subject, MaxSubject),
		checkLength("channel", n.Channel, 50),
		checkLength("message", n.Message, MaxMessage),
		checkKey("externalId", n.ExternalID),
		n.Contact.check(),
	)
	if err == nil && n.Kind == Ticket {
		err = checkText("subject", n.Subject, MaxSubject)
	}
	return err
}

// CreateTicket makes a ticket that has an assignee or a team. B:N1.
func (s *Service) CreateTicket(ctx context.Context, p Principal, n NewConversation) (Outcome, error) {
	n.Kind = Ticket
	return s.create(ctx, p, "createTicket", n)
}

// StartLivechat makes a chat: that of a member belongs to that member, any other
// is answered by an AI agent or handed out by the rules. B:N2.
func (s *Service) StartLivechat(ctx context.Context, p Principal, n NewConversation) (Outcome, error) {
	n.Kind = Livechat
	return s.create(ctx, p, "startLivechat", n)
}

func (s *Service) create(ctx context.Context, p Principal, name string, n NewConversation) (Outcome, error) {
	n = n.seen()
	if err := n.check(); err != nil {
		return Outcome{}, err
	}
	a, err := s.Access(ctx, p)
	if err != nil {
		return Outcome{}, err
	}
	// A caller who may reply to some conversation of the kind may begin one.
	asked := func(a Access) error {
		none := Conversation{Kind: n.Kind}
		return a.Refusal(none, a.permit(none, PermReply, ScopeOwn))
	}
	if err := asked(a); err != nil {
		return Outcome{}, err
	}
	key, err := s.key(p, n.Key, name, n)
	if err != nil {
		return Outcome{}, err
	}
	if err := s.spendNew(p, n); err != nil {
		return Outcome{}, err
	}
	t := s.turn(a)
	t.asked = asked
	for range maxAttempts {
		if done, ok, err := s.existing(ctx, a, n, key); ok || err != nil {
			return done, err
		}
		out, err := s.createOnce(ctx, t, n, key)
		if !errors.Is(err, ErrDuplicateKey) && !isLostRace(err) {
			return out, err
		}
	}
	return Outcome{}, tooBusy()
}

func (s *Service) createOnce(ctx context.Context, t *turn, n NewConversation, key IdempotencyKey) (Outcome, error) {
	known, err := s.contact(ctx, t.access, n.Kind, n.Contact)
	if err != nil {
		return Outcome{}, err
	}
	contact := known.contact
	t.warnings, t.At = known.warnings, s.clock()
	defer t.letGo()
	d := Draft{
		ID: ConversationID(s.nextID()), Workspace: t.access.Principal.Workspace, Kind: n.Kind, Subject: n.Subject,
		Channel: cmp.Or(n.Channel, "web"), Contact: contact, ExternalID: n.ExternalID,
	}
	m, err := s.draft(ctx, t, d, n)
	if err != nil {
		return Outcome{}, err
	}
	m.Event.Key = key
	if n.Message != "" {
		m.Event.Messages = append(m.Event.Messages, Message{Author: t.access.voice(contact.ID), Body: n.Message})
	}
	out, err := s.conclude(ctx, t, m, known.change())
	if err == nil && known.save != nil {
		_ = s.spread(ctx, t.By, contact.Workspace, contact.ID) // Empty does the rest
	}
	return out, err
}

// mayName refuses a caller who may not know the contact that an id of its own
// choice names: the conversation would show it. The error does not describe the
// contact.
func (s *Service) mayName(ctx context.Context, a Access, c Contact) error {
	known, err := s.knows(ctx, a, c.ID)
	if err == nil && !known {
		err = Invalid("contact.externalId", "This externalId cannot be used here. Leave it out, or use another.")
	}
	return err
}
