package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
)

// ViewStore reads which conversations a view holds.
type ViewStore interface {
	// OwnershipSnapshots returns the versions of the conversations that q's view holds
	// within q's reach, in no order, up to limit of them. It ignores Order and
	// Page.
	OwnershipSnapshots(ctx context.Context, q access.ConversationQuery, limit int) ([]OwnershipSnapshot, error)
}

// OwnershipSnapshot says that a view held a conversation at a version.
type OwnershipSnapshot struct {
	ID      inbox.ConversationID
	Version int
}
