package inbox_test

import (
	"context"

	"switchboard/inbox"
)

func (m *memory) Stars(_ context.Context, ws inbox.WorkspaceID, id inbox.MemberID) (inbox.Stars, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	stars := m.stars[id]
	stars.Workspace, stars.Member = ws, id
	return stars, m.fault
}

func (m *memory) SaveStars(_ context.Context, s inbox.Stars, e inbox.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stars == nil {
		m.stars = map[inbox.MemberID]inbox.Stars{}
	}
	if m.stars[s.Member].Rev != s.Rev-1 {
		return inbox.ErrStale
	}
	m.stars[s.Member] = s
	m.events = append(m.events, e)
	return m.fault
}

func (m *memory) DropStars(_ context.Context, _ inbox.WorkspaceID, id inbox.MemberID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.stars, id)
	return m.fault
}

func (m *memory) Shelves(_ context.Context, _ inbox.WorkspaceID, ids []inbox.ShelfID) (map[inbox.ShelfID]inbox.Shelf, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[inbox.ShelfID]inbox.Shelf{}
	for _, id := range ids {
		if s, ok := m.shelves[id]; ok {
			out[id] = s
		}
	}
	return out, m.fault
}

func (m *memory) SaveShelves(_ context.Context, shelves ...inbox.Shelf) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.shelves == nil {
		m.shelves = map[inbox.ShelfID]inbox.Shelf{}
	}
	for _, s := range shelves {
		if m.shelves[s.ID].Rev != s.Rev-1 {
			return inbox.ErrStale
		}
	}
	for _, s := range shelves {
		m.shelves[s.ID] = s
	}
	return m.fault
}

func (m *memory) DropShelf(_ context.Context, _ inbox.WorkspaceID, id inbox.ShelfID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.shelves, id)
	return m.fault
}
