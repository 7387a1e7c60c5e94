package notify

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// NotificationQuery selects notifications of a member, newest first.
type NotificationQuery struct {
	Workspace workspace.WorkspaceID
	// Audiences are those that the member belongs to.
	Audiences []inbox.Audience
	// Member leaves out notifications that name the member in Except.
	Member workspace.MemberID
	// Unread, if not nil, leaves out notifications that these marks mark as read.
	Unread *ReadMarks
	// Page is not looked at when counting.
	Page inbox.PageRequest
}

// NotificationStore keeps what members were told. Stores write a notification with
// the event that it follows from (NotificationsOf), in the same transaction, and
// remove what an event takes back (Withdrawn).
type NotificationStore interface {
	// ListNotifications lists by place, newest first. Before that it gives every
	// Unplaced notification among the query's audiences a place above all that were
	// assigned, in one transaction: so later commits are listed before all of them.
	// Notifications older than NotificationsKept may be gone.
	ListNotifications(ctx context.Context, q NotificationQuery) (inbox.Page[inbox.Notification], error)
	// CountNotifications counts up to limit.
	CountNotifications(ctx context.Context, q NotificationQuery, limit int) (int, error)
	// NotificationsByID finds several notifications at once. Ids that do not exist
	// have no entry.
	NotificationsByID(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.NotificationID) (map[inbox.NotificationID]inbox.Notification, error)
	// Events finds several events at once. Ids that do not exist have no entry.
	Events(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.EventID) (map[inbox.EventID]inbox.Event, error)

	// ReadMarks reads a member's marks; Rev is 0 when there are none.
	ReadMarks(ctx context.Context, ws workspace.WorkspaceID, m workspace.MemberID) (ReadMarks, error)
	// SaveReadMarks replaces the marks, whose Rev must be one more than the stored
	// one. ErrStale otherwise.
	SaveReadMarks(ctx context.Context, marks ReadMarks) error
}
