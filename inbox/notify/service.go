// Package notify answers what members were notified of, and what of it they have read.
package notify

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Service has the use cases of notifications.
type Service struct {
	callers *access.Callers
	base    *commit.Base
	store   Store
}

// Store is what the service reads and writes.
type Store interface {
	NotificationStore
	// Conversations finds several conversations at once. Ids that do not exist have
	// no entry.
	Conversations(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error)
}

// New makes a Service.
func New(callers *access.Callers, base *commit.Base, store Store) *Service {
	return &Service{callers: callers, base: base, store: store}
}
