package marks

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/attention"
	"switchboard/inbox/workspace"
)

// room are the marks of one workspace, and who follows them.
type room struct {
	places map[inbox.ConversationID]*place
	seats  map[*Seat]struct{}
	actors map[workspace.Actor]int
	count  headcount
}

// place is a conversation where marks stand.
type place struct {
	// state is the conversation as it is now, if it is known. events counts what the feed
	// brought of it.
	state  inbox.Conversation
	known  bool
	events uint64
	marks  map[attention.Key]standing
	// changed is the clock of the last change.
	changed uint64
}

type placeKey struct {
	workspace workspace.WorkspaceID
	id        inbox.ConversationID
}

// standing is a mark and when it ends.
type standing struct {
	attention.Mark
	until time.Time
}

// list returns the marks of a place.
func (p *place) list() []attention.Mark {
	out := make([]attention.Mark, 0, len(p.marks))
	for _, s := range p.marks {
		out = append(out, s.Mark)
	}
	return out
}

// place needs mu. It is nil where no mark stands.
func (m *Marks) place(ws workspace.WorkspaceID, id inbox.ConversationID) *place {
	if r := m.rooms[ws]; r != nil {
		return r.places[id]
	}
	return nil
}

// room needs mu.
func (m *Marks) room(ws workspace.WorkspaceID) *room {
	r := m.rooms[ws]
	if r == nil {
		r = &room{places: map[inbox.ConversationID]*place{}, seats: map[*Seat]struct{}{}, actors: map[workspace.Actor]int{}}
		m.rooms[ws] = r
	}
	return r
}

// put lets a mark stand until then, and wakes who follows the workspace if it is
// another than before. It is false for one mark too many. It needs mu.
func (m *Marks) put(mark attention.Mark, until time.Time) bool {
	r := m.room(mark.Workspace)
	p := r.places[mark.Conversation]
	var before standing
	stood := false
	if p != nil {
		before, stood = p.marks[mark.Key]
	}
	if !stood {
		if !m.admits(r, p, mark.Actor) {
			m.tidy(mark.Workspace)
			return false
		}
		p = m.enter(r, p, mark)
	}
	p.marks[mark.Key] = standing{mark, until}
	if before.Mark != mark {
		m.touch(r, p)
	}
	return true
}

// enter counts a new mark, and makes its place. It needs mu.
func (m *Marks) enter(r *room, p *place, mark attention.Mark) *place {
	if p == nil {
		p = &place{marks: map[attention.Key]standing{}}
		r.places[mark.Conversation] = p
		m.blank[placeKey{mark.Workspace, mark.Conversation}] = struct{}{}
		ring(m.unread)
	}
	r.actors[mark.Actor]++
	r.count.add(mark.Actor, 1)
	m.total.add(mark.Actor, 1)
	return p
}

// drop ends the mark with the key, and forgets a place without marks. It needs mu.
func (m *Marks) drop(k attention.Key) {
	r := m.rooms[k.Workspace]
	if r == nil || r.places[k.Conversation] == nil {
		return
	}
	p := r.places[k.Conversation]
	if _, stood := p.marks[k]; !stood {
		return
	}
	delete(p.marks, k)
	if r.actors[k.Actor]--; r.actors[k.Actor] == 0 {
		delete(r.actors, k.Actor)
	}
	r.count.add(k.Actor, -1)
	m.total.add(k.Actor, -1)
	m.touch(r, p)
	if len(p.marks) == 0 {
		delete(r.places, k.Conversation)
		delete(m.blank, placeKey{k.Workspace, k.Conversation})
		m.tidy(k.Workspace)
	}
}

// tidy forgets a room that is empty. It needs mu.
func (m *Marks) tidy(ws workspace.WorkspaceID) {
	if r := m.rooms[ws]; len(r.places)+len(r.seats) == 0 {
		delete(m.rooms, ws)
	}
}

// touch says that a place changed. It needs mu.
func (m *Marks) touch(r *room, p *place) {
	m.clock++
	p.changed = m.clock
	r.ring()
}

func (r *room) ring() {
	for s := range r.seats {
		s.wake()
	}
}

// expire ends the marks whose time is over, and returns when the next one is; zero for
// none. It needs mu.
func (m *Marks) expire(now time.Time) (next time.Time) {
	for _, r := range m.rooms {
		for _, p := range r.places {
			for k, s := range p.marks {
				switch {
				case !s.until.After(now):
					m.drop(k)
					m.news.forget(k)
				case next.IsZero() || s.until.Before(next):
					next = s.until
				}
			}
		}
	}
	return next
}
