package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// Due lists the conversations in q that the rules may assign, the longest waiting
// first, behind after if that is set.
func (s *Store) Due(ctx context.Context, ws workspace.WorkspaceID, q inbox.Queue, after *inbox.PageCursor, limit int) ([]inbox.Conversation, error) {
	var filter conditions
	filter.add("workspace", ws)
	filter.add("places", document.DueFacet(q))
	among(&filter, "own.status", liveStatuses())
	way := walk(access.ByWaiting)
	page, err := list[document.Conversation](ctx, s, listing{
		from: s.conversations, filter: filter, field: way.field, index: way.index, walked: []string{"workspace", "places"},
		page: inbox.PageRequest{Limit: limit, After: after}, onward: true,
	})
	if err != nil {
		return nil, fault("read a queue", err)
	}
	return store.Convert(page, func(d document.Conversation) inbox.Conversation { return d.State.Conversation() }).Items, nil
}

// Left lists conversations that nobody claimed in time, the oldest first.
func (s *Store) Left(ctx context.Context, until time.Time, limit int) ([]inbox.Conversation, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	filter := bson.D{{Key: "own.grabsUntil", Value: bson.D{{Key: "$lte", Value: until}}}}
	o := options.Find().SetHint("left").SetSort(bson.D{{Key: "own.grabsUntil", Value: 1}}).SetLimit(int64(limit))
	docs, err := find[document.Conversation](ctx, s, s.conversations, filter, o)
	if err != nil {
		return nil, fault("list unclaimed conversations", err)
	}
	out := make([]inbox.Conversation, len(docs))
	for i := range docs {
		out[i] = docs[i].State.Conversation()
	}
	return out, nil
}

// Waits reports whether anything at all waits in the workspace.
func (s *Store) Waits(ctx context.Context, ws workspace.WorkspaceID) (bool, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	filter := bson.D{{Key: "workspace", Value: ws}, {Key: "places", Value: access.QueuedFacet}}
	waits, err := exists(ctx, s.conversations, filter, options.FindOne().SetHint(walk(access.ByWaiting).index))
	return waits, fault("look for waiting conversations", err)
}
