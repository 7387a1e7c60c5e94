package workspace

import "time"

// Availability is whether a member takes new conversations. B:P1.
type Availability string

// The availabilities.
const (
	Online  Availability = "ONLINE"
	Away    Availability = "AWAY"
	Offline Availability = "OFFLINE"
)

// Member is a person of a workspace.
type Member struct {
	ID        MemberID
	Workspace WorkspaceID
	// Subject is the token's `sub` that signs this member in; empty until the
	// first login binds it. The id itself is accepted as well.
	Subject string
	Name    string
	Email   string
	Avatar  string
	Roles   []RoleName
	Teams   []TeamID
	// MaxAutoAssigned overrides the cap of team and workspace; nil keeps it.
	MaxAutoAssigned *int
	Availability    Availability
	// Turned is how Availability came about.
	Turned AvailabilityChange
	// OnlineSince is when the member last came online; zero when never.
	OnlineSince time.Time
	// Rev grows by one with every change, so that late news is recognised.
	Rev int
	// Removed members stay readable in histories and may do nothing.
	Removed bool
	// OffboardingSince is when a removal, or a narrower role, began to move
	// conversations that the member may no longer own; zero if there are none to
	// move.
	OffboardingSince time.Time
}

// Team is a named group of members with a queue of its own.
type Team struct {
	ID        TeamID
	Workspace WorkspaceID
	Name      string
	// Method overrides the workspace's; empty keeps it.
	Method Method
	// MaxAutoAssigned overrides the workspace's cap; nil keeps it.
	MaxAutoAssigned *int
	Rev             int
	Removed         bool
	// OffboardingSince is when the removal began to move the team's conversations;
	// zero if there are none to move.
	OffboardingSince time.Time
}

// AIAgent is a bot of a workspace.
type AIAgent struct {
	ID        AgentID
	Workspace WorkspaceID
	Name      string
	// Email is a label by which demo tokens find the agent.
	Email string
	// Subject is the token's `sub` that signs the agent in; empty for none.
	Subject string
	Rev     int
	Removed bool
	// OffboardingSince is when the removal began to move the conversations that the
	// agent answered; zero if there are none to move.
	OffboardingSince time.Time
}

// Load counts the conversations that a member owns and that are not closed.
type Load struct {
	Livechats int
	Tickets   int
	// ReservedLivechats and ReservedTickets count those that are offered to the member.
	// B:T6
	ReservedLivechats, ReservedTickets int
	// LastAutoAssigned is when the rules last gave the member something.
	LastAutoAssigned time.Time
}

// Open is the number of conversations of both kinds.
func (l Load) Open() int { return l.Livechats + l.Tickets }

// Reserved is the number of conversations of both kinds that are offered to the member.
func (l Load) Reserved() int { return l.ReservedLivechats + l.ReservedTickets }

// Held is what the rules see: Open and Reserved.
func (l Load) Held() int { return l.Open() + l.Reserved() }
