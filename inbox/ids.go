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
	// OfferID names a transfer that has to be accepted.
	OfferID string
	// BulkID names one call that acts on many conversations. Its events carry it.
	BulkID string
	// SavedViewID names a filter that somebody keeps.
	SavedViewID string
)
