package inbox

import "context"

// NotificationQuery asks for what a member was told, newest first.
type NotificationQuery struct {
	Workspace WorkspaceID
	// Audiences are those that the member belongs to.
	Audiences []Audience
	// Member leaves out what names the member in Except.
	Member MemberID
	// Unread, when not nil, leaves out what these marks say was read.
	Unread *ReadMarks
	// Page is not looked at when counting.
	Page PageRequest
}

// Notifications keeps what members were told. Stores write a notification with
// the event that it follows from (NotificationsOf), in the same transaction, and
// remove what an event takes back (Withdrawn).
type Notifications interface {
	// ListNotifications lists by place, newest first. What is Unplaced among the
	// query's audiences first gets a place above all that were assigned, in one
	// transaction: so what is committed later is listed before all of it. What is
	// older than NotificationsKept may be gone.
	ListNotifications(ctx context.Context, q NotificationQuery) (Page[Notification], error)
	// CountNotifications counts up to limit.
	CountNotifications(ctx context.Context, q NotificationQuery, limit int) (int, error)
	// NotificationsByID finds many at once; what does not exist is left out.
	NotificationsByID(ctx context.Context, ws WorkspaceID, ids []NotificationID) (map[NotificationID]Notification, error)
	// Events finds many at once; what does not exist is left out.
	Events(ctx context.Context, ws WorkspaceID, ids []EventID) (map[EventID]Event, error)

	// ReadMarks reads a member's marks; Rev is 0 when there are none.
	ReadMarks(ctx context.Context, ws WorkspaceID, m MemberID) (ReadMarks, error)
	// SaveReadMarks replaces the marks, whose Rev must be one more than the stored
	// one. ErrStale otherwise.
	SaveReadMarks(ctx context.Context, marks ReadMarks) error
}
