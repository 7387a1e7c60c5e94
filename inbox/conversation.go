package inbox

import "time"

// Kind is what sort of conversation it is.
type Kind string

// The kinds of conversation.
const (
	Livechat Kind = "LIVECHAT"
	Ticket   Kind = "TICKET"
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

// Handler says who answers now. It is always derived from ownership.
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
	// Assignee is the member who owns the conversation; empty when nobody does.
	Assignee MemberID
	// Team is the team that the conversation belongs to or waits for.
	Team TeamID
	// Status is kept here because an event shows it on both sides.
	Status Status
	// AIStopped says that the AI agent may not answer until a verb lets it.
	AIStopped bool
	// WaitingSince is the conversation's place in the line; zero when it does not
	// wait. What was let go of keeps the place that it had before.
	WaitingSince time.Time
	// NeededSince is when a person was needed first, since it was last closed or
	// answered by the AI agent; zero when none is.
	NeededSince time.Time
	// Automatic says that the rules chose the assignee, not a person.
	Automatic bool
	// UpForGrabs says that a person let go of it: it waits for somebody to claim
	// it, and the rules do not hand it out before GrabsUntil; never when that is
	// zero.
	UpForGrabs bool
	GrabsUntil time.Time
	// Left says that the last owner left, or passed it to a queue, and the contact
	// awaits a new one. B:L2.
	Left bool
	// Announced is how those who may claim were told that the conversation waits
	// for one of them, and AnnouncedIn the version that did; empty and 0 when it
	// does not wait.
	Announced   NotificationKind
	AnnouncedIn int
}

// Conversation is a livechat or a ticket with one contact. Its zero value is
// not valid; verbs and the store make it.
type Conversation struct {
	ID        ConversationID
	Workspace WorkspaceID
	Kind      Kind
	Subject   string
	Channel   string
	Contact   ContactID
	// ContactName, ContactEmail and ContactPhone are copies of what is stored of the
	// contact, so that lists can be searched by them, and ContactFace is the contact's
	// Face at the time of the copy.
	ContactName, ContactEmail, ContactPhone string
	ContactFace                             int
	// OriginAgent is the AI agent that a chat came from; empty when none.
	OriginAgent AgentID
	// ExternalID is the caller's own id, unique in the workspace when set.
	ExternalID string
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
	// included, and starts at 1; 0 for what was last written before revisions were
	// counted. Stores assign it: of two states the one with the higher is newer.
	Revision int
	// Said counts the messages, and SaidPublicly those that the contact can see.
	// Stores assign both.
	Said, SaidPublicly int
	// Epoch grows by one when the assignee changes and starts at 1.
	Epoch int
	// FormerAssignee is who owned the conversation before the present owner, or
	// before nobody did; a reopened conversation tries them first. B:C4.
	FormerAssignee MemberID
	// OpenedIn is the version in which the conversation was reopened last; 0 when it
	// never was. See Episode.
	OpenedIn int
	// Changed says who made the last ownership change, and when.
	Changed Attribution
	// Introduced is the member whom the contact was told last to answer now; empty
	// when nobody, or when the contact was told that they left. B:L2
	Introduced MemberID
	// Noticed says that its owner may have notifications that are not over.
	Noticed bool
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
}

// PublicActivityAt is when something last happened that the contact may know of:
// an ownership change or a message, but no internal note.
func (c Conversation) PublicActivityAt() time.Time {
	at := c.CreatedAt
	if c.Changed.At.After(at) {
		at = c.Changed.At
	}
	if c.LastMessage != nil && c.LastMessage.At.After(at) {
		at = c.LastMessage.At
	}
	return at
}

// Attribution says who did something, and when.
type Attribution struct {
	By Actor
	At time.Time
}

// Handler tells who answers now: the assignee, the AI agent, or nobody yet.
func (c Conversation) Handler() Handler { return c.HandlerOf(c.Ownership) }

// HandlerOf tells who answers under o, an ownership of this conversation.
func (c Conversation) HandlerOf(o Ownership) Handler {
	switch {
	case o.Assignee != "":
		return HandledByPerson
	case c.hasAgent() && !o.AIStopped && o.WaitingSince.IsZero():
		return HandledByAI
	default:
		return HandledByQueue
	}
}

// hasAgent reports whether an AI agent can answer at all: chats only. The agent
// that created a ticket is its origin and never its handler.
func (c Conversation) hasAgent() bool { return c.Kind == Livechat && c.OriginAgent != "" }

// Owned reports whether a member owns the conversation.
func (c Conversation) Owned() bool { return c.Assignee != "" }

// CountsFor tells whose load the conversation counts for: the assignee's while
// it is not closed, else nobody's (empty).
func (c Conversation) CountsFor() MemberID {
	if c.Status == Closed {
		return ""
	}
	return c.Assignee
}

// Waiting reports whether the conversation stands in a queue.
func (c Conversation) Waiting() bool {
	return c.Status != Closed && c.Handler() == HandledByQueue
}
