package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// feeders writes into conversations that do not say it which API key began them. It never
// changes, so that it matters nothing what becomes of them meanwhile.
func (r rebuilding) feeders(ctx context.Context, batch []document.Conversation) error {
	in := map[inbox.ConversationID]workspace.WorkspaceID{}
	states := make([]document.ConversationState, 0, len(batch))
	for _, d := range batch {
		states, in[d.State.ID] = append(states, d.State), d.State.Workspace
	}
	first := func(ids []inbox.ConversationID) (map[inbox.ConversationID]document.Event, error) {
		return r.firstEvents(ctx, in, ids)
	}
	feeders, err := document.FeedersOf(states, first)
	if err != nil {
		return err
	}
	for id, key := range feeders {
		unsaid := bson.D{
			{Key: "_id", Value: id}, {Key: "workspace", Value: in[id]},
			{Key: "feeder", Value: bson.D{{Key: "$exists", Value: false}}},
		}
		said := bson.D{{Key: "$set", Value: bson.D{{Key: "feeder", Value: key}}}}
		if _, err := r.s.conversations.UpdateOne(ctx, unsaid, said); err != nil {
			return err
		}
	}
	return nil
}

// firstEvents reads the events that began conversations of the workspaces of a batch.
func (r rebuilding) firstEvents(
	ctx context.Context, in map[inbox.ConversationID]workspace.WorkspaceID, of []inbox.ConversationID,
) (map[inbox.ConversationID]document.Event, error) {
	workspaces := bson.A{}
	met := map[workspace.WorkspaceID]bool{}
	for _, ws := range in {
		if !met[ws] {
			met[ws], workspaces = true, append(workspaces, ws)
		}
	}
	filter := bson.D{
		{Key: "workspace", Value: bson.D{{Key: "$in", Value: workspaces}}},
		{Key: "conversation", Value: bson.D{{Key: "$in", Value: of}}},
		{Key: "type", Value: inbox.OwnershipEvent}, {Key: "version", Value: 1},
	}
	docs, err := find[document.Event](ctx, r.s, r.s.events, filter, options.Find().SetHint("history"))
	out := make(map[inbox.ConversationID]document.Event, len(docs))
	for _, d := range docs {
		out[d.Conversation] = d
	}
	return out, err
}
