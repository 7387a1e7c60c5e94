package cluster

import (
	"context"

	"switchboard/inbox/workspace"
)

// DemoRecord remembers which demo workspaces were made in this installation, so that one
// that an operator deleted is not made again by a restart.
type DemoRecord interface {
	// DemoMade returns the demo workspaces that were made at some time, in no order; those
	// that were deleted since are among them.
	DemoMade(ctx context.Context) ([]workspace.WorkspaceID, error)
	// NoteDemo adds a workspace to them. One that is there already is no error.
	NoteDemo(ctx context.Context, ws workspace.WorkspaceID) error
}
