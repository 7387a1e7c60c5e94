// Package admin administers a workspace: its rules and plan, members, teams, roles, AI
// agents and API keys, the audit log, and what becomes of conversations whose holder
// may hold them no longer.
package admin

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Service has the acts of administration.
type Service struct {
	callers     *access.Callers
	base        *commit.Base
	store       Store
	offboarding *Offboarding
	shelf       Shelves
}

// Store is what administration reads and writes.
type Store interface {
	access.DirectoryStore
	Administration
	// ListConversations answers a page of what q finds.
	ListConversations(ctx context.Context, q access.ConversationQuery) (inbox.Page[inbox.Conversation], error)
	// CountConversations counts up to limit; Order and Page are not looked at.
	CountConversations(ctx context.Context, q access.ConversationQuery, limit int) (int, error)
	// Loads returns the counters of the members. Members without one have no entry.
	Loads(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID) (map[workspace.MemberID]workspace.Load, error)
	// KeyUses returns when each key was last used. Keys that were never used have
	// no entry.
	KeyUses(ctx context.Context, ws workspace.WorkspaceID, ids []workspace.KeyID) (map[workspace.KeyID]workspace.KeyUses, error)
}

// Shelves forgets what those kept who were removed.
type Shelves interface {
	ForgetMember(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID)
	ForgetTeam(ctx context.Context, ws workspace.WorkspaceID, t workspace.TeamID)
}

// New makes a Service.
func New(callers *access.Callers, base *commit.Base, store Store, offboarding *Offboarding, shelves Shelves) *Service {
	return &Service{callers: callers, base: base, store: store, offboarding: offboarding, shelf: shelves}
}

// Offboarding takes conversations from those who may hold them no longer.
type Offboarding struct {
	callers *access.Callers
	base    *commit.Base
	store   Store
	desk    Desk
}

// Desk moves conversations.
type Desk interface {
	// ReleaseEach takes conversations, as they were just read, from e, as the rules say,
	// and returns how many it took: none that e does not hold any longer, or if this
	// server does not know yet of what happened.
	ReleaseEach(ctx context.Context, e inbox.Offboarding, all []inbox.Conversation) (moved int, err error)
}

// NewOffboarding makes an Offboarding.
func NewOffboarding(callers *access.Callers, base *commit.Base, store Store, desk Desk) *Offboarding {
	return &Offboarding{callers: callers, base: base, store: store, desk: desk}
}
