package mongo

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// Idle lists chats that are not closed and have had no activity after since, the
// longest idle first. Each status walks the index of chats separately, so that
// active chats are never read.
func (s *Store) Idle(ctx context.Context, ws workspace.WorkspaceID, since time.Time, limit int) ([]inbox.Conversation, error) {
	var found []inbox.Conversation
	for _, status := range []inbox.Status{inbox.Open, inbox.Unset} {
		var filter conditions
		filter.add("workspace", ws)
		filter.add("kind", workspace.Livechat)
		filter.add("own.status", status)
		filter.add("own.asleepSince", bson.D{{Key: "$exists", Value: false}})
		filter.add("lastActivityAt", bson.D{{Key: "$lte", Value: since}})
		page, err := list[document.Conversation](ctx, s, listing{
			from: s.conversations, filter: filter, field: "lastActivityAt", index: idleIndex,
			page: inbox.PageRequest{Limit: limit}, onward: true,
		})
		if err != nil {
			return nil, fault("list idle chats", err)
		}
		found = append(found, store.Convert(page, func(d document.Conversation) inbox.Conversation { return d.State.Conversation() }).Items...)
	}
	slices.SortStableFunc(found, func(a, b inbox.Conversation) int { return a.LastActivityAt.Compare(b.LastActivityAt) })
	return found[:min(limit, len(found))], nil
}

// idleIndex is the index of chats by status and last activity.
const idleIndex = "idle"
