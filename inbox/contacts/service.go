// Package contacts finds, makes, changes, merges and erases contacts, and copies what
// conversations keep of them.
package contacts

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Service has the use cases of contacts.
type Service struct {
	callers *access.Callers
	base    *commit.Base
	store   interface {
		Store
		Conversations
	}
}

// Conversations is what contacts need of the store of conversations.
type Conversations interface {
	// Conversation finds a conversation; NOT_FOUND for none.
	Conversation(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error)
	// CountConversations counts up to limit; Order and Page are not looked at.
	CountConversations(ctx context.Context, q access.ConversationQuery, limit int) (int, error)
}

// New makes a Service.
func New(callers *access.Callers, base *commit.Base, store interface {
	Store
	Conversations
}) *Service {
	return &Service{callers: callers, base: base, store: store}
}
