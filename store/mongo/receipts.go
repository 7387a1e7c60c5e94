package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// receiptFields are those of a conversation that a receipt writes. The last message is as
// it was read: the guard demands the revision.
func receiptFields(c inbox.Conversation) bson.D {
	set := bson.D{{Key: "deliveredTo", Value: c.Receipts.DeliveredTo}, {Key: "readTo", Value: c.Receipts.ReadTo}}
	if m := c.LastMessage; m != nil && !m.DeliveredAt.IsZero() {
		set = append(set, bson.E{Key: "lastMessage.deliveredAt", Value: m.DeliveredAt})
	}
	if m := c.LastMessage; m != nil && !m.ReadAt.IsZero() {
		set = append(set, bson.E{Key: "lastMessage.readAt", Value: m.ReadAt})
	}
	return set
}

// writeReceipt writes the times of a receipt into the messages that it is the first to say
// something of.
func (s *Store) writeReceipt(tx context.Context, e inbox.Event) error {
	if e.Receipt == nil {
		return nil
	}
	behind, to := e.Receipt.Delivers()
	if err := s.receive(tx, e, "deliveredAt", behind, to); err != nil {
		return err
	}
	behind, to = e.Receipt.Reads()
	return s.receive(tx, e, "readAt", behind, to)
}

func (s *Store) receive(tx context.Context, e inbox.Event, field string, behind, to int) error {
	if behind == to {
		return nil
	}
	those := bson.D{
		{Key: "workspace", Value: e.Workspace}, {Key: "conversation", Value: e.Conversation}, {Key: "record", Value: document.MessageRecord},
		{Key: "sequence", Value: bson.D{{Key: "$gt", Value: behind}, {Key: "$lte", Value: to}}},
		{Key: "internal", Value: false}, {Key: "author.kind", Value: bson.D{{Key: "$ne", Value: workspace.ActorContact}}},
	}
	_, err := s.events.UpdateMany(tx, those, bson.D{{Key: "$set", Value: bson.D{{Key: field, Value: e.At.UTC().Truncate(time.Millisecond)}}}})
	return err
}

// revisionFilter demands a revision. Documents hold none while it is 0.
func revisionFilter(revision int) bson.E {
	if revision == 0 {
		return bson.E{Key: "revision", Value: bson.D{{Key: "$exists", Value: false}}}
	}
	return bson.E{Key: "revision", Value: revision}
}
