package live

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// defaultWorkspaces bounds the memory: a workspace of 50 members takes about
// 20 KB.
const defaultWorkspaces = 10_000

// Load reads the whole directory of a workspace as it is at that moment, every
// change included that was committed before the call. NOT_FOUND for none.
type Load func(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error)

// Directories keeps the directories of the workspaces that were asked for
// lately. It is safe for concurrent use. Reading what is in memory takes no
// lock and allocates nothing.
//
// Until FeedBack is first called, and after FeedLost until the next FeedBack,
// no answer is older than a second.
type Directories struct {
	load  Load
	trust atomic.Pointer[trust]
	// entries finds an *entry by inbox.WorkspaceID. It is read without a lock
	// and written under mu, together with order.
	entries sync.Map

	mu      sync.Mutex
	order   *simplelru.LRU[workspace.WorkspaceID, *entry]
	most    int
	flights map[workspace.WorkspaceID]*flight
}

var (
	_ access.Directories = (*Directories)(nil)
	_ feed.Follower      = (*Directories)(nil)
)

// DirectoriesOption changes a Directories that is being made.
type DirectoriesOption func(*Directories)

// WithWorkspaces bounds how many workspaces are kept. At least one is; the
// default is 10,000.
func WithWorkspaces(most int) DirectoriesOption {
	return func(d *Directories) { d.most = max(1, most) }
}

// NewDirectories makes an empty cache that reads with load.
func NewDirectories(load Load, options ...DirectoriesOption) *Directories {
	d := &Directories{load: load, most: defaultWorkspaces, flights: map[workspace.WorkspaceID]*flight{}}
	for _, option := range options {
		option(d)
	}
	d.trust.Store(&trust{})
	// The only error of NewLRU is a size that is not positive.
	d.order, _ = simplelru.NewLRU(d.most, func(ws workspace.WorkspaceID, _ *entry) { d.entries.Delete(ws) })
	return d
}

// Directory answers from memory, or loads. Callers that come while the same
// workspace is being loaded wait for that load. NOT_FOUND for no workspace,
// remembered for up to a second; other errors of the load are not remembered.
// It never answers from memory what it may not trust, also when it cannot load.
func (d *Directories) Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	if e := d.entry(ws); e != nil {
		e.touch()
		s, t := e.snapshot.Load(), d.trust.Load()
		if s.kept(t) || s.recent(t, time.Now()) {
			return s.directory, s.err
		}
	}
	return d.reload(ctx, ws)
}

// Reread reads a directory anew, so that Directory answers with nothing older than this
// call. Until it has been read, Directory answers as before. NOT_FOUND for no workspace;
// errors of the load.
func (d *Directories) Reread(ctx context.Context, ws workspace.WorkspaceID) error {
	asked := time.Now()
	_, err := d.awaitLoad(ctx, ws, func(s *snapshot, _ *trust) bool { return !s.began.Before(asked) })
	return err
}

func (d *Directories) entry(ws workspace.WorkspaceID) *entry {
	found, _ := d.entries.Load(ws)
	e, _ := found.(*entry)
	return e
}
