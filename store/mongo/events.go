package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// Event reads one event.
func (s *Store) Event(ctx context.Context, ws workspace.WorkspaceID, id inbox.EventID) (inbox.Event, error) {
	doc, err := byID(ctx, s, s.events, ws, id, isEvent)
	return readEvent(ctx, s, doc, err)
}

// EventByKey finds the event that the actor's key made.
func (s *Store) EventByKey(ctx context.Context, ws workspace.WorkspaceID, actor workspace.Actor, key string) (inbox.Event, error) {
	filter := bson.D{
		{Key: "workspace", Value: ws},
		{Key: "key.key", Value: key},
		{Key: "key.actor.id", Value: actor.ID},
		{Key: "key.actor.kind", Value: actor.Kind},
	}
	doc, err := findOne[document.Event](ctx, s, s.events, filter, options.FindOne().SetHint("key"))
	return readEvent(ctx, s, doc, err)
}

// EventsByKeys finds the events that the actor's keys with this beginning made, up to
// limit of them, in no order.
func (s *Store) EventsByKeys(
	ctx context.Context, ws workspace.WorkspaceID, actor workspace.Actor, beginning string, limit int,
) ([]inbox.Event, error) {
	filter := bson.D{
		{Key: "workspace", Value: ws},
		{Key: "key.key", Value: bson.D{{Key: "$gte", Value: beginning}, {Key: "$lt", Value: document.EndOfPrefix(beginning)}}},
		{Key: "key.actor.id", Value: actor.ID},
		{Key: "key.actor.kind", Value: actor.Kind},
	}
	if limit <= 0 {
		return nil, nil
	}
	docs, err := find[document.Event](ctx, s, s.events, filter, options.Find().SetHint("key").SetLimit(int64(limit)))
	if err == nil {
		docs, err = whole(ctx, s, docs)
	}
	out := make([]inbox.Event, 0, len(docs))
	for _, d := range docs {
		out = append(out, d.Event())
	}
	return out, fault("read events by their keys", err)
}

func isEvent(d document.Event) bool { return d.Record == document.EventRecord }

// readEvent completes an event that was read.
func readEvent(ctx context.Context, s *Store, doc document.Event, err error) (inbox.Event, error) {
	if err != nil {
		return inbox.Event{}, missing("event", "read an event", err)
	}
	docs, err := whole(ctx, s, []document.Event{doc})
	return docs[0].Event(), fault("read the messages of an event", err)
}

// ListHistory answers the ownership events of a conversation, newest first.
// NOT_FOUND when the conversation does not exist in the workspace.
func (s *Store) ListHistory(ctx context.Context, q desk.HistoryQuery) (inbox.Page[inbox.Event], error) {
	filter := bson.D{
		{Key: "workspace", Value: q.Workspace},
		{Key: "conversation", Value: q.Conversation},
		{Key: "type", Value: inbox.OwnershipEvent},
	}
	docs, err := s.historyBefore(ctx, filter, q)
	if err != nil {
		return inbox.Page[inbox.Event]{}, fault("list a history", err)
	}
	if len(docs) == 0 && q.Before == 0 {
		_, err := s.Conversation(ctx, q.Workspace, q.Conversation)
		return inbox.Page[inbox.Event]{}, err
	}
	limit := min(max(q.Limit, 0), len(docs))
	page := store.Convert(inbox.Page[document.Event]{Items: docs[:limit], HasNext: len(docs) > limit}, document.Event.Event)
	if q.Before != 0 {
		ctx, cancel := s.bound(ctx)
		defer cancel()
		newer := append(filter, bson.E{Key: "version", Value: bson.D{{Key: "$gte", Value: q.Before}}})
		if page.HasPrev, err = exists(ctx, s.events, newer); err != nil {
			return inbox.Page[inbox.Event]{}, fault("list a history", err)
		}
	}
	return page, nil
}

// historyBefore reads one event more than asked for, to know whether there is one.
func (s *Store) historyBefore(ctx context.Context, filter bson.D, q desk.HistoryQuery) ([]document.Event, error) {
	if q.Before != 0 {
		filter = append(filter[:len(filter):len(filter)], bson.E{Key: "version", Value: bson.D{{Key: "$lt", Value: q.Before}}})
	}
	sorted := options.Find().SetSort(bson.D{{Key: "version", Value: -1}}).SetLimit(int64(max(q.Limit, 0)) + 1)
	docs, err := find[document.Event](ctx, s, s.events, filter, sorted)
	if err != nil {
		return nil, err
	}
	return whole(ctx, s, docs)
}

// NewestID is the greatest id among the events, messages and notifications of all
// workspaces; empty when there are none. Ids that the program makes sort by time.
func (s *Store) NewestID(ctx context.Context) (string, error) {
	newest := options.FindOne().SetSort(bson.D{{Key: "_id", Value: -1}}).SetProjection(bson.D{{Key: "_id", Value: 1}}).SetHint("_id_")
	doc, err := findOne[struct {
		ID string `bson:"_id"`
	}](ctx, s, s.events, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: ""}}}, {Key: "record", Value: bson.D{{Key: "$ne", Value: document.HeartbeatRecord}}}}, newest)
	if errors.Is(err, driver.ErrNoDocuments) {
		return "", nil
	}
	return doc.ID, fault("find the newest id", err)
}
