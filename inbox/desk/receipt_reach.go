package desk

import (
	"context"

	"switchboard/inbox"
)

// receiptPage bounds how many messages are read at once to find one to the contact.
const receiptPage = 100

// cameTo is the last message to the contact of c up to m, which is what a receipt about m
// delivers. ok is false if every receipt until now said as much: what the contact wrote
// itself came to nobody.
func (s *Messages) cameTo(ctx context.Context, c inbox.Conversation, m inbox.Message, read bool) (last inbox.Message, ok bool, err error) {
	marked := c.Receipts.DeliveredTo
	if read {
		marked = min(marked, c.Receipts.ReadTo)
	}
	q := MessageQuery{Workspace: c.Workspace, Conversation: c.ID, PublicOnly: true, Page: inbox.PageRequest{Limit: receiptPage, Backward: true}}
	for last = m; !last.ToContact() && last.Sequence > marked; {
		before := last.PageCursor()
		q.Page.Before = &before
		page, err := s.store.ListMessages(ctx, q)
		if err != nil || len(page.Items) == 0 {
			return last, false, err
		}
		last = latestToContact(page.Items)
	}
	return last, last.ToContact() && last.Sequence > marked, nil
}

// latestToContact is the last message to the contact, or else the first of them all.
// They are in order.
func latestToContact(all []inbox.Message) inbox.Message {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].ToContact() {
			return all[i]
		}
	}
	return all[0]
}
