package sqlite

import (
	"slices"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// touched returns the stored conversation with the fields that the event of c may
// change, and no others: a message must not undo an ownership change that it did not
// see.
func touched(c commit.Change, stored inbox.Conversation) inbox.Conversation {
	messages := slices.Clone(c.Event.Messages)
	after := stored.Number(messages)
	after.Revision++
	if c.EndTokens {
		after.TokenIssue = c.Conversation.TokenIssue
	}
	switch c.Event.Type {
	case inbox.ContactTokensEvent:
		return after
	case inbox.ReceiptEvent:
		after.Receipts, after.LastMessage = c.Conversation.Receipts, c.Conversation.LastMessage
		return after
	case inbox.ContactEvent:
		return follow(after, c.Conversation)
	default:
	}
	after.LastActivityAt = c.Conversation.LastActivityAt
	if m := document.LastPublic(messages); m != nil {
		after.LastMessage = m
	}
	if c.Event.Settles != "" || c.Conversation.MayHaveNotifications || c.Event.Type == inbox.OwnershipEvent {
		after.MayHaveNotifications = c.Conversation.MayHaveNotifications
	}
	after.AwaitingReplySince = awaiting(c, stored)
	if c.Event.Type == inbox.OwnershipEvent {
		return moved(after, c.Conversation)
	}
	return after
}

// follow copies the fields that follow from the contact.
func follow(c, from inbox.Conversation) inbox.Conversation {
	c.Contact, c.ContactName, c.ContactEmail = from.Contact, from.ContactName, from.ContactEmail
	c.ContactPhone, c.ContactCopyRevision = from.ContactPhone, from.ContactCopyRevision
	return c
}

// moved copies the fields that a change of ownership writes.
func moved(c, from inbox.Conversation) inbox.Conversation {
	c.Ownership, c.Version, c.Epoch, c.FormerAssignee = from.Ownership, from.Version, from.Epoch, from.FormerAssignee
	c.OpenedIn, c.ClosedAt, c.Introduced, c.Changed, c.ShownAt = from.OpenedIn, from.ClosedAt, from.Introduced, from.Changed, from.ShownAt
	c.Offer = from.Offer
	return c
}

// awaiting returns since when the contact awaits an answer after c. Messages do not
// wait for each other, so that one of a contact may not know whether the wait has
// begun: the earliest beginning stays.
func awaiting(c commit.Change, stored inbox.Conversation) time.Time {
	since, begun := stored.AwaitingReplySince, document.BeginsWait(c)
	switch {
	case c.Event.Type == inbox.OwnershipEvent, c.Event.Type == inbox.MessageEvent && inbox.ReplyIn(c.Event.Messages) == inbox.ReplyGiven:
		return c.Conversation.AwaitingReplySince
	case !begun.IsZero() && (since.IsZero() || begun.Before(since)):
		return begun
	}
	return since
}
