package services

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// KeyStore is the part of the store for keys and the systems behind them, with the
// errors of Store.
type KeyStore interface {
	// WorkspaceOfKey returns the workspace of a key, also of a revoked one.
	// NOT_FOUND if there is no such key.
	WorkspaceOfKey(ctx context.Context, id workspace.KeyID) (workspace.WorkspaceID, error)
	// KeyUsed records that a key was used at a time. It may be called late and more
	// than once: an earlier time changes nothing.
	KeyUsed(ctx context.Context, ws workspace.WorkspaceID, id workspace.KeyID, at time.Time) error
	// KeyUses returns when keys were last used. Keys that were never used have no
	// entry.
	KeyUses(ctx context.Context, ws workspace.WorkspaceID, ids []workspace.KeyID) (map[workspace.KeyID]time.Time, error)
	// MessageByExternalID finds the event that wrote the message with that external
	// id into the conversation.
	MessageByExternalID(ctx context.Context, ws workspace.WorkspaceID, c inbox.ConversationID, externalID string) (inbox.Message, error)
}
