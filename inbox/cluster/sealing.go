package cluster

import (
	"context"
	"time"
)

// SealingKey is one of the secrets by which all servers encrypt cursors. The newest
// whose time has come encrypts; older ones decrypt older cursors.
type SealingKey struct {
	// ID is random, and stands in each cursor that the key has sealed.
	ID uint32
	// Secret is 32 random bytes; nil for a key that was retired, of which only the ID
	// is kept.
	Secret []byte
	// From is when the key begins to seal.
	From time.Time
}

// SealingKeys keeps them. Revision grows by one with each change.
type SealingKeys interface {
	// SealingKeys gives all, oldest first; none, and revision 0, before the first.
	SealingKeys(ctx context.Context) (keys []SealingKey, revision int, err error)
	// SaveSealingKeys replaces the keys of that revision. It returns ErrStale if
	// another server was faster.
	SaveSealingKeys(ctx context.Context, keys []SealingKey, revision int) error
}
