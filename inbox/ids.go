package inbox

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
