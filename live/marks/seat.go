package marks

import (
	"switchboard/inbox"
	"switchboard/inbox/attention"
	"switchboard/inbox/workspace"
)

// Seat is somebody who follows the marks of a workspace. It is used by one goroutine.
type Seat struct {
	of        *Marks
	workspace workspace.WorkspaceID
	wake      func()
	seen      uint64
}

// Standing is a conversation with the marks that stand there.
type Standing struct {
	ID inbox.ConversationID
	// Conversation is as it is now. Nobody may be shown at one that is not Known.
	Conversation inbox.Conversation
	Known        bool
	Marks        []attention.Mark
}

// Join follows a workspace. When something may have changed since the last look, wake is
// called, with locks held: it must not wait. Leave the seat.
func (m *Marks) Join(ws workspace.WorkspaceID, wake func()) *Seat {
	s := &Seat{of: m, workspace: ws, wake: wake}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.room(ws).seats[s] = struct{}{}
	return s
}

// Leave ends it. Leaving twice is harmless.
func (s *Seat) Leave() {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	if r := s.of.rooms[s.workspace]; r != nil {
		delete(r.seats, s)
		s.of.tidy(s.workspace)
	}
}

// Look returns the conversations whose marks or state changed since the last look, or
// all of them. Of the held conversations also those where no mark stands any more.
func (s *Seat) Look(all bool, held func(yield func(inbox.ConversationID) bool)) (out []Standing) {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	r := s.of.rooms[s.workspace]
	for id, p := range r.places {
		if all || p.changed > s.seen {
			out = append(out, Standing{id, p.state, p.known, p.list()})
		}
	}
	for id := range held {
		if r.places[id] == nil {
			out = append(out, Standing{ID: id})
		}
	}
	s.seen = s.of.clock
	return out
}
