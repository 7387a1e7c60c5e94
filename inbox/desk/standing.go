package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// ViewStore reads the ownership of a view's conversations without their messages.
type ViewStore interface {
	// Standings returns the ownership of the conversations that q's view holds
	// within q's reach, in no order, up to limit of them. It ignores Order and
	// Page.
	Standings(ctx context.Context, q access.ConversationQuery, limit int) ([]Standing, error)
}

// Standing is the ownership of a conversation at a version.
type Standing struct {
	ID   inbox.ConversationID
	Kind workspace.Kind
	inbox.Ownership
	Version int
}
