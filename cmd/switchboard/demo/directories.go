package demo

import (
	"context"
	"time"

	"switchboard/inbox/access"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// remembered gives the directory of the one workspace that a player plays in. It is read
// again for each conversation: to read it for each verb took half of the time of a demo.
type remembered struct {
	store services.Store
	known *workspace.Directory
}

var _ access.Directories = (*remembered)(nil)

// Directory loads the workspace. Conversations that were left in last week's
// history can still be claimed when somebody looks at them, although the time of
// rule leftWaits is long over.
func (r *remembered) Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	if r.known != nil {
		return r.known, nil
	}
	d, err := r.store.Directory(ctx, ws)
	if err != nil {
		return nil, err
	}
	w := d.Workspace
	w.Rules.LeftWaits, w.ResettingSince = 0, time.Time{}
	w.Rev++
	d = d.With(workspace.DirectoryChange{Workspace: &w})
	if website, there := d.Keys[Website(ws).ID]; there { // it may have been revoked since
		website.RevokedAt, website.ExpiresAt = time.Time{}, time.Time{}
		website.Rev++
		d = d.With(workspace.DirectoryChange{Key: &website})
	}
	r.known = d
	return d, nil
}

// Applied has the directory read again.
func (r *remembered) Applied(workspace.WorkspaceID, workspace.DirectoryChange) { r.forget() }

// forget has the directory read again.
func (r *remembered) forget() { r.known = nil }
