package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// LoadCache is a server's cache of loads and rotations. It may not contain the
// latest changes of other servers: choices are made from it, and the commit
// verifies them.
type LoadCache interface {
	// Get returns the loads of members, in their order, and the rotation of team.
	// It reads from the store only entries that may have changed since they were
	// last read.
	Get(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, team workspace.TeamID) ([]workspace.Load, inbox.Rotation, error)
	// Reserve counts one more for the member until it is let go: a commit is under
	// way that gives it, and the next to choose shall not choose the same.
	Reserve(ws workspace.WorkspaceID, m workspace.MemberID)
	// Release ends a Hold.
	Release(ws workspace.WorkspaceID, m workspace.MemberID)
	// Invalidate makes the next Look read the member and the team's rotation again.
	Invalidate(ws workspace.WorkspaceID, m workspace.MemberID, team workspace.TeamID)
	// Committed receives the events that this process committed, right afterwards.
	Committed(e inbox.Event)
}

// StoredLoads reads everything anew each time.
func StoredLoads(s LoadStore) LoadCache { return noLoadCache{s} }

type noLoadCache struct{ store LoadStore }

func (n noLoadCache) Get(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, team workspace.TeamID) ([]workspace.Load, inbox.Rotation, error) {
	loads, rotations, err := n.store.LoadsAndRotations(ctx, ws, members, []workspace.TeamID{team})
	out := make([]workspace.Load, len(members))
	for i, m := range members {
		out[i] = loads[m]
	}
	return out, rotations[team], err
}

func (noLoadCache) Reserve(workspace.WorkspaceID, workspace.MemberID) {}

func (noLoadCache) Release(workspace.WorkspaceID, workspace.MemberID) {}

func (noLoadCache) Invalidate(workspace.WorkspaceID, workspace.MemberID, workspace.TeamID) {}

func (noLoadCache) Committed(inbox.Event) {}
