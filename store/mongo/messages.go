package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// Message reads one message.
func (s *Store) Message(ctx context.Context, ws workspace.WorkspaceID, id inbox.MessageID) (inbox.Message, error) {
	doc, err := byID(ctx, s, s.events, ws, id, isMessage)
	if err != nil {
		return inbox.Message{}, missing("message", "read a message", err)
	}
	return doc.Message.Message(), nil
}

// Messages finds several messages at once. Ids that do not exist have no entry.
func (s *Store) Messages(
	ctx context.Context, ws workspace.WorkspaceID, ids []inbox.MessageID,
) (map[inbox.MessageID]inbox.Message, error) {
	found, err := byIDs(ctx, s, s.events, ws, ids, isMessage)
	out := make(map[inbox.MessageID]inbox.Message, len(found))
	for _, d := range found {
		out[d.Message.ID] = d.Message.Message()
	}
	return out, fault("read messages", err)
}

func isMessage(d document.MessageEntry) bool { return d.Record == document.MessageRecord }

// messageIndex lists messages in the order of their commits.
const messageIndex = "by_sequence"

// ListMessages returns a page of a conversation's messages: see inbox.MessageQuery.
// NOT_FOUND when the conversation does not exist in the workspace.
func (s *Store) ListMessages(ctx context.Context, q desk.MessageQuery) (inbox.Page[inbox.Message], error) {
	filter := conditions{doc: bson.D{
		{Key: "workspace", Value: q.Workspace},
		{Key: "conversation", Value: q.Conversation},
		{Key: "record", Value: document.MessageRecord},
	}}
	if q.PublicOnly {
		filter.add("internal", false)
	}
	page, err := list[document.Message](ctx, s, listing{
		from: s.events, filter: filter, lead: "sequence", field: "at", index: messageIndex,
		walked: []string{"workspace", "conversation", "record"}, page: q.Page,
	})
	if err != nil {
		return inbox.Page[inbox.Message]{}, fault("list messages", err)
	}
	if len(page.Items) == 0 {
		if _, err := s.Conversation(ctx, q.Workspace, q.Conversation); err != nil {
			return inbox.Page[inbox.Message]{}, err
		}
	}
	return store.Convert(page, document.Message.Message), nil
}
