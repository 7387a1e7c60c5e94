package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// Conversation reads one conversation.
func (s *Store) Conversation(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error) {
	return readConversation(byID(ctx, s, s.conversations, ws, id, all[document.Conversation]))
}

// ConversationByExternalID finds the conversation that was created with that
// external id.
func (s *Store) ConversationByExternalID(ctx context.Context, ws workspace.WorkspaceID, externalID string) (inbox.Conversation, error) {
	filter := bson.D{{Key: "workspace", Value: ws}, {Key: "externalId", Value: externalID}}
	return readConversation(findOne[document.Conversation](ctx, s, s.conversations, filter, options.FindOne().SetHint("external_id")))
}

func readConversation(doc document.Conversation, err error) (inbox.Conversation, error) {
	if err != nil {
		return inbox.Conversation{}, missing("conversation", "read a conversation", err)
	}
	return doc.State.Conversation(), nil
}

// Conversations finds several conversations at once. Ids that do not exist have no
// entry.
func (s *Store) Conversations(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error) {
	docs, err := byIDs(ctx, s, s.conversations, ws, ids, all[document.Conversation])
	if err != nil {
		return nil, fault("read conversations", err)
	}
	out := make(map[inbox.ConversationID]inbox.Conversation, len(docs))
	for _, d := range docs {
		out[d.State.ID] = d.State.Conversation()
	}
	return out, nil
}

// QueuePosition is 1 for the conversation that waits longest in c's queue, and 0
// when c does not wait.
func (s *Store) QueuePosition(ctx context.Context, c inbox.Conversation) (int, error) {
	if !c.Waiting() {
		return 0, nil
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	ahead, err := s.conversations.CountDocuments(ctx, bson.D{
		{Key: "workspace", Value: c.Workspace},
		{Key: "places", Value: access.QueueFacet(c.Team)},
		{Key: "own.status", Value: bson.D{{Key: "$in", Value: liveStatuses()}}},
		{Key: "own.waitingSince", Value: bson.D{{Key: "$lte", Value: c.WaitingSince}}},
		{Key: "$or", Value: bson.A{
			bson.D{{Key: "own.waitingSince", Value: bson.D{{Key: "$lt", Value: c.WaitingSince}}}},
			bson.D{{Key: "_id", Value: bson.D{{Key: "$lt", Value: c.ID}}}},
		}},
	}, options.Count().SetHint(walk(access.ByWaiting).index))
	if err != nil {
		return 0, fault("count the queue", err)
	}
	return int(ahead) + 1, nil
}

// CountConversations counts the conversations that the view holds within the reach,
// up to limit.
func (s *Store) CountConversations(ctx context.Context, q access.ConversationQuery, limit int) (int, error) {
	filter := conversationConditions(q)
	if filter.never || limit <= 0 {
		return 0, nil
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	o := options.Count().SetLimit(int64(limit))
	if !filter.plain("workspace", "places") {
		o.SetHint(indexFor(q))
	}
	n, err := s.conversations.CountDocuments(ctx, filter.filter(), o)
	return int(n), fault("count conversations", err)
}
