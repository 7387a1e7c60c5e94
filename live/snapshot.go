package live

import (
	"time"

	"switchboard/inbox/workspace"
)

// maxAge is how old a directory may be that the feed does not keep fresh. It
// is half of what a role or plan edit may take to be in effect. B:Z6.
const maxAge = time.Second

// trust is what loads can rely on at a time. It is never written to; a change
// of the feed's state makes a new one with the next number.
type trust struct {
	number uint64
	// live says that the feed brings every change.
	live bool
	// floor is the lowest number whose loads may be used at all.
	floor uint64
}

// snapshot is one load of a workspace with the changes that came since. It is
// never written to.
type snapshot struct {
	// directory is nil for a workspace that does not exist; err says so then.
	directory *workspace.Directory
	err       error
	// began and trust are from before the load. By number and not by time, a
	// load before a break and one after are told apart on any clock.
	began time.Time
	trust uint64
}

// kept reports whether the feed brought every change since the load began. It
// tells nothing about workspaces that do not exist: their creation is no news, and
// neither is the end of one that is suspended.
func (s *snapshot) kept(t *trust) bool {
	return t.live && s.trust == t.number && s.directory != nil && !s.fleeting()
}

// fleeting reports whether the workspace is suspended: only then may it be deleted,
// which no event says, and made anew under the same id with nobody of before in it.
func (s *snapshot) fleeting() bool {
	return s.directory != nil && s.directory.Workspace.Suspended()
}

// recent reports whether the load is young enough to be used, though changes
// may be missing, by somebody who asked at that time.
func (s *snapshot) recent(t *trust, asked time.Time) bool {
	return s.trust >= t.floor && asked.Sub(s.began) < maxAge
}

func (s *snapshot) with(c workspace.DirectoryChange) *snapshot {
	changed := *s
	changed.directory = s.directory.With(c)
	return &changed
}
