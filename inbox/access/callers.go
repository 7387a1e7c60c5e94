package access

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Callers resolves principals into what they may do. It keeps no state of its own,
// and is safe for concurrent use.
type Callers struct {
	directories Directories
	store       DirectoryStore
	policy      Authorizer
	tokens      TokenIssues
}

// DirectoryStore is what Callers reads where the directory in memory is too old.
type DirectoryStore interface {
	// Directory loads all of a workspace's directory; NOT_FOUND for no workspace.
	Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error)
}

// NewCallers makes Callers. directories answers from memory, store from what is
// committed.
func NewCallers(directories Directories, store DirectoryStore, policy Authorizer, tokens TokenIssues) *Callers {
	return &Callers{directories: directories, store: store, policy: policy, tokens: tokens}
}

// Access resolves a principal. It returns UNAUTHENTICATED if the principal is not,
// or no longer, part of its workspace, and for a contact whose token was revoked.
func (s *Callers) Access(ctx context.Context, p inbox.Principal) (Access, error) {
	d, err := s.directories.Directory(ctx, p.Workspace)
	if err != nil {
		return Access{}, err
	}
	a, err := NewAccess(p, d, s.policy)
	if err == nil && p.Actor.Kind == workspace.ActorContact && p.TokenIssue != inbox.AnyIssue {
		err = s.checkToken(ctx, p)
	}
	return a, err
}

// Plan finds a rung of the ladder; the rank is -1 for a name that is none.
func (s *Callers) Plan(name workspace.PlanName) workspace.Plan { return PlanOf(name, s.policy) }

// Plans is the ladder, low to high.
func (s *Callers) Plans() []workspace.Plan { return s.policy.Plans() }

// Directory is the workspace's directory as this server knows it.
func (s *Callers) Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	return s.directories.Directory(ctx, ws)
}

// Applied makes a change of the directory seen here at once.
func (s *Callers) Applied(ws workspace.WorkspaceID, c workspace.DirectoryChange) {
	s.directories.Applied(ws, c)
}
