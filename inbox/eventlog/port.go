package eventlog

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Records reads the log of a workspace. It asks for no rights: whoever delivers a record
// decides by the rights of that moment what of it is shown. It is safe for concurrent use.
type Records interface {
	// Read returns the records that follow after, at most limit, in their order; none at
	// the end of the log. No number is left out between them: a record whose content was
	// removed is there, and Gone. Only records before Bounds.Oldest are not. UNAVAILABLE.
	Read(ctx context.Context, ws workspace.WorkspaceID, after Sequence, limit int) ([]Record, error)
	// ReadBack returns the records that precede before, at most limit, in the order of the
	// log. UNAVAILABLE.
	ReadBack(ctx context.Context, ws workspace.WorkspaceID, before Sequence, limit int) ([]Record, error)
	// Bounds returns which sequences can be read. UNAVAILABLE.
	Bounds(ctx context.Context, ws workspace.WorkspaceID) (Bounds, error)
	// Sequences returns the numbers of events and messages of the workspace by their ids.
	// What has no number, or not yet, has no entry. UNAVAILABLE.
	Sequences(ctx context.Context, ws workspace.WorkspaceID, ids []string) (map[string]Sequence, error)
	// Present reads the conversations of records as they are now. Those that do not exist
	// have no entry. UNAVAILABLE.
	Present(
		ctx context.Context, ws workspace.WorkspaceID, of []Record,
	) (map[inbox.ConversationID]inbox.Conversation, error)
}

// Signals says when a log may have grown. It is safe for concurrent use.
type Signals interface {
	// Next is closed when the log of ws may have grown, on whichever server, and at the
	// latest after some seconds. Take it before reading: then no record falls between. With
	// an empty ws it is closed for any workspace.
	Next(ws workspace.WorkspaceID) <-chan struct{}
}

// Observer hears on the server that numbers, right after records were given their numbers.
// It must not block.
type Observer interface {
	// Numbered says that the log of a workspace ends with newest now.
	Numbered(newest Entry)
}
