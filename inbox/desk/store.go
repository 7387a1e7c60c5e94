package desk

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Store is what the desk reads and writes. All methods give NOT_FOUND (an
// *inbox.Error) for what does not exist in that workspace, and an error that wraps
// the cause for a fault. An error whose cause passes by itself (no connection, no
// primary) has the code UNAVAILABLE. The last message of a conversation may be
// shortened; messages themselves, and those of events, are whole.
type Store interface {
	// Commit writes c in one transaction, durably and majority-committed, and
	// retries transient conflicts itself, except those that Yields and Seen name.
	// It sets the values that only the transaction knows: Event.After (unless nil)
	// becomes the conversation exactly as the commit left it, with its revision,
	// and Event.Messages get their sequences. Errors: ErrStale, ErrDuplicateKey,
	// ErrAtCap, UNAVAILABLE.
	Commit(ctx context.Context, c commit.Change) error
	// CommitEach is Commit for changes of different conversations of one workspace, in
	// few transactions. It returns the error of each, in their order.
	CommitEach(ctx context.Context, changes []commit.Change) []error

	Conversation(ctx context.Context, ws workspace.WorkspaceID, id inbox.ConversationID) (inbox.Conversation, error)
	// Conversations finds several conversations at once. Ids that do not exist have
	// no entry.
	Conversations(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error)
	// ConversationByExternalID finds the conversation that was created with that
	// external id.
	ConversationByExternalID(ctx context.Context, ws workspace.WorkspaceID, externalID string) (inbox.Conversation, error)
	ListConversations(ctx context.Context, q access.ConversationQuery) (inbox.Page[inbox.Conversation], error)
	ViewStore
	// CountConversations counts up to limit; Order and Page are not looked at.
	CountConversations(ctx context.Context, q access.ConversationQuery, limit int) (int, error)
	// QueuePosition is 1 for the conversation that waits longest in c's queue:
	// that of its team, or of the workspace when it has none.
	QueuePosition(ctx context.Context, c inbox.Conversation) (int, error)

	Message(ctx context.Context, ws workspace.WorkspaceID, id inbox.MessageID) (inbox.Message, error)
	// Messages finds several messages at once. Ids that do not exist have no entry.
	Messages(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.MessageID) (map[inbox.MessageID]inbox.Message, error)
	// MessageByExternalID finds the event that wrote the message with that external
	// id into the conversation.
	MessageByExternalID(ctx context.Context, ws workspace.WorkspaceID, c inbox.ConversationID, externalID string) (inbox.Message, error)
	// ListMessages lists a page of a conversation's messages: see MessageQuery.
	ListMessages(ctx context.Context, q MessageQuery) (inbox.Page[inbox.Message], error)
	ListHistory(ctx context.Context, q HistoryQuery) (inbox.Page[inbox.Event], error)
	Event(ctx context.Context, ws workspace.WorkspaceID, id inbox.EventID) (inbox.Event, error)

	// EventsByKeys returns the events that the actor's keys with this beginning made, up to
	// limit of them, in no order.
	EventsByKeys(
		ctx context.Context, ws workspace.WorkspaceID, actor workspace.Actor, beginning string, limit int,
	) ([]inbox.Event, error)

	LoadStore
	QueueStore
	OfferStore
	// Workspaces lists every workspace by id.
	Workspaces(ctx context.Context) ([]workspace.Workspace, error)
}

// OfferStore reads offers. Stores write them with the events that change them, see
// inbox.Event.Offers. B:T6
type OfferStore interface {
	// Offer finds an offer, whatever became of it.
	Offer(ctx context.Context, ws workspace.WorkspaceID, id inbox.OfferID) (inbox.Offer, error)
	ListOffers(ctx context.Context, q OfferQuery) (inbox.Page[inbox.Offer], error)
	// LapsedOffers lists the open offers of all workspaces whose ExpiresAt is not after a
	// time, the oldest first: at most limit.
	LapsedOffers(ctx context.Context, until time.Time, limit int) ([]inbox.Offer, error)
}

// LoadStore keeps what members have, and where the rotations stand.
type LoadStore interface {
	// Loads returns the counters of the members. Members without one have no entry.
	Loads(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID) (map[workspace.MemberID]workspace.Load, error)
	// LoadsAndRotations is Loads together with the rotations of teams, the empty
	// team being the workspace; one that never turned is left out.
	LoadsAndRotations(ctx context.Context, ws workspace.WorkspaceID, members []workspace.MemberID, teams []workspace.TeamID) (map[workspace.MemberID]workspace.Load, map[workspace.TeamID]inbox.Rotation, error)
}
