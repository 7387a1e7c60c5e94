package resolvers

import (
	"context"
	"time"

	"switchboard/graph/model"
	"switchboard/inbox"
)

// mark records what came to the contact of a message.
func (r *Resolver) mark(ctx context.Context, in model.MarkMessagesInput, read bool) (*model.MarkMessagesPayload, error) {
	id, err := idOf[inbox.MessageID]("messageId", typeMessage, in.MessageID)
	return runAdmin(ctx, err, func(p inbox.Principal) (inbox.Message, error) {
		return r.Inbox.Messages.Receive(ctx, p, id, read)
	}, func(m *inbox.Message, refused refusals) *model.MarkMessagesPayload {
		marked := value(m) // its text is not for every caller
		return &model.MarkMessagesPayload{DeliveredAt: optionalTime(marked.DeliveredAt), ReadAt: optionalTime(marked.ReadAt), UserErrors: refused}
	})
}

// receiptOf is what a receipt of that time says to somebody who may see c.
func receiptOf(s *scope, r inbox.Receipt, at time.Time, c inbox.Conversation) *model.MessageReceipt {
	out := &model.MessageReceipt{
		MessageID: GlobalID(typeMessage, r.Message),
		Sequence:  s.sequence(inbox.Message{Sequence: r.Sequence, PublicSequence: r.PublicSequence}, s.disclose(c)),
	}
	if behind, to := r.Delivers(); behind < to {
		out.DeliveredAt = &at
	}
	if behind, to := r.Reads(); behind < to {
		out.ReadAt = &at
	}
	return out
}
