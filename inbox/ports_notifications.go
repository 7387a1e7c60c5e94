package inbox

import "context"

// NotificationQuery selects notifications of a member, newest first.
type NotificationQuery struct {
	Workspace WorkspaceID
	// Audiences are those that the member belongs to.
	Audiences []Audience
	// Member leaves out notifications that name the member in Except.
	Member MemberID
	// Unread, if not nil, leaves out notifications that these marks mark as read.
	Unread *ReadMarks
	// Page is not looked at when counting.
	Page PageRequest
}

// Notifications keeps the notifications of members. Stores write a notification
// with the event that it follows from (NotificationsOf), in the same transaction,
// and remove those that an event withdraws (Withdrawn).
type Notifications interface {
	// ListNotifications lists by place, newest first. Before that it gives every
	// Unplaced notification among the query's audiences a place above all that were
	// assigned, in one transaction: so later commits are listed before all of them.
	// Notifications older than NotificationsKept may be gone.
	ListNotifications(ctx context.Context, q NotificationQuery) (Page[Notification], error)
	// CountNotifications counts up to limit.
	CountNotifications(ctx context.Context, q NotificationQuery, limit int) (int, error)
	// NotificationsByID finds several notifications at once. Ids that do not exist
	// have no entry.
	NotificationsByID(ctx context.Context, ws WorkspaceID, ids []NotificationID) (map[NotificationID]Notification, error)
	// Events finds several events at once. Ids that do not exist have no entry.
	Events(ctx context.Context, ws WorkspaceID, ids []EventID) (map[EventID]Event, error)

	// ReadMarks reads a member's marks; Rev is 0 when there are none.
	ReadMarks(ctx context.Context, ws WorkspaceID, m MemberID) (ReadMarks, error)
	// SaveReadMarks replaces the marks, whose Rev must be one more than the stored
	// one. ErrStale otherwise.
	SaveReadMarks(ctx context.Context, marks ReadMarks) error
}
