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

// Queues finds waiting conversations.
type Queues interface {
	// Due lists the conversations in q that the rules may assign, the longest
	// waiting first, behind after if that is set: at most limit. Conversations that
	// are up for grabs are not due.
	Due(ctx context.Context, ws WorkspaceID, q Queue, after *Position, limit int) ([]Conversation, error)
	// Left lists conversations of all workspaces that are up for grabs and whose
	// GrabsUntil is not after a time, the oldest first: at most limit.
	Left(ctx context.Context, until time.Time, limit int) ([]Conversation, error)
	// Waits reports whether anything at all waits in the workspace.
	Waits(ctx context.Context, ws WorkspaceID) (bool, error)
	// Idle lists chats that are not closed and in which nothing happened after
	// since, the longest idle first: at most limit. B:C6
	Idle(ctx context.Context, ws WorkspaceID, since time.Time, limit int) ([]Conversation, error)
}

// Line knows the waiting conversations, as far as this server received their
// events.
type Line interface {
	// Waits reports whether a conversation waits in q that the rules may assign to
	// anyone: a new one is queued behind it, and the dispatch of the queue finds
	// both.
	Waits(ws WorkspaceID, q Queue) bool
}

type noLine struct{}

func (noLine) Waits(WorkspaceID, Queue) bool { return false }

// Waits returns the queue in which the conversation of an ownership event is due
// now; ok is false if it is not due.
func (e Event) Waits() (q Queue, ok bool) {
	if e.Type != OwnershipEvent || e.After == nil || !e.After.Due() {
		return Queue{}, false
	}
	return Queue{Team: e.After.Team, Kind: e.After.Kind}, true
}

// Opens reports whether e may give a member capacity for another conversation: a
// load fell, or the directory changed. B:Q8.
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
