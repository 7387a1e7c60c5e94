package world

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

func (m *records) Stars(_ context.Context, ws workspace.WorkspaceID, id workspace.MemberID) (shelf.Stars, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	stars := m.Starred[id]
	stars.Workspace, stars.Member = ws, id
	return stars, m.Fault
}

func (m *records) SaveStars(_ context.Context, s shelf.Stars, e inbox.Event) error {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	if m.Starred == nil {
		m.Starred = map[workspace.MemberID]shelf.Stars{}
	}
	if m.Starred[s.Member].Rev != s.Rev-1 {
		return commit.ErrStale
	}
	m.Starred[s.Member] = s
	m.events = append(m.events, e)
	return m.Fault
}

func (m *records) DropStars(_ context.Context, _ workspace.WorkspaceID, id workspace.MemberID) error {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	delete(m.Starred, id)
	return m.Fault
}

func (m *records) SavedViewLists(
	_ context.Context, _ workspace.WorkspaceID, ids []shelf.SavedViewListID,
) (map[shelf.SavedViewListID]shelf.SavedViewList, error) {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	out := map[shelf.SavedViewListID]shelf.SavedViewList{}
	for _, id := range ids {
		if s, ok := m.Shelved[id]; ok {
			out[id] = s
		}
	}
	return out, m.Fault
}

func (m *records) SaveSavedViewLists(_ context.Context, shelves ...shelf.SavedViewList) error {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	if m.Shelved == nil {
		m.Shelved = map[shelf.SavedViewListID]shelf.SavedViewList{}
	}
	for _, s := range shelves {
		if m.Shelved[s.ID].Rev != s.Rev-1 {
			return commit.ErrStale
		}
	}
	for _, s := range shelves {
		m.Shelved[s.ID] = s
	}
	return m.Fault
}

func (m *records) DeleteSavedViewList(_ context.Context, _ workspace.WorkspaceID, id shelf.SavedViewListID) error {
	m.Mu.Lock()
	defer m.Mu.Unlock()
	delete(m.Shelved, id)
	return m.Fault
}
