package inbox

import (
	"context"
	"time"
)

// DirectorySave is one administrative act: everything that it changes, or
// nothing.
type DirectorySave struct {
	Workspace WorkspaceID
	// Rev is the workspace's revision that the act was decided on. It must still
	// hold and grows by one, so that acts of one workspace follow one another: two
	// concurrent acts cannot break a condition on several entities, such as that
	// there is an owner.
	Rev int
	// Events carry one changed entity each, as those of Store.SaveDirectory.
	Events []Event
	Audit  AuditEntry
}

// Emptying is a holder that may still own conversations and no longer has the right
// to: a member who was removed or whose rights were narrowed, a removed team, or a
// removed AI agent. One of the three is set; none if it is the whole workspace,
// whose plan or roles took rights from several members.
type Emptying struct {
	Workspace WorkspaceID
	Member    MemberID
	Team      TeamID
	Agent     AgentID
	Since     time.Time
}

// Administration is the part of a Store that administration needs.
type Administration interface {
	// Administer writes s in one transaction. ErrStale when the workspace's or an
	// entity's revision no longer holds, ErrDuplicateKey for an idempotency key
	// or an id used before.
	Administer(ctx context.Context, s DirectorySave) error
	// Emptying lists the holders, of all workspaces, whose conversations still have
	// to be moved, at most limit of each of the four kinds.
	Emptying(ctx context.Context, limit int) ([]Emptying, error)
	// Workspaces lists every workspace by id.
	Workspaces(ctx context.Context) ([]Workspace, error)
	AuditLog
}

// AuditLog keeps entries, which nothing changes or removes.
type AuditLog interface {
	// AppendAudit adds an entry that no change goes with, such as a refusal.
	// ErrDuplicateKey when its id exists.
	AppendAudit(ctx context.Context, e AuditEntry) error
	// ListAudit answers a page, newest first.
	ListAudit(ctx context.Context, q AuditQuery) (Page[AuditEntry], error)
	// CountAudit counts up to limit; the page is not looked at.
	CountAudit(ctx context.Context, q AuditQuery, limit int) (int, error)
}
