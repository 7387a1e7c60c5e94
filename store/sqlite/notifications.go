package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"switchboard/inbox"
	notification "switchboard/inbox/notify"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// ListNotifications lists a page of a member's notifications, by place, newest first.
// Before that it gives a place to those that no list showed yet.
func (s *Store) ListNotifications(ctx context.Context, q notification.NotificationQuery) (inbox.Page[inbox.Notification], error) {
	if len(q.Audiences) == 0 {
		return inbox.Page[inbox.Notification]{}, nil
	}
	var page inbox.Page[document.Notification]
	read := func(tx *sql.Tx) (err error) {
		page, err = readPage(tx, notificationListing(q))
		return err
	}
	err := s.view(ctx, read)
	if err == nil && slices.ContainsFunc(page.Items, func(d document.Notification) bool { return d.Place == inbox.Unsequenced }) {
		err = s.update(ctx, func(tx *sql.Tx) error {
			if err := sequenceNotifications(tx, q); err != nil {
				return err
			}
			return read(tx)
		})
	}
	return store.Convert(page, document.Notification.Notification), fault("list notifications", err)
}

// CountNotifications counts a member's notifications, up to limit.
func (s *Store) CountNotifications(ctx context.Context, q notification.NotificationQuery, limit int) (n int, err error) {
	if len(q.Audiences) == 0 {
		return 0, nil
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		n, err = notificationListing(q).count(tx, limit)
		return err
	})
	return n, fault("count notifications", err)
}

// NotificationsByID finds several notifications at once. Ids that do not exist have
// no entry.
func (s *Store) NotificationsByID(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.NotificationID) (map[inbox.NotificationID]inbox.Notification, error) {
	out := make(map[inbox.NotificationID]inbox.Notification, len(ids))
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.Query("SELECT "+notificationColumns+" FROM notifications WHERE workspace = ? AND id IN (SELECT value FROM json_each(?))", string(ws), list(ids))
		docs, err := collect(rows, err, scanNotification)
		for _, d := range docs {
			out[d.ID] = d.Notification()
		}
		return err
	})
	return out, fault("read notifications", err)
}

// notificationListing walks each audience by itself: an index is in order within one.
func notificationListing(q notification.NotificationQuery) listing[document.Notification] {
	l := listing[document.Notification]{
		from: "notifications INDEXED BY notifications_by_place", columns: notificationColumns, scan: scanNotification,
		where: []clause{
			{"workspace = ?", []any{string(q.Workspace)}},
			{"(excepted IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(excepted) WHERE value = ?))", []any{string(q.Member)}},
		},
		keys: []string{"place", "at", "id"}, cursor: atPlace, desc: true, page: q.Page,
	}
	for _, a := range slices.Compact(slices.Sorted(slices.Values(q.Audiences))) {
		l.branches = append(l.branches, clause{"audience = ?", []any{string(a)}})
	}
	if q.Unread != nil {
		l.where = append(l.where, unread(l, *q.Unread)...)
	}
	return l
}

func atPlace(c inbox.PageCursor) []any { return []any{c.Sequence, c.At.UnixMilli(), c.ID} }

func unread(l listing[document.Notification], marks notification.ReadMarks) []clause {
	where := []clause{{"NOT over", nil}}
	if marks.UpTo.ID != "" {
		where = append(where, l.beyond(marks.UpTo, true, false))
	}
	if len(marks.Single) == 0 {
		return where
	}
	ids := make([]inbox.NotificationID, 0, len(marks.Single))
	for _, p := range marks.Single {
		ids = append(ids, inbox.NotificationID(p.ID))
	}
	read := among("id", ids)
	return append(where, clause{"NOT " + read.sql, read.args})
}
