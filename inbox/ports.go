package inbox

import (
	"context"
	"errors"
	"time"
)

// Sentinels of the store. They are for Service; none reaches a caller.
var (
	// ErrStale means that the guard of a write no longer holds.
	ErrStale = errors.New("inbox: the conversation changed meanwhile")
	// ErrDuplicateKey is an idempotency key, external id or id used before.
	ErrDuplicateKey = errors.New("inbox: the key was used before")
	// ErrAtCap is a choice that no longer holds: the load may not grow, or moved
	// since it was looked at, or the rotation did.
	ErrAtCap = errors.New("inbox: the member is at the cap, or had another turn meanwhile")
)

// Sentinels of the feed.
var (
	// ErrHistoryLost is a feed position that the database no longer holds.
	ErrHistoryLost = errors.New("inbox: the feed no longer reaches back that far")
	// ErrBadPosition is a feed position that is none.
	ErrBadPosition = errors.New("inbox: not a feed position")
)

// Change is everything that one verb writes, in one transaction: all of it or
// nothing.
type Change struct {
	// Conversation is the state to write. A create (Version 1, Create set) fails
	// with ErrDuplicateKey when its id or ExternalID exists.
	Conversation Conversation
	Create       bool
	// Guard must still hold in the database; the commit returns ErrStale otherwise.
	// A create is not guarded, except by the conditions of Continues.
	Guard Guard
	// Event is inserted with its messages. A message event leaves version, epoch
	// and ownership of the stored conversation untouched, and applies ReplyIn of
	// its messages to the stored AwaitingReplySince: a wait that has begun keeps
	// its beginning.
	Event Event
	// EndTokens stores the conversation's TokenIssue. Guard.TokenIssue must be set to
	// the number before it.
	EndTokens bool
	// Continues names the closed conversation of the same workspace whose Next a
	// create becomes; empty for none. The commit returns ErrStale if that one is
	// not closed, has a Next, or another copy of its contact. Guard.TokenIssue, if
	// set, must hold for that one.
	Continues ConversationID
	// Audit, when set, is written to the audit log.
	Audit *AuditEntry
	// Loads are the counters that move.
	Loads []LoadChange
	// Rotation, when set, is the turn that the commit makes: ErrAtCap unless the
	// stored Count is one less.
	Rotation *Rotation
	// Contact is inserted when set and not there yet, found by ExternalID.
	Contact *Contact
	// Known, when set, is the contact that exists, as the change was decided with;
	// ErrStale when it changed.
	Known *ContactGuard
	// Contacts, when set, are saved with the change.
	Contacts *ContactSave
	// Yields makes the commit return ErrStale at once if another commit is changing
	// the conversation, whatever the outcome of that one, and ErrAtCap if the other
	// moves a load with a Cap and there is no Rotation.
	Yields bool
}

// Guard is the filter of the update, beside id and workspace.
type Guard struct {
	// Version must match unless it is 0.
	Version int
	// Epoch must match unless it is 0; used for messages, which do not move
	// the version.
	Epoch int
	// NotClosed demands a status other than CLOSED.
	NotClosed bool
	// TokenIssue must match when it is not nil.
	TokenIssue *int
	// QuietSince, unless zero, demands that LastActivityAt is not later. A message
	// moves no version, so a step for want of activity needs this. B:C6
	QuietSince time.Time
	// AwaitingReplySince must match when it is not nil.
	AwaitingReplySince *time.Time
}

// LoadChange moves the counter of one member by Delta (1 or -1) for Kind.
type LoadChange struct {
	Member MemberID
	Kind   Kind
	Delta  int
	// Cap, when above 0, makes the change fail with ErrAtCap unless the load is
	// below it. Counted are the kinds that count toward it.
	Cap     int
	Counted []Kind
	// Seen, when not nil and Cap is set, makes the change fail with ErrAtCap when the member owns
	// more open conversations by now, of any kind, than were seen at the choice, or
	// another commit that is under way moves the load and there is no Rotation.
	Seen *int
	// AutoAssignedAt is remembered when the rules chose the member.
	AutoAssignedAt time.Time
}

// Store keeps conversations, their events and the directory. All methods return
// NOT_FOUND (an *Error) for an id that does not exist in that workspace, and an
// error that wraps the cause for a fault. An error whose cause passes by itself (no
// connection, no primary) has the code UNAVAILABLE.
type Store interface {
	KeyStore
	Contacts
	// Commit writes c in one transaction, durably and majority-committed, and
	// retries transient conflicts itself, except those that Yields and Seen name.
	// It sets the values that only the transaction knows: Event.After (unless nil)
	// becomes the conversation exactly as the commit left it, with its revision,
	// and Event.Messages get their sequences. Errors: ErrStale, ErrDuplicateKey,
	// ErrAtCap, UNAVAILABLE.
	Commit(ctx context.Context, c Change) error

	Conversation(ctx context.Context, ws WorkspaceID, id ConversationID) (Conversation, error)
	// Conversations finds several conversations at once. Ids that do not exist have
	// no entry.
	Conversations(ctx context.Context, ws WorkspaceID, ids []ConversationID) (map[ConversationID]Conversation, error)
	// ConversationByExternalID finds the conversation that was created with that
	// external id.
	ConversationByExternalID(ctx context.Context, ws WorkspaceID, externalID string) (Conversation, error)
	ListConversations(ctx context.Context, q ConversationQuery) (Page[Conversation], error)
	ViewStore
	// CountConversations counts up to limit; Order and Page are not looked at.
	CountConversations(ctx context.Context, q ConversationQuery, limit int) (int, error)
	// QueuePosition is 1 for the conversation that waits longest in c's queue:
	// that of its team, or of the workspace when it has none.
	QueuePosition(ctx context.Context, c Conversation) (int, error)

	Message(ctx context.Context, ws WorkspaceID, id MessageID) (Message, error)
	// ListMessages lists a page of a conversation's messages: see MessageQuery.
	ListMessages(ctx context.Context, q MessageQuery) (Page[Message], error)
	ListHistory(ctx context.Context, q HistoryQuery) (Page[Event], error)

	Event(ctx context.Context, ws WorkspaceID, id EventID) (Event, error)
	// EventByKey finds the event that the actor's key made.
	EventByKey(ctx context.Context, ws WorkspaceID, actor Actor, key string) (Event, error)

	// Loads returns the counters of the members. Members without one have no entry.
	Loads(ctx context.Context, ws WorkspaceID, members []MemberID) (map[MemberID]Load, error)

	// LoadsAndRotations is Loads together with the rotations of teams, the empty
	// team being the workspace; one that never turned is left out.
	LoadsAndRotations(ctx context.Context, ws WorkspaceID, members []MemberID, teams []TeamID) (map[MemberID]Load, map[TeamID]Rotation, error)

	// CreateWorkspace inserts a workspace with its members, teams, agents, keys and
	// audit entries. It returns ErrDuplicateKey if the id exists.
	CreateWorkspace(ctx context.Context, d Directory, audit ...AuditEntry) error
	// Directory loads all of a workspace's directory.
	Directory(ctx context.Context, ws WorkspaceID) (*Directory, error)
	// SaveDirectory writes one changed entity, whose Rev must be one more than
	// the stored one (ErrStale otherwise; a new entity has Rev 1), together with
	// its event.
	SaveDirectory(ctx context.Context, e Event) error

	Administration
	Queues
	Notifications
	StarStore
	ShelfStore
}

// FeedItem is an event with the position right behind it.
type FeedItem struct {
	Event    Event
	Position string
	// Size is how many bytes were read for it; 0 when that is not known.
	Size int
}

// Feed gives all committed events of all workspaces, in commit order.
type Feed interface {
	// Watch opens the feed behind position, or at its present end when position
	// is empty. Errors: ErrHistoryLost, ErrBadPosition, UNAVAILABLE.
	Watch(ctx context.Context, position string) (FeedStream, error)
}

// WorkspaceFeed is the part of the feed that belongs to one workspace.
type WorkspaceFeed interface {
	// WatchWorkspace is Feed.Watch for the events of ws alone: it does not read
	// those of other workspaces, if the database can leave them out. Its TryNext
	// does not wait for more than some milliseconds.
	WatchWorkspace(ctx context.Context, ws WorkspaceID, position string) (FeedStream, error)
}

// FeedStream is one open feed. It is used by one goroutine.
type FeedStream interface {
	// Next blocks until there is an event, ctx ends or the stream breaks.
	Next(ctx context.Context) (FeedItem, error)
	// TryNext is Next without waiting for later commits: ok is false if everything
	// that was committed before the call has been returned.
	TryNext(ctx context.Context) (item FeedItem, ok bool, err error)
	// Position is where the stream stands now: behind the last item, or where
	// it was opened.
	Position() string
	// Close frees the stream.
	Close(ctx context.Context) error
}

// Directories gives the directory of a workspace, as fresh as the feed.
type Directories interface {
	// Directory answers from memory when it can. NOT_FOUND for no workspace.
	Directory(ctx context.Context, ws WorkspaceID) (*Directory, error)
	// Applied reports a change that this process made, so that it is visible here
	// at once and not first when the feed brings it.
	Applied(ws WorkspaceID, c DirectoryChange)
}

// GrantQuery asks for the permissions of a role. The answer depends on Plan and
// Custom.
type GrantQuery struct {
	Plan PlanName
	Role RoleName
	// Custom is the workspace's own roles and Rev its revision; nil for none.
	Workspace WorkspaceID
	Custom    []CustomRole
	Rev       int
}

// Authorizer answers from the policy. It never fails open: if it cannot decide,
// nothing is granted.
type Authorizer interface {
	// Scope is how far q's role may do action on kind; ScopeNone when not at all.
	Scope(q GrantQuery, kind Kind, action PermAction) Scope
	// Workspace reports whether q's role holds the workspace action.
	Workspace(q GrantQuery, action WorkspaceAction) bool
	// Includes reports whether plan includes feature, and the lowest plan that
	// does (empty when none does).
	Includes(plan PlanName, feature Feature) (included bool, lowest PlanName)
	// Plans is the ladder, low to high.
	Plans() []Plan
	// Roles are the preset roles, in the order of the policy.
	Roles() []RoleName
}
