package inbox

import (
	"context"
	"time"
)

// Queue is where conversations of a kind wait: that of a team, or of the
// workspace when Team is empty. B:Q7.
type Queue struct {
	Team TeamID
	Kind Kind
}

// Queues finds what waits.
type Queues interface {
	// Due lists what the rules may hand out of q, who waits longest first, behind
	// after when that is set: at most limit. What is up for grabs is not due.
	Due(ctx context.Context, ws WorkspaceID, q Queue, after *Position, limit int) ([]Conversation, error)
	// Left lists what is up for grabs and whose GrabsUntil is not after a time, of all
	// workspaces, the longest left first: at most limit.
	Left(ctx context.Context, until time.Time, limit int) ([]Conversation, error)
	// Waits reports whether anything at all waits in the workspace.
	Waits(ctx context.Context, ws WorkspaceID) (bool, error)
	// Idle lists chats that are not closed and in which nothing happened after
	// since, the longest idle first: at most limit. B:C6
	Idle(ctx context.Context, ws WorkspaceID, since time.Time, limit int) ([]Conversation, error)
}

// Line knows who waits, as far as this server heard of it.
type Line interface {
	// Waits reports whether somebody waits in q whom the rules may hand out to
	// anyone: who comes now stands behind. Who hands out the queue finds both.
	Waits(ws WorkspaceID, q Queue) bool
}

type noLine struct{}

func (noLine) Waits(WorkspaceID, Queue) bool { return false }

// Waits tells the queue in which the conversation of an ownership event is due
// now; ok is false when it is not.
func (e Event) Waits() (q Queue, ok bool) {
	if e.Type != OwnershipEvent || e.After == nil || !e.After.Due() {
		return Queue{}, false
	}
	return Queue{Team: e.After.Team, Kind: e.After.Kind}, true
}

// Opens reports whether after e somebody may be given something who could not
// before: a load fell, or the directory changed. B:Q8.
func (e Event) Opens() bool {
	if e.Type == DirectoryEvent {
		return true
	}
	if e.Type != OwnershipEvent || e.After == nil {
		return false
	}
	before, existed := e.Before()
	return existed && before.CountsFor() != "" && before.CountsFor() != e.After.CountsFor()
}
