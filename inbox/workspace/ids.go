package workspace

// Ids are opaque, unique in the whole installation, and never reused. The
// empty string means "none".
type (
	// WorkspaceID names a tenant.
	WorkspaceID string
	// MemberID names a person of a workspace.
	MemberID string
	// TeamID names a group of members.
	TeamID string
	// AgentID names an AI agent.
	AgentID string
)
