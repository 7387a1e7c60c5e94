package inbox

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

// The ids of what happens in a workspace.
type (
	// ContactID names a visitor.
	ContactID string
	// ConversationID names a livechat or a ticket.
	ConversationID string
	// MessageID names one message.
	MessageID string
	// EventID names one recorded change.
	EventID string
	// NotificationID names a notification about one change.
	NotificationID string
	// SavedViewID names a filter that somebody keeps.
	SavedViewID string
)
