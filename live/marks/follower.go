package marks

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Committed is Apply for what this process committed itself, before the feed brings it.
func (m *Marks) Committed(e inbox.Event) { m.Apply(e) }

// Apply keeps the conversations right where marks stand. A workspace that is suspended
// has no marks: it may be deleted, and made anew under its id.
func (m *Marks) Apply(e inbox.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.rooms[e.Workspace]
	if r == nil {
		return
	}
	if e.Directory != nil && e.Directory.Workspace != nil && e.Directory.Workspace.Suspended() {
		m.empty(e.Workspace)
		return
	}
	if p := r.places[e.Conversation]; p != nil && e.After != nil {
		p.events++
		p.state = p.state.Advanced(e)
		m.touch(r, p)
	}
}

// empty ends all marks of a workspace. It needs mu.
func (m *Marks) empty(ws workspace.WorkspaceID) {
	for _, p := range m.rooms[ws].places {
		for k := range p.marks {
			m.drop(k)
			m.news.forget(k)
		}
	}
}

// FeedLost shows nobody anywhere: what others do is no longer heard of.
func (m *Marks) FeedLost() { m.reset(false) }

// FeedBack reads the conversations anew.
func (m *Marks) FeedBack() { m.reset(true) }

// Forget reads the conversations anew, because events were lost.
func (m *Marks) Forget() { m.reset(true) }

func (m *Marks) reset(live bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.live = live
	m.lives++
	for ws, r := range m.rooms {
		for id, p := range r.places {
			p.known, p.state = false, inbox.Conversation{}
			m.blank[placeKey{ws, id}] = struct{}{}
			m.touch(r, p)
		}
	}
	ring(m.unread)
}
