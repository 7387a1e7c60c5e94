package access

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// List is the first choice of a view.
type List string

// The lists of B:V1. Closed conversations are in ALL, MINE and MY_TEAMS when
// the view's statuses ask for them; UNASSIGNED and QUEUED never hold them.
const (
	ListAll        List = "ALL"
	ListMine       List = "MINE"
	ListUnassigned List = "UNASSIGNED"
	ListQueued     List = "QUEUED"
	ListMyTeams    List = "MY_TEAMS"
	// ListOfferedToMe and ListOfferedByMe hold what an open offer is about. B:T6
	ListOfferedToMe List = "OFFERED_TO_ME"
	ListOfferedByMe List = "OFFERED_BY_ME"
)

// OfferSide is the caller's side of an offer.
type OfferSide string

// The sides.
const (
	OffersReceived OfferSide = "RECEIVED"
	OffersSent     OfferSide = "SENT"
	// ListSnoozed holds what sleeps, which no other list does.
	ListSnoozed List = "SNOOZED"
)

// View is a filter over conversations. Empty slices do not filter.
type View struct {
	List      List
	Kinds     []workspace.Kind
	Statuses  []inbox.Status
	Handlers  []inbox.Handler
	Assignees []workspace.MemberID
	Teams     []workspace.TeamID
	Channels  []string
	Contacts  []inbox.ContactID
	// FormerAssignees are members who owned the conversation before its present
	// owner, or last owned an unassigned one.
	FormerAssignees []workspace.MemberID
	// OriginAgents are the AI agents that the conversation came from.
	OriginAgents []workspace.AgentID
	// Feeders are the API keys that began the conversation, with the empty id for those that
	// no key began.
	Feeders []workspace.KeyID
	// ContactEmails are addresses as EmailKey gives them.
	ContactEmails []string
	// Created, Active and Closed bound the times of creation, of the last activity,
	// and of closing. A conversation that is not closed is within no bound on
	// Closed.
	Created, Active, Closed Span
	// Awaiting, when not nil, demands that the contact awaits an answer, or that it
	// does not.
	Awaiting *bool
	// Starred demands the caller's own star.
	Starred bool
	// Asleep lets every list hold sleepers too.
	Asleep bool
	// Search holds folded words; each must begin some word of SearchText.
	Search []string
}

// Span is a stretch of time from From on and before Until. Each is zero for no
// bound.
type Span struct{ From, Until time.Time }

// Bounded reports whether the span leaves out anything.
func (s Span) Bounded() bool { return !s.From.IsZero() || !s.Until.IsZero() }

// Holds reports whether t is within the span.
func (s Span) Holds(t time.Time) bool {
	return (s.From.IsZero() || !t.Before(s.From)) && (s.Until.IsZero() || t.Before(s.Until))
}

// VisibilityFilter is which conversations a caller may see, as data that a store can
// filter by. B:Z1, B:Z8.
type VisibilityFilter struct {
	// Member and Teams are the caller's; MINE and MY_TEAMS use them too.
	Member workspace.MemberID
	Teams  []workspace.TeamID
	// Teammates are all members who share a team with the caller.
	Teammates []workspace.MemberID
	// Starred are the conversations that the member starred. It is set only where a
	// view asks for them.
	Starred []inbox.ConversationID
	// Agent is set for an AI agent, which sees the chats that came from it.
	Agent workspace.AgentID
	// Conversation is set for a contact, which sees this one only.
	Conversation inbox.ConversationID
	// Scopes is how far the caller sees for each kind.
	Scopes map[workspace.Kind]workspace.Scope
	// OwnedExclusively hides conversations of other members, for each kind.
	OwnedExclusively map[workspace.Kind]bool
}

// OrderField is the sort key of a list.
type OrderField string

// The sort keys of B:V1. Ties are broken by id.
const (
	ByLastActivity OrderField = "LAST_ACTIVITY"
	ByCreated      OrderField = "CREATED"
	ByWaiting      OrderField = "WAITING"
	// ByAwaitingReply sorts conversations that await no answer last if ascending.
	ByAwaitingReply OrderField = "AWAITING_REPLY"
)

// Order is a sort key and its direction.
type Order struct {
	Field OrderField
	Desc  bool
}

// ConversationQuery is a list request that a store answers.
type ConversationQuery struct {
	Workspace  workspace.WorkspaceID
	View       View
	Visibility VisibilityFilter
	Order      Order
	Page       inbox.PageRequest
}

// SortKey is the time that c is sorted by. For ByWaiting it is zero for a
// conversation that does not wait, for ByAwaitingReply NotAwaiting for one that
// awaits no answer.
func SortKey(c inbox.Conversation, field OrderField) time.Time {
	switch field {
	case ByCreated:
		return c.CreatedAt
	case ByWaiting:
		return c.WaitingSince
	case ByAwaitingReply:
		if c.AwaitingReplySince.IsZero() {
			return inbox.NotAwaiting()
		}
		return c.AwaitingReplySince
	case ByLastActivity:
	}
	return c.LastActivityAt
}
