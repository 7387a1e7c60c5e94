package mongo

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/store"
	"switchboard/store/document"
)

// ListConversations answers a page of q's view within q's reach.
func (s *Store) ListConversations(ctx context.Context, q access.ConversationQuery) (inbox.Page[inbox.Conversation], error) {
	filter := conversationConditions(q)
	if filter.never {
		return inbox.Page[inbox.Conversation]{}, nil
	}
	page, err := list[document.Conversation](ctx, s, listing{
		from: s.conversations, filter: filter, field: walk(q.Order.Field).field, desc: q.Order.Desc,
		index: indexFor(q), walked: []string{"workspace", "places"}, page: q.Page, few: q.View.Starred,
	})
	if err != nil {
		return inbox.Page[inbox.Conversation]{}, fault("list conversations", err)
	}
	return store.Convert(page, func(d document.Conversation) inbox.Conversation { return d.State.Conversation() }), nil
}

// walk is how conversations are walked in an order: the field they are sorted
// by, and the index.
func walk(f access.OrderField) struct{ field, index string } {
	type way = struct{ field, index string }
	switch f {
	case access.ByCreated:
		return way{"createdAt", "list_by_creation"}
	case access.ByWaiting:
		return way{"own.waitingSince", "list_by_waiting"}
	case access.ByAwaitingReply:
		return way{"awaitingReplySince", "list_by_awaiting"}
	case access.ByLastActivity:
	}
	return way{"lastActivityAt", "list_by_activity"}
}
