package main

import (
	"context"
	"errors"

	"switchboard/graph/schema"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// deps are the functions that the commands call in the rest of the program. Tests
// replace them.
type deps struct {
	serve   func(ctx context.Context, in *invocation, s settings) error
	seed    func(ctx context.Context, in *invocation, s settings) error
	migrate func(ctx context.Context, in *invocation, s settings) error
	// openTokens opens the database for reading only, beside a server that may be
	// running on it. It never creates anything, and returns errNoData if there is
	// none.
	openTokens func(ctx context.Context, s storeSettings) (tokenStore, error)
	// demo gives the directory that seed makes for a demo workspace, the same
	// ids every time; ok is false for any other workspace.
	demo func(ws workspace.WorkspaceID) (dir *workspace.Directory, ok bool)
	// conversationID reads the id that the API shows, or takes a raw one as is.
	conversationID func(id string) (inbox.ConversationID, error)
	// sdl is the schema's text.
	sdl func() (string, error)
}

// tokenStore is the data that a token is made from.
type tokenStore interface {
	// Secret is the server's own signing secret. It is not made when missing.
	Secret(ctx context.Context) ([]byte, error)
	// Directory and Conversation give NOT_FOUND (an *inbox.Error) on a miss.
	Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error)
	Conversation(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error)
	// KeyUses returns when API keys were last used; no entry for those that never were.
	KeyUses(ctx context.Context, ws workspace.WorkspaceID, ids []workspace.KeyID) (map[workspace.KeyID]workspace.KeyUses, error)
	// Workspaces lists all there are.
	Workspaces(ctx context.Context) ([]workspace.Workspace, error)
	// Close frees the store.
	Close(ctx context.Context) error
}

// errNoData is a folder or database in which nothing was ever stored.
var errNoData = errors.New("there is no data yet")

// newDeps ties the program together.
func newDeps() deps {
	return deps{
		serve: serve, seed: seed, migrate: migrate, openTokens: openTokens,
		demo: demoWorkspace, conversationID: resolvers.ParseConversationID, sdl: schema.SDL,
	}
}
