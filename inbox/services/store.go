package services

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/notify"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

// Store keeps conversations, their events and the directory. All methods return
// NOT_FOUND (an *Error) for an id that does not exist in that workspace, and an
// error that wraps the cause for a fault. An error whose cause passes by itself (no
// connection, no primary) has the code UNAVAILABLE.
type Store interface {
	KeyStore
	contacts.Store
	// Commit writes c in one transaction, durably and majority-committed, and
	// retries transient conflicts itself, except those that Yields and Seen name.
	// It sets the values that only the transaction knows: Event.After (unless nil)
	// becomes the conversation exactly as the commit left it, with its revision,
	// and Event.Messages get their sequences. Errors: ErrStale, ErrDuplicateKey,
	// ErrAtCap, UNAVAILABLE.
	Commit(ctx context.Context, c commit.Change) error

	Conversation(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error)
	// Conversations finds several conversations at once. Ids that do not exist have
	// no entry.
	Conversations(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error)
	// ConversationByExternalID finds the conversation that was created with that
	// external id.
	ConversationByExternalID(ctx context.Context, ws workspace.WorkspaceID, externalID string) (inbox.Conversation, error)
	ListConversations(ctx context.Context, q access.ConversationQuery) (inbox.Page[inbox.Conversation], error)
	desk.ViewStore
	// CountConversations counts up to limit; Order and Page are not looked at.
	CountConversations(ctx context.Context, q access.ConversationQuery, limit int) (int, error)
	// QueuePosition is 1 for the conversation that waits longest in c's queue:
	// that of its team, or of the workspace when it has none.
	QueuePosition(ctx context.Context, c inbox.Conversation) (int, error)

	Message(ctx context.Context, ws workspace.WorkspaceID, id inbox.MessageID) (inbox.Message, error)
	// ListMessages lists a page of a conversation's messages: see MessageQuery.
	ListMessages(ctx context.Context, q desk.MessageQuery) (inbox.Page[inbox.Message], error)
	ListHistory(ctx context.Context, q desk.HistoryQuery) (inbox.Page[inbox.Event], error)

	Event(ctx context.Context, ws workspace.WorkspaceID, id inbox.EventID) (inbox.Event, error)
	// EventByKey finds the event that the actor's key made.
	EventByKey(ctx context.Context, ws workspace.WorkspaceID, actor workspace.Actor, key string) (inbox.Event, error)

	// Loads returns the counters of the members. Members without one have no entry.
	Loads(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID) (map[workspace.MemberID]workspace.Load, error)

	// LoadsAndRotations is Loads together with the rotations of teams, the empty
	// team being the workspace; one that never turned is left out.
	LoadsAndRotations(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, teams []workspace.TeamID) (map[workspace.MemberID]workspace.Load, map[workspace.TeamID]inbox.Rotation, error)

	// CreateWorkspace inserts a workspace with its members, teams, agents, keys and
	// audit entries. It returns ErrDuplicateKey if the id exists.
	CreateWorkspace(ctx context.Context, d workspace.Directory, audit ...audit.AuditEntry) error
	// Directory loads all of a workspace's directory.
	Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error)
	// SaveDirectory writes one changed entity, whose Rev must be one more than
	// the stored one (ErrStale otherwise; a new entity has Rev 1), together with
	// its event.
	SaveDirectory(ctx context.Context, e inbox.Event) error

	admin.Administration
	desk.QueueStore
	notify.Store
	shelf.StarStore
	shelf.ShelfStore
}
