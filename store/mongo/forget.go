package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/retention"
	"switchboard/store/document"
)

// Forget removes a part of a closed conversation: see retention.Store.
func (s *Store) Forget(ctx context.Context, f retention.Forgetting) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	c, err := s.Conversation(ctx, f.Workspace, f.Conversation)
	if inbox.CodeOf(err) == inbox.NotFound || err == nil && (c.Status != inbox.Closed || !c.LastActivityAt.Before(f.QuietSince)) {
		return nil
	}
	if err != nil {
		return err
	}
	switch f.Part {
	case retention.Events:
		err = s.forgetEvents(ctx, c)
	case retention.Messages:
		err = s.forgetMessages(ctx, f)
	case retention.Keys:
		err = s.forgetKeys(ctx, f)
	}
	return fault("remove what is kept no longer", err)
}

// recordsOf selects the records of a kind of a conversation.
func recordsOf(c inbox.Conversation, kind document.Record, more ...bson.E) bson.D {
	return append(bson.D{{Key: "workspace", Value: c.Workspace}, {Key: "conversation", Value: c.ID}, {Key: "record", Value: kind}}, more...)
}

// forgetEvents leaves the last change of ownership. Whatever happened since c was read
// has a later version, or is newer than the last activity of c.
func (s *Store) forgetEvents(ctx context.Context, c inbox.Conversation) error {
	_, err := s.events.DeleteMany(ctx, recordsOf(c, document.EventRecord, bson.E{Key: "$or", Value: bson.A{
		bson.D{{Key: "type", Value: inbox.OwnershipEvent}, {Key: "version", Value: bson.D{{Key: "$lt", Value: c.Version}}}},
		bson.D{{Key: "type", Value: bson.D{{Key: "$ne", Value: inbox.OwnershipEvent}}}, {Key: "at", Value: bson.D{{Key: "$lte", Value: c.LastActivityAt}}}},
	}}))
	return err
}

// forgotten marks events of which something was removed. Feeds leave out such changes.
const forgotten = "forgotten"

// forgetting is an update that removes fields of events.
func forgetting(fields ...string) bson.D {
	var gone bson.D
	for _, f := range fields {
		gone = append(gone, bson.E{Key: f, Value: ""})
	}
	return bson.D{{Key: "$unset", Value: gone}, {Key: "$set", Value: bson.D{{Key: forgotten, Value: true}}}}
}

func (s *Store) forgetKeys(ctx context.Context, f retention.Forgetting) error {
	c := inbox.Conversation{Workspace: f.Workspace, ID: f.Conversation}
	_, err := s.events.UpdateMany(ctx, recordsOf(c, document.EventRecord,
		bson.E{Key: "at", Value: bson.D{{Key: "$lt", Value: f.QuietSince}}}, bson.E{Key: "key.key", Value: bson.D{{Key: "$exists", Value: true}}}), forgetting("key"))
	return err
}

// errTouched is a conversation in which something happened meanwhile.
var errTouched = errors.New("store: the conversation is not quiet")

func (s *Store) forgetMessages(ctx context.Context, f retention.Forgetting) error {
	left := bson.D{{Key: "_id", Value: f.Conversation}, {Key: "workspace", Value: f.Workspace}, {Key: "own.status", Value: inbox.Closed}, {Key: "lastActivityAt", Value: bson.D{{Key: "$lt", Value: f.QuietSince}}}}
	there, err := exists(ctx, s.events, recordsOf(inbox.Conversation{Workspace: f.Workspace, ID: f.Conversation}, document.MessageRecord))
	if err != nil || !there {
		return err
	}
	err = s.transact(ctx, transaction{
		do:   func(tx context.Context) error { return s.removeMessages(tx, f, left) },
		done: func(context.Context) (bool, error) { return false, nil },
	})
	if errors.Is(err, errTouched) {
		return nil
	}
	return err
}

// removeMessages writes the conversation first, so that a message that is written
// meanwhile meets this transaction.
func (s *Store) removeMessages(tx context.Context, f retention.Forgetting, left bson.D) error {
	res, err := s.conversations.UpdateOne(tx, left, bson.D{
		{Key: "$set", Value: bson.D{{Key: "lastMessage", Value: nil}}}, {Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}}},
	})
	if err == nil && res.MatchedCount == 0 {
		return errTouched
	}
	if err != nil {
		return err
	}
	c := inbox.Conversation{Workspace: f.Workspace, ID: f.Conversation}
	if _, err := s.events.DeleteMany(tx, recordsOf(c, document.MessageRecord)); err != nil {
		return err
	}
	_, err = s.events.UpdateMany(tx, recordsOf(c, document.EventRecord), forgetting("messages", "after.lastMessage", "afterLast", "key"))
	return err
}
