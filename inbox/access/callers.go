package access

import (
	"context"
	"time"

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
	now         func() time.Time
	ends        Ends
}

// DirectoryStore is what Callers reads where the directory in memory is too old.
type DirectoryStore interface {
	// Directory loads all of a workspace's directory; NOT_FOUND for no workspace.
	Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error)
	// Member reads one member as it is at that moment; NOT_FOUND for none.
	Member(ctx context.Context, ws workspace.WorkspaceID, id workspace.MemberID) (workspace.Member, error)
}

// NewCallers makes Callers. directories answers from memory, store from what is
// committed. now is the clock by which credentials end, and ends learns when they will.
func NewCallers(directories Directories, store DirectoryStore, policy Authorizer, tokens TokenIssues, now func() time.Time, ends Ends) *Callers {
	return &Callers{directories: directories, store: store, policy: policy, tokens: tokens, now: now, ends: ends}
}

// Access resolves a principal. It returns UNAUTHENTICATED if the principal is not,
// or no longer, part of its workspace, for an API key that has expired or whose secret was
// replaced, and for a contact whose token was revoked or came from such a key.
func (s *Callers) Access(ctx context.Context, p inbox.Principal) (Access, error) {
	d, err := s.directories.Directory(ctx, p.Workspace)
	if err != nil {
		return Access{}, err
	}
	a, err := s.resolve(p, d)
	if err == nil && p.Actor.Kind == workspace.ActorContact && p.TokenIssue != inbox.AnyIssue {
		err = s.checkToken(ctx, p)
	}
	return a, err
}

// AccessBeside is Access with a directory in which the member is not older than this call:
// other servers may have changed the member, and this one not have heard of it yet.
func (s *Callers) AccessBeside(ctx context.Context, p inbox.Principal, id workspace.MemberID) (Access, error) {
	m, err := s.store.Member(ctx, p.Workspace, id)
	if err != nil {
		return Access{}, err
	}
	s.directories.Applied(p.Workspace, workspace.DirectoryChange{Member: &m})
	return s.Access(ctx, p)
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
