package world

import (
	"context"
	"slices"
	"strings"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

func (m *ports) Conversation(
	_ context.Context, ws workspace.WorkspaceID, id inbox.ConversationID,
) (inbox.Conversation, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	c := m.Threads[id]
	switch {
	case m.Fault != nil:
		return inbox.Conversation{}, m.Fault
	case c.ID != id || c.Workspace != ws:
		return inbox.Conversation{}, inbox.Missing("conversation")
	}
	return c, nil
}

func (m *ports) Conversations(
	_ context.Context, ws workspace.WorkspaceID, ids []inbox.ConversationID,
) (map[inbox.ConversationID]inbox.Conversation, error) {
	return named(m.Sorted(), ws, ids, func(c inbox.Conversation) (workspace.WorkspaceID, inbox.ConversationID) {
		return c.Workspace, c.ID
	}), m.Fault
}

func (m *ports) ConversationByExternalID(
	_ context.Context, ws workspace.WorkspaceID, id string,
) (inbox.Conversation, error) {
	return find(&m.records, "conversation", m.Sorted(), func(c inbox.Conversation) bool {
		return c.Workspace == ws && c.ExternalID == id
	})
}

func (m *ports) ListConversations(
	_ context.Context, q access.ConversationQuery,
) (inbox.Page[inbox.Conversation], error) {
	var page inbox.Page[inbox.Conversation]
	for _, c := range m.Sorted() {
		if c.Workspace == q.Workspace && q.View.Shows(q.Visibility, c) && q.View.Matches(q.Visibility, c) {
			page.Items = append(page.Items, c)
		}
	}
	return page, m.Fault
}

func (m *ports) CountConversations(ctx context.Context, q access.ConversationQuery, limit int) (int, error) {
	page, err := m.ListConversations(ctx, q)
	return min(len(page.Items), limit), err
}

func (m *ports) OwnershipSnapshots(
	ctx context.Context, q access.ConversationQuery, limit int,
) ([]desk.OwnershipSnapshot, error) {
	page, err := m.ListConversations(ctx, q)
	var out []desk.OwnershipSnapshot
	for _, c := range page.Items[:min(len(page.Items), limit)] {
		out = append(out, desk.OwnershipSnapshot{ID: c.ID, Version: c.Version})
	}
	return out, err
}

func (m *ports) QueuePosition(_ context.Context, c inbox.Conversation) (int, error) {
	position := 1
	for _, other := range m.Sorted() {
		if other.Waiting() && other.Team == c.Team && other.WaitingSince.Before(c.WaitingSince) {
			position++
		}
	}
	return position, m.Fault
}

func (m *ports) Due(
	_ context.Context, _ workspace.WorkspaceID, q inbox.Queue, after *inbox.PageCursor, limit int,
) ([]inbox.Conversation, error) {
	place := func(at time.Time, id string) string { return at.UTC().Format("2006-01-02T15:04:05.000000000") + id }
	var due []inbox.Conversation
	for _, c := range m.Sorted() {
		if c.Due() && c.Team == q.Team && c.Kind == q.Kind &&
			(after == nil || place(c.WaitingSince, string(c.ID)) > place(after.At, after.ID)) {
			due = append(due, c)
		}
	}
	slices.SortFunc(due, func(a, b inbox.Conversation) int {
		return strings.Compare(place(a.WaitingSince, string(a.ID)), place(b.WaitingSince, string(b.ID)))
	})
	return due[:min(limit, len(due))], m.Fault
}

func (m *ports) Left(_ context.Context, until time.Time, limit int) ([]inbox.Conversation, error) {
	var left []inbox.Conversation
	for _, c := range m.Sorted() {
		if !c.GrabsUntil.IsZero() && !c.GrabsUntil.After(until) {
			left = append(left, c)
		}
	}
	slices.SortStableFunc(left, func(a, b inbox.Conversation) int { return a.GrabsUntil.Compare(b.GrabsUntil) })
	return left[:min(limit, len(left))], m.Fault
}

func (m *ports) Waits(context.Context, workspace.WorkspaceID) (bool, error) {
	return slices.ContainsFunc(m.Sorted(), inbox.Conversation.Waiting), m.Fault
}

func (m *ports) Idle(
	_ context.Context, ws workspace.WorkspaceID, since time.Time, limit int,
) ([]inbox.Conversation, error) {
	var idle []inbox.Conversation
	for _, c := range m.Sorted() {
		if c.Workspace == ws && c.Kind == workspace.Livechat && c.Status != inbox.Closed && !c.LastActivityAt.After(since) {
			idle = append(idle, c)
		}
	}
	slices.SortStableFunc(idle, func(a, b inbox.Conversation) int { return a.LastActivityAt.Compare(b.LastActivityAt) })
	return idle[:min(limit, len(idle))], m.Fault
}

func (m *records) Said() (all []inbox.Message) {
	for _, e := range m.Recorded() {
		all = append(all, e.Messages...)
	}
	return all
}

func (m *ports) Message(_ context.Context, ws workspace.WorkspaceID, id inbox.MessageID) (inbox.Message, error) {
	return find(&m.records, "message", m.Said(), func(msg inbox.Message) bool {
		return msg.Workspace == ws && msg.ID == id
	})
}

func (m *ports) Messages(
	_ context.Context, ws workspace.WorkspaceID, ids []inbox.MessageID,
) (map[inbox.MessageID]inbox.Message, error) {
	return named(m.Said(), ws, ids, func(msg inbox.Message) (workspace.WorkspaceID, inbox.MessageID) {
		return msg.Workspace, msg.ID
	}), m.Fault
}

func (m *ports) ListMessages(_ context.Context, q desk.MessageQuery) (inbox.Page[inbox.Message], error) {
	var page inbox.Page[inbox.Message]
	for _, msg := range m.Said() {
		if msg.Workspace == q.Workspace && msg.Conversation == q.Conversation && !(q.PublicOnly && msg.Internal) {
			page.Items = append(page.Items, msg)
		}
	}
	return page, m.Fault
}

func (m *ports) ListHistory(_ context.Context, q desk.HistoryQuery) (inbox.Page[inbox.Event], error) {
	var page inbox.Page[inbox.Event]
	for _, e := range slices.Backward(m.Recorded()) {
		old := q.Before == 0 || e.Version < q.Before
		if e.Type == inbox.OwnershipEvent && e.Workspace == q.Workspace && e.Conversation == q.Conversation &&
			old && len(page.Items) < q.Limit {
			page.Items = append(page.Items, e)
		}
	}
	return page, m.Fault
}

func (m *ports) Event(_ context.Context, ws workspace.WorkspaceID, id inbox.EventID) (inbox.Event, error) {
	return find(&m.records, "event", m.Recorded(), func(e inbox.Event) bool {
		return e.Workspace == ws && e.ID == id
	})
}

func (m *ports) EventByKey(
	_ context.Context, ws workspace.WorkspaceID, actor workspace.Actor, key string,
) (inbox.Event, error) {
	return find(&m.records, "event", m.Recorded(), func(e inbox.Event) bool {
		return e.Workspace == ws && e.Key.Actor == actor && e.Key.Key == key
	})
}

func (m *ports) EventsByKeys(
	_ context.Context, ws workspace.WorkspaceID, actor workspace.Actor, beginning string, limit int,
) ([]inbox.Event, error) {
	found := slices.DeleteFunc(m.Recorded(), func(e inbox.Event) bool {
		return e.Workspace != ws || e.Key.Actor != actor || !strings.HasPrefix(e.Key.Key, beginning)
	})
	return found[:min(limit, len(found))], m.Fault
}

func (m *ports) MessageByExternalID(
	_ context.Context, ws workspace.WorkspaceID, c inbox.ConversationID, id string,
) (inbox.Message, error) {
	return find(&m.records, "message", m.Said(), func(msg inbox.Message) bool {
		return msg.Workspace == ws && msg.Conversation == c && msg.ExternalID == id
	})
}

// receive writes the times of a receipt into the messages that it is about.
func (m *records) receive(e inbox.Event) {
	for i := range m.events {
		if m.events[i].Conversation != e.Conversation {
			continue
		}
		said := slices.Clone(m.events[i].Messages)
		for j := range said {
			said[j] = e.Receipt.On(said[j], e.At)
		}
		m.events[i].Messages = said
	}
}
