package inbox

import "context"

// ViewStore tells what a view holds without what was said there.
type ViewStore interface {
	// Standings gives what q's view holds within q's reach, in no order, up to
	// limit of them. Order and Page are not looked at.
	Standings(ctx context.Context, q ConversationQuery, limit int) ([]Standing, error)
}

// Standing is where a conversation stands: who has it, and since which version.
type Standing struct {
	ID   ConversationID
	Kind Kind
	Ownership
	Version int
}
