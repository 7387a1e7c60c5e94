package inbox_test

import (
	"context"
	"slices"
	"strings"

	"switchboard/inbox"
)

// told follows from the events, as the contract says.
func (m *memory) told() (all []inbox.Notification) {
	for _, e := range m.recorded() {
		if _, ok := inbox.Withdrawn(e); ok {
			all = slices.DeleteFunc(all, func(n inbox.Notification) bool { return n.Claimable && n.Conversation == e.Conversation })
		}
		all = append(all, inbox.NotificationsOf(e)...)
	}
	slices.SortStableFunc(all, func(a, b inbox.Notification) int {
		if d := b.At.Compare(a.At); d != 0 {
			return d
		}
		return strings.Compare(string(b.ID), string(a.ID))
	})
	return all
}

func (m *memory) ListNotifications(_ context.Context, q inbox.NotificationQuery) (inbox.Page[inbox.Notification], error) {
	var page inbox.Page[inbox.Notification]
	for _, n := range m.told() {
		unread := q.Unread == nil || !q.Unread.Read(n)
		if n.Workspace == q.Workspace && slices.Contains(q.Audiences, n.Audience) && !slices.Contains(n.Except, q.Member) && unread {
			page.Items = append(page.Items, n)
		}
	}
	if q.Page.Limit > 0 && len(page.Items) > q.Page.Limit {
		page.Items, page.HasNext = page.Items[:q.Page.Limit], true
	}
	return page, m.fault
}

func (m *memory) CountNotifications(ctx context.Context, q inbox.NotificationQuery, limit int) (int, error) {
	q.Page = inbox.PageRequest{}
	page, err := m.ListNotifications(ctx, q)
	return min(len(page.Items), limit), err
}

func (m *memory) NotificationsByID(_ context.Context, ws inbox.WorkspaceID, ids []inbox.NotificationID) (map[inbox.NotificationID]inbox.Notification, error) {
	out := map[inbox.NotificationID]inbox.Notification{}
	for _, n := range m.told() {
		if n.Workspace == ws && slices.Contains(ids, n.ID) {
			out[n.ID] = n
		}
	}
	return out, m.fault
}

func (m *memory) Events(_ context.Context, ws inbox.WorkspaceID, ids []inbox.EventID) (map[inbox.EventID]inbox.Event, error) {
	out := map[inbox.EventID]inbox.Event{}
	for _, e := range m.recorded() {
		if e.Workspace == ws && slices.Contains(ids, e.ID) {
			out[e.ID] = e
		}
	}
	return out, m.fault
}

func (m *memory) ReadMarks(_ context.Context, ws inbox.WorkspaceID, id inbox.MemberID) (inbox.ReadMarks, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	marks := m.marks[id]
	marks.Workspace, marks.Member = ws, id
	return marks, m.fault
}

func (m *memory) SaveReadMarks(_ context.Context, marks inbox.ReadMarks) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.marks == nil {
		m.marks = map[inbox.MemberID]inbox.ReadMarks{}
	}
	if m.marks[marks.Member].Rev != marks.Rev-1 {
		return inbox.ErrStale
	}
	m.marks[marks.Member] = marks
	return m.fault
}
