package admin

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Administration is the part of a Store that administration needs.
type Administration interface {
	// Administer writes s in one transaction. ErrStale when the workspace's or an
	// entity's revision no longer holds, ErrDuplicateKey for an idempotency key
	// or an id used before.
	Administer(ctx context.Context, s commit.DirectorySave) error
	// Offboardings lists the holders, of all workspaces, whose conversations still have
	// to be moved, at most limit of each of the four kinds.
	Offboardings(ctx context.Context, limit int) ([]inbox.Offboarding, error)
	// Workspaces lists every workspace by id.
	Workspaces(ctx context.Context) ([]workspace.Workspace, error)
	AuditLog
}

// AuditLog keeps entries, which nothing changes or removes.
type AuditLog interface {
	// AppendAudit adds an entry that no change goes with, such as a refusal.
	// ErrDuplicateKey when its id exists.
	AppendAudit(ctx context.Context, e audit.AuditEntry) error
	// ListAudit answers a page, newest first.
	ListAudit(ctx context.Context, q audit.AuditQuery) (inbox.Page[audit.AuditEntry], error)
	// CountAudit counts up to limit; the page is not looked at.
	CountAudit(ctx context.Context, q audit.AuditQuery, limit int) (int, error)
}
