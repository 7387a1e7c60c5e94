package follow

import (
	"context"
	"log/slog"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
	"switchboard/live/marks"
)

// Streams opens the subscriptions of a server. Every exported field but Delivering is
// required. Do not copy it.
type Streams struct {
	Source feed.Source
	Reader Reader
	// Starred returns the conversations that the caller has starred.
	Starred func(ctx context.Context, p inbox.Principal) ([]inbox.ConversationID, error)
	// Notified returns those of the notifications that the caller has, as they are stored.
	Notified func(
		ctx context.Context, p inbox.Principal, ids []inbox.NotificationID,
	) (map[inbox.NotificationID]notify.NotificationView, error)
	// OpenToken reads the text that a subscriber comes back with. Expired is a text that
	// cannot be read any more, and for which a gap is delivered.
	OpenToken func(ws workspace.WorkspaceID, text string) (t ResumeToken, expired bool, err error)
	// Words gives the folded words of a text, as stores index them.
	Words func(string) []string
	Gaps  *feed.Gaps
	// Logs are the logs of workspaces.
	Logs LogSource
	// Marks say who looks at conversations and who writes there.
	Marks *marks.Marks
	Log   *slog.Logger
	// Delivering hears that an event with this trace is delivered to a subscription, and
	// returns what hears of its end; nil for nobody.
	Delivering func(ctx context.Context, trace, subscription string) (end func())

	counters counters
	reads    currentReads
}

// Reader reads the present state for a caller, with the errors of desk.Reader.
type Reader interface {
	Conversation(ctx context.Context, p inbox.Principal, id inbox.ConversationID) (inbox.Conversation, error)
	ConversationsByID(ctx context.Context, p inbox.Principal, ids []inbox.ConversationID) (map[inbox.ConversationID]inbox.Conversation, error)
	CountUpTo(ctx context.Context, ws workspace.WorkspaceID, v access.View, r access.VisibilityFilter, limit int) (int, error)
	OwnershipSnapshots(
		ctx context.Context, ws workspace.WorkspaceID, v access.View, r access.VisibilityFilter, limit int,
	) ([]desk.OwnershipSnapshot, error)
	QueuePosition(ctx context.Context, c inbox.Conversation) (position int, waits bool, err error)
	Loads(ctx context.Context, p inbox.Principal, ids []workspace.MemberID) (map[workspace.MemberID]workspace.Load, error)
	QueueDepth(ctx context.Context, p inbox.Principal, team workspace.TeamID) (desk.QueueDepth, error)
}

var _ Reader = (*desk.Reader)(nil)

// Request is a subscriber that wants to follow something.
type Request struct {
	// Name is the subscription's, for the log.
	Name      string
	Principal inbox.Principal
	// Rights returns the rights of now; it is called for every item. B:Z4.
	Rights func(ctx context.Context) (access.Access, error)
	// After is the text that the subscriber comes back with; nil for a new one.
	After *string
	// Waiting is the subscriber whose turn it is to receive what was missed.
	Waiting inbox.Principal
	// ReplayOnly ends the stream where live events begin.
	ReplayOnly bool
	// Keep hears how many bytes of state the stream keeps that depend on the data, such as
	// the ids of counted views, whenever that changes. Its error ends the stream.
	Keep func(bytes int) error
	// Room is nil if the subscriber keeps up; else it is closed once it does, or has gone.
	// Streams that can wait do. It may be nil itself.
	Room func() <-chan struct{}
}

func (r Request) caller() feed.Caller {
	who := r.Waiting.Actor
	return feed.Caller{Workspace: r.Waiting.Workspace, Name: string(who.Kind) + " " + who.ID, Visitor: who.Kind == workspace.ActorContact}
}

// ResumeToken is where a subscriber goes on that comes back.
type ResumeToken struct {
	Position string
	// Rights is AnyRights, or the fingerprint of the rights that the stream depends on.
	Rights string
	// Sequence is the record of the log that the subscriber received last; 0 for a token
	// of another stream.
	Sequence eventlog.Sequence
}

// AnyRights stands in tokens of streams that do not depend on what the rights were.
const AnyRights = "live"

// Visible returns which events may move the positions that a caller receives: only
// those that the caller receives itself. A comparison of two positions then reveals
// nothing else.
func Visible(a access.Access) func(inbox.Event) bool {
	return func(e inbox.Event) bool { return visible(a, e) }
}

func visible(a access.Access, e inbox.Event) bool {
	switch {
	case e.Type == inbox.StarEvent:
		return e.Actor == a.Principal.Actor
	case e.After == nil:
		return a.Principal.Actor.Kind == workspace.ActorMember
	case isContact(a) && !e.Public():
		return false
	case a.Sees(*e.After):
		return true
	}
	before, existed := e.Before()
	return existed && a.Sees(before)
}

func isContact(a access.Access) bool { return a.Principal.Actor.Kind == workspace.ActorContact }
