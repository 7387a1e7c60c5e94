package inbox

import "slices"

// Before is the conversation as it was before e; existed is false for the event
// that created it.
func (e Event) Before() (c Conversation, existed bool) {
	c = *e.After
	c.Ownership = e.From
	if e.WasContact != nil {
		e.WasContact.copyTo(&c)
	}
	if e.Was != nil {
		c.FormerAssignee, c.LastActivityAt = e.Was.FormerAssignee, e.Was.LastActivityAt
		c.ClosedAt, c.AwaitingReplySince, c.Offer = e.Was.ClosedAt, e.Was.AwaitingReplySince, e.Was.Offer
	}
	return c, e.Kind != EventCreated
}

// Public reports whether the contact receives e: a change of ownership that is not
// Unseen, or a message that is not internal.
func (e Event) Public() bool {
	return e.Type == OwnershipEvent && !e.Unseen() || slices.ContainsFunc(e.Messages, func(m Message) bool { return !m.Internal })
}
