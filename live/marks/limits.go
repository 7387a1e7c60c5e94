package marks

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// How many marks may stand at once. Visitors, of whom anybody may make more, have a
// part that they cannot leave.
const (
	maxOfPlace            = 64
	maxOfActor            = 64
	maxOfVisitor          = 4
	maxOfRoom             = 5_000
	maxOfVisitorsOfRoom   = 2_000
	maxOfServer           = 50_000
	maxOfVisitorsOfServer = 20_000
	// maxOfVisitorsOfPlace leaves room for the staff: a conversation has one contact.
	maxOfVisitorsOfPlace = 4
)

// headcount is how many marks stand, of all and of visitors among them.
type headcount struct{ all, visitors int }

func (h *headcount) add(who workspace.Actor, n int) {
	h.all += n
	if who.Kind == workspace.ActorContact {
		h.visitors += n
	}
}

// admits reports whether one more mark of an actor may stand at p, which is nil for a
// place that is not there yet. It needs mu.
func (m *Marks) admits(r *room, p *place, who workspace.Actor) bool {
	if who.Kind == workspace.ActorContact {
		return r.actors[who] < maxOfVisitor && p.visitors() < maxOfVisitorsOfPlace &&
			r.count.visitors < maxOfVisitorsOfRoom && m.total.visitors < maxOfVisitorsOfServer
	}
	return r.actors[who] < maxOfActor && p.staff() < maxOfPlace &&
		r.count.all-r.count.visitors < maxOfRoom && m.total.all-m.total.visitors < maxOfServer
}

func (p *place) visitors() (n int) {
	if p == nil {
		return 0
	}
	for k := range p.marks {
		if k.Actor.Kind == workspace.ActorContact {
			n++
		}
	}
	return n
}

func (p *place) staff() int {
	if p == nil {
		return 0
	}
	return len(p.marks) - p.visitors()
}

// tooMany refuses one mark too many.
func tooMany() error {
	return &inbox.Error{
		Code: inbox.RateLimited, RetryAfter: 5 * time.Second,
		Message: "Too many people are shown here or in the workspace already, or you have too many windows open. Try again in 5 s.",
	}
}

// Stats are figures of Marks.
type Stats struct {
	// Standing is how many marks stand now, of all servers; Visitors those of contacts.
	Standing, Visitors int
	// Sent and Failed count bulletins, Refused marks beyond a limit.
	Sent, Failed, Refused uint64
}

// Stats returns the figures of now.
func (m *Marks) Stats() Stats {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := m.stats
	out.Standing, out.Visitors = m.total.all, m.total.visitors
	return out
}
