package access

import (
	"context"

	"switchboard/inbox"
)

// Fresh reads the directory from the store, for when the one in memory
// was found to be old.
func (s *Callers) Fresh(ctx context.Context, p inbox.Principal) (Access, error) {
	d, err := s.store.Directory(ctx, p.Workspace)
	if err != nil {
		return Access{}, err
	}
	return s.resolve(p, d)
}
