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
	if inbox.CodeOf(err) == inbox.NotFound {
		return nil
	}
	if err != nil || c.Status != inbox.Closed || !c.LastActivityAt.Before(f.QuietSince) {
		return err
	}
	remove := map[retention.Part]func(context.Context, retention.Forgetting, inbox.Conversation) error{
		retention.Events: removing{s}.events, retention.Messages: removing{s}.messages, retention.Keys: removing{s}.keys,
	}[f.Part]
	return fault("remove what is kept no longer", remove(ctx, f, c))
}

// removing removes parts of a conversation that was closed and quiet when c was read.
type removing struct{ s *Store }

// recordsOf selects the records of a kind of a conversation.
func recordsOf(c inbox.Conversation, kind document.Record, more ...bson.E) bson.D {
	filter := bson.D{{Key: "workspace", Value: c.Workspace}, {Key: "conversation", Value: c.ID}, {Key: "record", Value: kind}}
	return append(filter, more...)
}

// events leaves the last change of ownership. Whatever happened since c was read has a
// later version, or is newer than the last activity of c.
func (r removing) events(ctx context.Context, _ retention.Forgetting, c inbox.Conversation) error {
	earlier := bson.D{{Key: "type", Value: inbox.OwnershipEvent}, {Key: "version", Value: bson.D{{Key: "$lt", Value: c.Version}}}}
	others := bson.D{
		{Key: "type", Value: bson.D{{Key: "$ne", Value: inbox.OwnershipEvent}}},
		{Key: "at", Value: bson.D{{Key: "$lte", Value: c.LastActivityAt}}},
	}
	either := bson.E{Key: "$or", Value: bson.A{earlier, others}}
	if _, err := r.s.events.DeleteMany(ctx, recordsOf(c, document.EventRecord, either)); err != nil {
		return err
	}
	ended := bson.D{{Key: "workspace", Value: c.Workspace}, {Key: "conversation", Value: c.ID}, {Key: "status", Value: bson.D{{Key: "$ne", Value: inbox.OfferOpen}}}}
	_, err := r.s.offers.DeleteMany(ctx, ended)
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

func (r removing) keys(ctx context.Context, f retention.Forgetting, c inbox.Conversation) error {
	keyed := recordsOf(c, document.EventRecord,
		bson.E{Key: "at", Value: bson.D{{Key: "$lt", Value: f.QuietSince}}},
		bson.E{Key: "key.key", Value: bson.D{{Key: "$exists", Value: true}}})
	_, err := r.s.events.UpdateMany(ctx, keyed, forgetting("key"))
	return err
}

// errTouched is a conversation in which something happened meanwhile.
var errTouched = errors.New("store: the conversation is not quiet")

func (r removing) messages(ctx context.Context, f retention.Forgetting, c inbox.Conversation) error {
	there, err := exists(ctx, r.s.events, recordsOf(c, document.MessageRecord))
	if err != nil || !there {
		return err
	}
	err = r.s.transact(ctx, transaction{
		do:   func(tx context.Context) error { return r.messagesIn(tx, f, c) },
		done: func(context.Context) (bool, error) { return false, nil },
	})
	if errors.Is(err, errTouched) {
		return nil
	}
	return err
}

// messagesIn writes the conversation first, so that a message that is written meanwhile
// meets this transaction.
func (r removing) messagesIn(tx context.Context, f retention.Forgetting, c inbox.Conversation) error {
	quiet := bson.D{
		{Key: "_id", Value: c.ID}, {Key: "workspace", Value: c.Workspace}, {Key: "own.status", Value: inbox.Closed},
		{Key: "lastActivityAt", Value: bson.D{{Key: "$lt", Value: f.QuietSince}}},
	}
	none := bson.E{Key: "$set", Value: bson.D{{Key: "lastMessage", Value: nil}}}
	res, err := r.s.conversations.UpdateOne(tx, quiet, bson.D{none, {Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}}}})
	if err == nil && res.MatchedCount == 0 {
		return errTouched
	}
	if err != nil {
		return err
	}
	if _, err := r.s.events.DeleteMany(tx, recordsOf(c, document.MessageRecord)); err != nil {
		return err
	}
	copies := forgetting("messages", "after.lastMessage", "afterLast", "key")
	_, err = r.s.events.UpdateMany(tx, recordsOf(c, document.EventRecord), copies)
	return err
}
