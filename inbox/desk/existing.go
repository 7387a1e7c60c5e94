package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/workspace"
)

// existing answers a repeat, by key or by external id.
func (s *Intake) existing(ctx context.Context, a access.Access, n NewConversation, key inbox.IdempotencyKey) (Outcome, bool, error) {
	if done, ok, err := s.run.repeat(ctx, a, key); ok || err != nil || n.ExternalID == "" {
		return done, ok, err
	}
	c, err := s.store.ConversationByExternalID(ctx, a.Principal.Workspace, n.ExternalID)
	if inbox.IsNotFound(err) {
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

// checkSame refuses an external id that names another conversation than the request
// describes. Callers choose such ids, so knowing one proves nothing: a caller who
// may not see the conversation learns nothing about it. For others the error names
// the existing one. B:N1.
func (s *Intake) checkSame(ctx context.Context, a access.Access, c inbox.Conversation, n NewConversation) error {
	if !a.Shows(c) {
		return inbox.Invalid("externalId", "This externalId is in use for another conversation. Use a new one, or repeat the first request with the same contact.")
	}
	if c.Kind != n.Kind {
		return inbox.Invalid("externalId", "This externalId names a %s already, so no %s was made. Use another externalId.", noun(c.Kind), noun(n.Kind))
	}
	same, err := s.names(ctx, n.Contact, c)
	if err == nil && !same {
		err = inbox.Invalid("externalId", "This externalId names a %s of another contact already, so none was made. Use another externalId, or repeat the first request with the same contact.", noun(c.Kind))
	}
	return err
}

// noun is the kind in a sentence.
func noun(k workspace.Kind) string {
	if k == workspace.Ticket {
		return "ticket"
	}
	return "livechat"
}

// names reports whether n means the contact of c: by external id, or for a contact
// without one by all that was said of it, when c began or since.
func (s *Intake) names(ctx context.Context, n contacts.NewContact, c inbox.Conversation) (bool, error) {
	if n.ExternalID != "" {
		named, err := s.contacts.ContactByExternalID(ctx, c.Workspace, n.ExternalID)
		if inbox.IsNotFound(err) {
			return false, nil
		}
		return named.ID == c.Contact, err
	}
	now, known, err := s.contacts.ExternalIDs(ctx, c.Workspace, c.Contact)
	if err != nil || len(known) > 0 {
		return false, err
	}
	if n.Name == now.Name && workspace.SameEmail(n.Email, now.Email) {
		return true, nil
	}
	first, err := s.firstEvent(ctx, c)
	if err != nil || first.After == nil || now.Erased {
		return false, err
	}
	return n.Name == first.After.ContactName && workspace.SameEmail(n.Email, first.After.ContactEmail), nil
}

// answerExisting returns c, once the request's message is in it, or in the
// conversation that continues it. No message is dropped: one that cannot be written
// is refused.
func (s *Intake) answerExisting(ctx context.Context, a access.Access, c inbox.Conversation, n NewConversation, key inbox.IdempotencyKey) (Outcome, error) {
	author, err := speaker(a, c)
	if err == nil && n.Message != "" {
		c, err = s.writtenMessage(ctx, author, c)
	}
	if err != nil {
		return Outcome{}, err
	}
	first, err := s.firstEvent(ctx, c)
	out := Outcome{Event: first}
	if err == nil {
		c, out.Warnings, err = s.contacts.ToldAgain(ctx, a, c, n.Contact)
		out.Warnings = append(out.Warnings, n.differs(c, first)...)
	}
	out.Conversation = c
	if err != nil || n.Message == "" || c.Episode() == 1 && begins(first, author.Principal.Actor, n.Message) {
		return out, err
	}
	sent, err := s.deliver(ctx, author, c, SendRequest{Body: n.Message, relay: a.Principal.Actor}, key)
	if err != nil {
		return Outcome{}, err
	}
	out.Conversation = sent.Conversation
	return out, nil
}

// differs warns that the existing conversation stays as it is, although the request
// differs from the one that made it. Empty fields are not compared.
func (n NewConversation) differs(c inbox.Conversation, first inbox.Event) []inbox.Warning {
	to := n.To == (access.Owner{}) || n.To.Team != "" && n.To.Team == first.To.Team || n.To.Member != "" && n.To.Member == first.To.Assignee
	about := (n.Subject == "" || n.Subject == c.Subject) && (n.Channel == "" || n.Channel == c.Channel)
	if to && about && (n.Agent == "" || n.Agent == c.OriginAgent) {
		return nil
	}
	return []inbox.Warning{inbox.WarnExists}
}

// writtenMessage returns the conversation that a message of author in c belongs to: for a
// contact, one that continues c once c cannot be reopened. B:C4
func (s *Intake) writtenMessage(ctx context.Context, author access.Access, c inbox.Conversation) (_ inbox.Conversation, err error) {
	contact := author.Principal.Actor.Kind == workspace.ActorContact
	for err == nil && contact && c.Status == inbox.Closed && c.Next != "" && !access.Reopens(c, author.Rules(), s.base.Clock()) {
		c, err = s.run.successor(ctx, author, c)
	}
	return c, err
}

// begins reports whether the first message that went with e is this one.
func begins(e inbox.Event, author workspace.Actor, body string) bool {
	return len(e.Messages) > 0 && e.Messages[0].Author.SameVoice(author) && e.Messages[0].Body == body
}

// deliver writes the message of a repeated create into c, which exists, once for
// each text since c was opened last.
func (s *Intake) deliver(ctx context.Context, author access.Access, c inbox.Conversation, r SendRequest, key inbox.IdempotencyKey) (Sent, error) {
	actor := author.Principal.Actor
	r.Conversation, r.Epoch, r.externalID = c.ID, &c.Epoch, firstMessageID(actor, r.Body, c.Episode())
	if done, ok, err := s.messages.postedBefore(ctx, c, actor, r.externalID); ok || err != nil {
		return done, err
	}
	return s.messages.admitted(ctx, inSuccessor(author, c), r, key)
}

// firstMessageID is the external id under which deliver writes a text of author.
func firstMessageID(author workspace.Actor, body string, episode int) string {
	text := string(author.Kind) + "\x00" + author.ID + "\x00" + body
	if episode > 1 {
		text += fmt.Sprintf("\x00%d", episode)
	}
	sum := sha256.Sum256([]byte(text))
	return "first:" + hex.EncodeToString(sum[:])
}

// speaker is the access of the author in whose name the caller writes in c: see
// voice.
func speaker(a access.Access, c inbox.Conversation) (access.Access, error) {
	if a.Principal.Actor.Kind != workspace.ActorPartner {
		return a, nil
	}
	return inNameOf(a, c, "")
}

// voice is the author of the first message of a conversation: a key that feeds
// conversations in passes on its contact's message, all other callers write their
// own. B:N2.
func voice(a access.Access, contact inbox.ContactID) workspace.Actor {
	if actor := a.Principal.Actor; actor.Kind != workspace.ActorPartner {
		return actor
	}
	return workspace.Actor{Kind: workspace.ActorContact, ID: string(contact)}
}

func (s *Intake) firstEvent(ctx context.Context, c inbox.Conversation) (inbox.Event, error) {
	page, err := s.store.ListHistory(ctx, HistoryQuery{Workspace: c.Workspace, Conversation: c.ID, Limit: 1, Before: 2})
	if err != nil || len(page.Items) == 0 {
		return inbox.Event{}, err
	}
	return page.Items[0], nil
}
