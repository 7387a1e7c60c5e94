package inbox

import (
	"context"
	"time"
)

// KeyStore is what keys and the systems behind them need of the store, with the
// errors of Store.
type KeyStore interface {
	// WorkspaceOfKey tells whose key that is, revoked ones included. NOT_FOUND
	// for no key.
	WorkspaceOfKey(ctx context.Context, id KeyID) (WorkspaceID, error)
	// KeyUsed notes that a key was used at that time, which may be told late and
	// more than once: an earlier time changes nothing.
	KeyUsed(ctx context.Context, ws WorkspaceID, id KeyID, at time.Time) error
	// KeyUses tells when keys were last used; what never was is left out.
	KeyUses(ctx context.Context, ws WorkspaceID, ids []KeyID) (map[KeyID]time.Time, error)
	// MessageByExternalID finds what a message with that id wrote into the
	// conversation.
	MessageByExternalID(ctx context.Context, ws WorkspaceID, c ConversationID, externalID string) (Message, error)
}
