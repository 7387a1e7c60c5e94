package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
)

// existing answers a repeat, by key or by external id.
func (s *Service) existing(ctx context.Context, a Access, n NewConversation, key IdempotencyKey) (Outcome, bool, error) {
	if done, ok, err := s.repeat(ctx, a, key); ok || err != nil || n.ExternalID == "" {
		return done, ok, err
	}
	c, err := s.store.ConversationByExternalID(ctx, a.Principal.Workspace, n.ExternalID)
	if isNotFound(err) {
		return Outcome{}, false, nil
	}
	if err == nil {
		err = s.checkSame(ctx, a, c, n)
	}
	if err != nil {
		return Outcome{}, true, err
	}
	out, err := s.answerExisting(ctx, a, c, n, key)
	return out, true, err
}

// checkSame refuses an external id that names something else than was asked for.
// Such an id is chosen by callers, so knowing it proves nothing: the refusal is
// the same whether the kind or the contact is another or the caller may not see
// the conversation, and says nothing about it. B:N1.
func (s *Service) checkSame(ctx context.Context, a Access, c Conversation, n NewConversation) error {
	taken := Invalid("externalId", "This externalId is in use for another conversation. Use a new one, or repeat the first request with the same contact.")
	if c.Kind != n.Kind || !a.Sees(c) && !a.feeds(c).Allowed {
		return taken
	}
	same, err := s.names(ctx, n.Contact, c)
	if err == nil && !same {
		return taken
	}
	return err
}

// names reports whether n means the contact of c: by external id, or for a contact
// without one by all that was said of it, when c began or since.
func (s *Service) names(ctx context.Context, n NewContact, c Conversation) (bool, error) {
	if n.ExternalID != "" {
		named, err := s.contactByExternalID(ctx, c.Workspace, n.ExternalID)
		if isNotFound(err) {
			return false, nil
		}
		return named.ID == c.Contact, err
	}
	now, known, err := s.externalIDs(ctx, c.Workspace, c.Contact)
	if err != nil || len(known) > 0 {
		return false, err
	}
	if n.Name == now.Name && SameEmail(n.Email, now.Email) {
		return true, nil
	}
	first, err := s.firstEvent(ctx, c)
	if err != nil || first.After == nil || now.Erased {
		return false, err
	}
	return n.Name == first.After.ContactName && SameEmail(n.Email, first.After.ContactEmail), nil
}

// answerExisting answers with c, once the message that was given is in it.
func (s *Service) answerExisting(ctx context.Context, a Access, c Conversation, n NewConversation, key IdempotencyKey) (Outcome, error) {
	first, err := s.firstEvent(ctx, c)
	out := Outcome{Event: first}
	if err == nil {
		c, out.Warnings, err = s.toldAgain(ctx, a, c, n)
	}
	out.Conversation = c
	if err != nil || n.Message == "" || c.Status != Closed && first.begins(a.voice(c.Contact), n.Message) {
		return out, err
	}
	sent, err := s.deliver(ctx, a, c, n.Message, key)
	if err != nil {
		return Outcome{}, err
	}
	out.Conversation = sent.Conversation
	return out, nil
}

// begins reports whether the first message that went with e is this one.
func (e Event) begins(author Actor, body string) bool {
	return len(e.Messages) > 0 && e.Messages[0].Author.sameVoice(author) && e.Messages[0].Body == body
}

// deliver writes the message of a repeated create into what exists, once for each
// text. A closed conversation refuses it with CONVERSATION_CLOSED: nothing that
// was said is dropped.
func (s *Service) deliver(ctx context.Context, a Access, c Conversation, body string, key IdempotencyKey) (Sent, error) {
	author := a
	if a.Principal.Actor.Kind == ActorPartner {
		var err error
		if author, err = a.inNameOf(c, ""); err != nil {
			return Sent{}, err
		}
	}
	r := SendRequest{Conversation: c.ID, Body: body, Epoch: &c.Epoch, externalID: firstMessageID(author.Principal.Actor, body)}
	return s.send(ctx, author, r, key)
}

// firstMessageID is the external id under which deliver writes a text of author.
func firstMessageID(author Actor, body string) string {
	sum := sha256.Sum256([]byte(string(author.Kind) + "\x00" + author.ID + "\x00" + body))
	return "first:" + hex.EncodeToString(sum[:])
}

// voice is in whose name the caller writes the first message of a conversation: a
// key that feeds conversations in passes on what its contact said, everybody else
// speaks for themselves. B:N2.
func (a Access) voice(contact ContactID) Actor {
	if actor := a.Principal.Actor; actor.Kind != ActorPartner {
		return actor
	}
	return Actor{Kind: ActorContact, ID: string(contact)}
}

func (s *Service) firstEvent(ctx context.Context, c Conversation) (Event, error) {
	page, err := s.store.ListHistory(ctx, HistoryQuery{Workspace: c.Workspace, Conversation: c.ID, Limit: 1, Before: 2})
	if err != nil || len(page.Items) == 0 {
		return Event{}, err
	}
	return page.Items[0], nil
}
