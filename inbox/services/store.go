package services

import (
	"context"

	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/notify"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

// Store is all that is kept: the ports of every room, and what servers and commands
// need besides. All methods give NOT_FOUND (an *inbox.Error) for what does not exist
// in that workspace, and an error that wraps the cause for a fault. An error whose
// cause passes by itself (no connection, no primary) has the code UNAVAILABLE.
type Store interface {
	access.DirectoryStore
	commit.Store
	desk.Store
	contacts.Store
	shelf.Store
	admin.Store
	notify.Store
	KeyStore
	// CreateWorkspace inserts a workspace with its members, teams, agents, keys and
	// audit entries. It returns ErrDuplicateKey if the id exists.
	CreateWorkspace(ctx context.Context, d workspace.Directory, audit ...audit.AuditEntry) error
}

// KeyStore is what signing in with API keys needs of the store.
type KeyStore interface {
	// WorkspaceOfKey returns the workspace of a key, also of a revoked one.
	// NOT_FOUND if there is no such key.
	WorkspaceOfKey(ctx context.Context, id workspace.KeyID) (workspace.WorkspaceID, error)
	// KeyUsed records the use of a key. It may be called late and more than once: an
	// earlier time changes nothing.
	KeyUsed(ctx context.Context, ws workspace.WorkspaceID, use workspace.KeyUse) error
}
