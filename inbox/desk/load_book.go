package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// LoadBook is a server's cache of loads and rotations. It may not contain the
// latest changes of other servers: choices are made from it, and the commit
// verifies them.
type LoadBook interface {
	// Look returns the loads of members, in their order, and the rotation of team.
	// It reads from the store only entries that may have changed since they were
	// last read.
	Look(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, team workspace.TeamID) ([]workspace.Load, inbox.Rotation, error)
	// Hold counts one more for the member until it is let go: a commit is under
	// way that gives it, and the next to choose shall not choose the same.
	Hold(ws workspace.WorkspaceID, m workspace.MemberID)
	// Release ends a Hold.
	Release(ws workspace.WorkspaceID, m workspace.MemberID)
	// Doubt makes the next Look read the member and the team's rotation again.
	Doubt(ws workspace.WorkspaceID, m workspace.MemberID, team workspace.TeamID)
	// Committed receives the events that this process committed, right afterwards.
	Committed(e inbox.Event)
}

// StoredLoads reads everything anew each time.
func StoredLoads(s LoadStore) LoadBook { return noBook{s} }

type noBook struct{ store LoadStore }

func (n noBook) Look(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, team workspace.TeamID) ([]workspace.Load, inbox.Rotation, error) {
	loads, rotations, err := n.store.LoadsAndRotations(ctx, ws, members, []workspace.TeamID{team})
	out := make([]workspace.Load, len(members))
	for i, m := range members {
		out[i] = loads[m]
	}
	return out, rotations[team], err
}

func (noBook) Hold(workspace.WorkspaceID, workspace.MemberID) {}

func (noBook) Release(workspace.WorkspaceID, workspace.MemberID) {}

func (noBook) Doubt(workspace.WorkspaceID, workspace.MemberID, workspace.TeamID) {}

func (noBook) Committed(inbox.Event) {}
