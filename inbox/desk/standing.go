package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// ViewStore reads the ownership of a view's conversations without their messages.
type ViewStore interface {
	// OwnershipSnapshots returns the ownership of the conversations that q's view holds
	// within q's reach, in no order, up to limit of them. It ignores Order and
	// Page.
	OwnershipSnapshots(ctx context.Context, q access.ConversationQuery, limit int) ([]OwnershipSnapshot, error)
}

// OwnershipSnapshot is the ownership of a conversation at a version.
type OwnershipSnapshot struct {
	ID   inbox.ConversationID
	Kind workspace.Kind
	inbox.Ownership
	Version int
}
