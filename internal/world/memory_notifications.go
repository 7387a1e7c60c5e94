package world

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
)

// told follows from the events, as the contract says.
func (m *records) told() (all []inbox.Notification) {
	for _, e := range m.Recorded() {
		if gone, ok := inbox.Withdrawn(e); ok {
			all = withdraw(all, gone)
		}
		if gone, ok := inbox.TakenBack(e); ok {
			for i := range all {
				if all[i].ID == gone.ID {
					all[i].Except = append(slices.Clone(all[i].Except), gone.Actor.Member())
				}
			}
		}
		if to, kinds, ok := inbox.Settled(e); ok {
			for i := range all {
				about := all[i].Conversation == e.Conversation && all[i].Audience == to && !all[i].IsDigest()
				all[i].Over = all[i].Over || about && slices.Contains(kinds, all[i].Kind)
			}
		}
		for _, n := range inbox.NotificationsOf(e) {
			all = tell(all, n)
		}
	}
	m.Mu.Lock()
	defer m.Mu.Unlock()
	for i := range all {
		all[i].Sequence = inbox.Unsequenced
		if place, ok := m.places[all[i].ID]; ok {
			all[i].Sequence = place
		}
	}
	slices.SortStableFunc(all, func(a, b inbox.Notification) int { return b.PageCursor().Compare(a.PageCursor()) })
	return all
}

// place assigns places to what the query asks for.
func (m *records) place(q notify.NotificationQuery) {
	all := m.told()
	m.Mu.Lock()
	defer m.Mu.Unlock()
	m.placed++
	for _, n := range all {
		if n.Sequence == inbox.Unsequenced && slices.Contains(q.Audiences, n.Audience) {
			if m.places == nil {
				m.places = map[inbox.NotificationID]int{}
			}
			m.places[n.ID] = m.placed
		}
	}
}

func (m *records) ListNotifications(
	_ context.Context, q notify.NotificationQuery,
) (inbox.Page[inbox.Notification], error) {
	m.place(q)
	page := m.listed(q)
	if q.Page.Backward {
		slices.Reverse(page.Items)
	}
	if q.Page.Limit > 0 && len(page.Items) > q.Page.Limit {
		page.Items, page.HasNext = page.Items[:q.Page.Limit], true
	}
	return page, m.Fault
}

func (m *records) listed(q notify.NotificationQuery) (page inbox.Page[inbox.Notification]) {
	for _, n := range m.told() {
		unread := q.Unread == nil || !n.Over && !q.Unread.Read(n)
		if n.Workspace == q.Workspace && slices.Contains(q.Audiences, n.Audience) &&
			!slices.Contains(n.Except, q.Member) && unread {
			page.Items = append(page.Items, n)
		}
	}
	return page
}

func (m *records) CountNotifications(_ context.Context, q notify.NotificationQuery, limit int) (int, error) {
	return min(len(m.listed(q).Items), limit), m.Fault
}

func (m *records) NotificationsByID(
	_ context.Context, ws workspace.WorkspaceID, ids []inbox.NotificationID,
) (map[inbox.NotificationID]inbox.Notification, error) {
	return named(m.told(), ws, ids, func(n inbox.Notification) (workspace.WorkspaceID, inbox.NotificationID) {
		return n.Workspace, n.ID
	}), m.Fault
}

func (m *records) Events(
	_ context.Context, ws workspace.WorkspaceID, ids []inbox.EventID,
) (map[inbox.EventID]inbox.Event, error) {
	return named(m.Recorded(), ws, ids, func(e inbox.Event) (workspace.WorkspaceID, inbox.EventID) {
		return e.Workspace, e.ID
	}), m.Fault
}

func (m *records) ReadMarks(
	_ context.Context, ws workspace.WorkspaceID, id workspace.MemberID,
) (notify.ReadMarks, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	marks := m.Marks[id]
	marks.Workspace, marks.Member = ws, id
	return marks, m.Fault
}

func (m *records) SaveReadMarks(_ context.Context, marks notify.ReadMarks) error {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	if m.Marks == nil {
		m.Marks = map[workspace.MemberID]notify.ReadMarks{}
	}
	if m.Marks[marks.Member].Rev != marks.Rev-1 {
		return commit.ErrStale
	}
	m.Marks[marks.Member] = marks
	return m.Fault
}

// tell adds n, or joins it to its digest.
func tell(all []inbox.Notification, n inbox.Notification) []inbox.Notification {
	if !n.IsDigest() {
		return append(all, n)
	}
	i := slices.IndexFunc(all, func(one inbox.Notification) bool { return one.ID == n.ID })
	if i < 0 {
		return append(all, n)
	}
	all[i] = all[i].Joined(n)
	return all
}

// withdraw removes what can be claimed of a conversation, and takes it out of its digest.
func withdraw(all []inbox.Notification, gone inbox.Notification) []inbox.Notification {
	for i := range all {
		if gone.IsDigest() && all[i].ID == gone.ID {
			all[i].Count--
		}
	}
	return slices.DeleteFunc(all, func(n inbox.Notification) bool {
		return n.Count == 0 || !n.IsDigest() && n.Passes() && n.Conversation == gone.Conversation
	})
}
