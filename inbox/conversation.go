package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// Status is the first of the two dimensions of a conversation. Ownership is the
// other. Closing and reopening a chat may set both, by rules onCloseChat and
// onReopen.
type Status string

// The statuses.
const (
	Unset  Status = "UNSET"
	Open   Status = "OPEN"
	Closed Status = "CLOSED"
)

// Handler is the party that answers now. It is always derived from ownership.
type Handler string

// The handlers.
const (
	HandledByAI     Handler = "AI"
	HandledByQueue  Handler = "QUEUED"
	HandledByPerson Handler = "HUMAN"
)

// Ownership is everything that an ownership change may touch. An event keeps
// the one before and the one after.
type Ownership struct {
	// Assignee is the member who owns the conversation; empty if it is unassigned.
	Assignee workspace.MemberID
	// Team is the team that the conversation belongs to or waits for.
	Team workspace.TeamID
	// Status is kept here because an event shows it on both sides.
	Status Status
	// AIStopped says that the AI agent may not answer until a verb lets it.
	AIStopped bool
	// WaitingSince is the conversation's place in its queue; zero if it does not
	// wait. A conversation that its owner released keeps the place that it had
	// before.
	WaitingSince time.Time
	// NeededSince is when a person was needed first, since it was last closed or
	// answered by the AI agent; zero when none is.
	NeededSince time.Time
	// Automatic says that the rules chose the assignee, not a person.
	Automatic bool
	// UpForGrabs says that a person let go of it: it waits for somebody to claim
	// it, and the rules do not hand it out before GrabsUntil; never when that is
	// zero. Of a sleeper GrabsUntil is the time at which it wakes: a conversation has
	// one time at which the rules act on it, and stores one index of those.
	UpForGrabs bool
	GrabsUntil time.Time
	// AsleepSince is since when the conversation sleeps; zero while it is awake.
	AsleepSince time.Time
	// OwnedSince is when the present owner became it, or has it back awake; zero when
	// nobody owns it, and for owners from before it was kept. B:R1
	OwnedSince time.Time
	// Reclaims is how often the rules acted on the wait that began at ReclaimsOf: they
	// took the conversation back, or reported it. It counts for no other wait. B:R1
	Reclaims   int
	ReclaimsOf time.Time
	// Left says that the last owner left, or passed it to a queue, and the contact
	// awaits a new one. B:L2.
	Left bool
	// Announced is the kind of notification that announced the waiting conversation
	// to members who may claim it, and AnnouncedIn the version that did; empty and
	// 0 if it does not wait.
	Announced   NotificationKind
	AnnouncedIn int
	// AnnouncedBy is the call with many conversations that announced it, whose digest
	// counts it as long as it waits; empty for none.
	AnnouncedBy BulkID
}

// Conversation is a livechat or a ticket with one contact. Its zero value is
// not valid; verbs and the store make it.
type Conversation struct {
	ID        ConversationID
	Workspace workspace.WorkspaceID
	Kind      workspace.Kind
	Subject   string
	Channel   string
	Contact   ContactID
	// ContactName, ContactEmail and ContactPhone are copies of the contact's
	// fields, so that lists can be searched by them, and ContactCopyRevision is the
	// contact's Face at the time of the copy.
	ContactName, ContactEmail, ContactPhone string
	ContactCopyRevision                     int
	// OriginAgent is the AI agent that a chat came from; empty when none.
	OriginAgent workspace.AgentID
	// ExternalID is the caller's own id, unique in the workspace when set.
	ExternalID string
	// Feeder is the API key that began the conversation, and feeds it unless it was revoked;
	// empty for one that no key began. Who else feeds it is said by Workspace.Handovers. One
	// that continues another has its Feeder, and it never changes.
	Feeder workspace.KeyID
	// Previous is the closed conversation that this one continues, and Next the one
	// that continues this one; each is empty when there is none. A conversation has
	// at most one Next, which never changes once it is set.
	Previous, Next ConversationID
	// TokenIssue is the issue number that the contact tokens of this conversation
	// must name. It begins at 0 and only grows; each step ends all older tokens.
	TokenIssue int
	Ownership
	// Version grows by one with every ownership verb and starts at 1.
	Version int
	// Revision grows by one with every write to the conversation, messages
	// included, and starts at 1; it is 0 if the last write was before revisions
	// were counted. Stores assign it: of two states the one with the higher is
	// newer.
	Revision int
	// MessageCount counts the messages, and PublicMessageCount those that the contact can see.
	// Stores assign both.
	MessageCount, PublicMessageCount int
	// Receipts are how far the messages came to the contact.
	Receipts ReceiptMarks
	// Epoch grows by one when the assignee changes and starts at 1.
	Epoch int
	// FormerAssignee is the owner before the present one, or the last owner of an
	// unassigned conversation; a reopened conversation tries that member first.
	// B:C4.
	FormerAssignee workspace.MemberID
	// OpenedIn is the version in which the conversation was reopened last; 0 when it
	// never was. See Episode.
	OpenedIn int
	// Changed is the actor and the time of the last ownership change.
	Changed Attribution
	// ShownAt is PublicActivityAt before the last ownership change if the contact sees
	// nothing of that; zero otherwise.
	ShownAt time.Time
	// Introduced is the member who was last announced to the contact; empty if
	// nobody was, or if the contact was notified that they left. B:L2
	Introduced workspace.MemberID
	// MayHaveNotifications says that its owner may have notifications that are not over.
	MayHaveNotifications bool
	// LastMessage is the newest message that Previews; nil when none.
	LastMessage    *Message
	LastActivityAt time.Time
	CreatedAt      time.Time
	// ClosedAt is when the conversation was closed; zero unless it is closed.
	ClosedAt time.Time
	// AwaitingReplySince is the time of the contact's first message that neither a
	// person nor an AI agent has answered; zero when there is none, and while the
	// conversation is closed.
	AwaitingReplySince time.Time
	// Offer is the newest offer of the conversation; its zero value if there never was
	// one. B:T6
	Offer Offer
}

// PublicActivityAt is when something last happened that the contact may know of:
// an ownership change or a message, but no internal note.
func (c Conversation) PublicActivityAt() time.Time {
	at := c.CreatedAt
	switch {
	case c.ShownAt.After(at):
		at = c.ShownAt
	case c.ShownAt.IsZero() && c.Changed.At.After(at):
		at = c.Changed.At
	}
	if c.LastMessage != nil && c.LastMessage.At.After(at) {
		at = c.LastMessage.At
	}
	return at
}

// Attribution is the actor and the time of an act.
type Attribution struct {
	By workspace.Actor
	At time.Time
}

// Handler returns the party that answers now: the assignee, the AI agent, or the
// queue.
func (c Conversation) Handler() Handler { return c.HandlerOf(c.Ownership) }

// HandlerOf returns the party that answers under o, an ownership of this
// conversation.
func (c Conversation) HandlerOf(o Ownership) Handler {
	switch {
	case o.Assignee != "":
		return HandledByPerson
	case c.HasAgent() && !o.AIStopped && o.WaitingSince.IsZero():
		return HandledByAI
	default:
		return HandledByQueue
	}
}

// HasAgent reports whether an AI agent can answer at all: chats only. The agent
// that created a ticket is its origin and never its handler.
func (c Conversation) HasAgent() bool { return c.Kind == workspace.Livechat && c.OriginAgent != "" }

// Owned reports whether a member owns the conversation.
func (c Conversation) Owned() bool { return c.Assignee != "" }

// CountsFor returns the member whose load includes the conversation: the assignee
// while it is neither closed nor asleep, else empty.
func (c Conversation) CountsFor() workspace.MemberID {
	if c.Status == Closed || c.Asleep() {
		return ""
	}
	return c.Assignee
}

// Waiting reports whether the conversation stands in a queue.
func (c Conversation) Waiting() bool {
	return c.Status != Closed && c.Handler() == HandledByQueue
}

// Due reports whether the rules may assign c: it waits, and not because a member
// passed it on. B:Q8.
func (c Conversation) Due() bool { return c.Waiting() && !c.UpForGrabs }
