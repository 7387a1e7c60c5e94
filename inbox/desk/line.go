package desk

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// QueueStore finds waiting conversations.
type QueueStore interface {
	// Due lists the conversations in q that the rules may assign, the longest
	// waiting first, behind after if that is set: at most limit. Conversations that
	// are up for grabs are not due.
	Due(ctx context.Context, ws workspace.WorkspaceID, q inbox.Queue, after *inbox.PageCursor, limit int) ([]inbox.Conversation, error)
	// Left lists conversations of all workspaces that are up for grabs or asleep, and
	// whose GrabsUntil is not after a time, the oldest first: at most limit.
	Left(ctx context.Context, until time.Time, limit int) ([]inbox.Conversation, error)
	// Waits reports whether anything at all waits in the workspace.
	Waits(ctx context.Context, ws workspace.WorkspaceID) (bool, error)
	// Idle lists chats that are not closed and in which nothing happened after
	// since, the longest idle first: at most limit. B:C6
	Idle(ctx context.Context, ws workspace.WorkspaceID, since time.Time, limit int) ([]inbox.Conversation, error)
}

// QueueState knows the waiting conversations, as far as this server received their
// events.
type QueueState interface {
	// Waits reports whether a conversation waits in q that the rules may assign to
	// anyone: a new one is queued behind it, and the dispatch of the queue finds
	// both.
	Waits(ws workspace.WorkspaceID, q inbox.Queue) bool
}

type noQueueState struct{}

func (noQueueState) Waits(workspace.WorkspaceID, inbox.Queue) bool { return false }
