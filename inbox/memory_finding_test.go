package inbox_test

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

func (m *memory) Stars(_ context.Context, ws workspace.WorkspaceID, id workspace.MemberID) (shelf.Stars, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	stars := m.stars[id]
	stars.Workspace, stars.Member = ws, id
	return stars, m.fault
}

func (m *memory) SaveStars(_ context.Context, s shelf.Stars, e inbox.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stars == nil {
		m.stars = map[workspace.MemberID]shelf.Stars{}
	}
	if m.stars[s.Member].Rev != s.Rev-1 {
		return commit.ErrStale
	}
	m.stars[s.Member] = s
	m.events = append(m.events, e)
	return m.fault
}

func (m *memory) DropStars(_ context.Context, _ workspace.WorkspaceID, id workspace.MemberID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.stars, id)
	return m.fault
}

func (m *memory) SavedViewLists(_ context.Context, _ workspace.WorkspaceID, ids []shelf.SavedViewListID) (map[shelf.SavedViewListID]shelf.SavedViewList, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[shelf.SavedViewListID]shelf.SavedViewList{}
	for _, id := range ids {
		if s, ok := m.shelves[id]; ok {
			out[id] = s
		}
	}
	return out, m.fault
}

func (m *memory) SaveSavedViewLists(_ context.Context, shelves ...shelf.SavedViewList) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.shelves == nil {
		m.shelves = map[shelf.SavedViewListID]shelf.SavedViewList{}
	}
	for _, s := range shelves {
		if m.shelves[s.ID].Rev != s.Rev-1 {
			return commit.ErrStale
		}
	}
	for _, s := range shelves {
		m.shelves[s.ID] = s
	}
	return m.fault
}

func (m *memory) DeleteSavedViewList(_ context.Context, _ workspace.WorkspaceID, id shelf.SavedViewListID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.shelves, id)
	return m.fault
}
