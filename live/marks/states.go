package marks

import (
	"context"
	"log/slog"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

const (
	// readAtOnce is how many conversations are read in one query.
	readAtOnce = 100
	// readAgain is the pause after a read that failed.
	readAgain = time.Second
)

// reading is a read of conversations of one workspace: with how many events each had
// when it began, and the feed's state then.
type reading struct {
	workspace workspace.WorkspaceID
	events    map[inbox.ConversationID]uint64
	lives     uint64
}

// readStates reads the conversations where marks stand, until ctx ends.
func (m *Marks) readStates(ctx context.Context) {
	for ctx.Err() == nil {
		next := m.nextReading()
		if len(next.events) == 0 {
			select {
			case <-m.unread:
			case <-ctx.Done():
			}
			continue
		}
		ids := make([]inbox.ConversationID, 0, len(next.events))
		for id := range next.events {
			ids = append(ids, id)
		}
		found, err := m.states(ctx, next.workspace, ids)
		if err != nil {
			m.log.Debug("conversations cannot be read for those who look at them", slog.Any("error", err))
			select {
			case <-time.After(readAgain):
			case <-ctx.Done():
			}
			continue
		}
		m.settle(next, found)
	}
}

// nextReading are blank places of one workspace. There are none while the feed is lost.
func (m *Marks) nextReading() reading {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := reading{events: map[inbox.ConversationID]uint64{}, lives: m.lives}
	for k := range m.blank {
		if !m.live || len(out.events) == readAtOnce {
			break
		}
		if out.workspace == "" {
			out.workspace = k.workspace
		}
		if p := m.place(k.workspace, k.id); p != nil && k.workspace == out.workspace {
			out.events[k.id] = p.events
		}
	}
	return out
}

// settle takes over what was read, unless an event came meanwhile: then it is read
// again. A conversation that does not exist has no marks.
func (m *Marks) settle(r reading, found map[inbox.ConversationID]inbox.Conversation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, before := range r.events {
		p := m.place(r.workspace, id)
		if p == nil || p.events != before || r.lives != m.lives {
			continue
		}
		c, exists := found[id]
		if !exists {
			for k := range p.marks {
				m.drop(k)
				m.news.forget(k)
			}
			continue
		}
		delete(m.blank, placeKey{r.workspace, id})
		p.state, p.known = c, true
		m.touch(m.rooms[r.workspace], p)
	}
}
