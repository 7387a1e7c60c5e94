package world

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
)

func (m *records) write(c commit.Change) {
	next, old := c.Conversation, m.Threads[c.Conversation.ID]
	switch {
	case c.Create:
	case c.Event.Type == inbox.MessageEvent:
		next = old
		next.LastMessage, next.LastActivityAt = c.Conversation.LastMessage, c.Conversation.LastActivityAt
		if c.Event.Settles != "" || c.Conversation.MayHaveNotifications {
			next.MayHaveNotifications = c.Conversation.MayHaveNotifications
		}
		switch inbox.ReplyIn(c.Event.Messages) {
		case inbox.ReplyGiven:
			next.AwaitingReplySince = time.Time{}
		case inbox.ReplyAwaited:
			if old.AwaitingReplySince.IsZero() {
				next.AwaitingReplySince = c.Event.At
			}
		case inbox.ReplyUnchanged:
		}
	case c.Event.Type == inbox.ContactTokensEvent:
		next = old
	case c.Event.Receipt != nil:
		next = old
		next.Receipts, next.LastMessage = c.Conversation.Receipts, c.Conversation.LastMessage
		m.receive(c.Event)
	default:
		next.Contact, next.ContactName, next.ContactEmail = old.Contact, old.ContactName, old.ContactEmail
		next.ContactPhone, next.ContactCopyRevision = old.ContactPhone, old.ContactCopyRevision
		next.Previous, next.Next, next.TokenIssue = old.Previous, old.Next, old.TokenIssue
	}
	if c.EndTokens {
		next.TokenIssue = c.Conversation.TokenIssue
	}
	next.Revision, next.MessageCount, next.PublicMessageCount = old.Revision, old.MessageCount, old.PublicMessageCount
	next = next.Number(c.Event.Messages)
	next.Revision++
	if c.Event.After != nil {
		*c.Event.After = next
	}
	m.Threads[next.ID] = next
	if before, ok := m.Threads[c.Continues]; ok {
		before.Next = next.ID
		before.Revision++
		m.Threads[before.ID] = before
	}
	if c.Audit != nil {
		m.AuditLog = append(m.AuditLog, *c.Audit)
	}
	m.events = append(m.events, c.Event)
	m.keepOffers(c.Event)
	if c.Rotation != nil {
		m.rotations[c.Rotation.Team] = *c.Rotation
	}
	if c.Contact != nil {
		m.People[c.Contact.ID] = *c.Contact
	}
	if c.Contacts != nil {
		m.saveContacts(*c.Contacts)
	}
	for _, l := range c.Loads {
		load := Moved(m.Counts[l.Member], l)
		if !l.AutoAssignedAt.IsZero() {
			load.LastAutoAssigned = l.AutoAssignedAt
		}
		m.Counts[l.Member] = load
	}
}
