package dispatch

import (
	"maps"
	"slices"
	"sync"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// queues are those in which something may wait. A workspace that is not in it is
// unknown, and may hold anything.
type queues struct {
	mu    sync.Mutex
	marks uint64 // grows with each note, so that one that came late is not lost
	known map[workspace.WorkspaceID]*hall
	after map[workspace.WorkspaceID]struct{} // to be looked at a little later
}

// hall holds the queues of one workspace.
type hall struct {
	// checked says that the database was asked since events are heard; before
	// that there may be more than was noted.
	checked bool
	// held has a queue with the mark of its last note.
	held map[inbox.Queue]uint64
	// people are the conversations known to wait, with their queue; line counts
	// them by queue.
	people map[inbox.ConversationID]inbox.Queue
	line   map[inbox.Queue]int
}

// maxPeople bounds the known waiting conversations of one workspace. Further ones
// wait all the same, and are found in the database.
const maxPeople = 10_000

func newQueues() *queues {
	return &queues{known: map[workspace.WorkspaceID]*hall{}, after: map[workspace.WorkspaceID]struct{}{}}
}

// hall needs mu.
func (q *queues) hall(ws workspace.WorkspaceID) *hall {
	if q.known[ws] == nil {
		q.known[ws] = &hall{held: map[inbox.Queue]uint64{}, people: map[inbox.ConversationID]inbox.Queue{}, line: map[inbox.Queue]int{}}
	}
	return q.known[ws]
}

// hear updates the queues after e, and reports whether the conversation of e waits.
func (q *queues) hear(e inbox.Event) (waits bool) {
	if e.Type != inbox.OwnershipEvent {
		return false
	}
	queue, waits := e.Waits()
	q.mu.Lock()
	defer q.mu.Unlock()
	if !waits && q.known[e.Workspace] == nil {
		return false
	}
	h := q.hall(e.Workspace)
	h.leave(e.Conversation)
	if !waits {
		return false
	}
	q.marks++
	h.held[queue] = q.marks
	// A member who passed a conversation on does not get it back, so that other
	// conversations may be assigned to that member first.
	if !e.To.Left && len(h.people) < maxPeople {
		h.people[e.Conversation] = queue
		h.line[queue]++
	}
	return true
}

// leave takes a conversation out of the line.
func (h *hall) leave(c inbox.ConversationID) {
	queue, there := h.people[c]
	if !there {
		return
	}
	delete(h.people, c)
	if h.line[queue]--; h.line[queue] == 0 {
		delete(h.line, queue)
	}
}

// waits reports whether somebody is known to wait in queue.
func (q *queues) waits(ws workspace.WorkspaceID, queue inbox.Queue) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	h := q.known[ws]
	return h != nil && h.line[queue] > 0
}

// later lists ws to be looked at when due is next called.
func (q *queues) later(ws workspace.WorkspaceID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.after[ws] = struct{}{}
}

// due returns the workspaces that later listed.
func (q *queues) due() []workspace.WorkspaceID {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := slices.Collect(maps.Keys(q.after))
	clear(q.after)
	return out
}

// mayHold reports whether something may wait in ws.
func (q *queues) mayHold(ws workspace.WorkspaceID) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	h := q.known[ws]
	return h == nil || !h.checked || len(h.held) > 0
}

// unknown reports whether the database has to be asked about ws; mark is from
// before that.
func (q *queues) unknown(ws workspace.WorkspaceID) (mark *hall, unknown bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	h := q.hall(ws)
	return h, !h.checked
}

// know adopts the database's answer, unless everything was forgotten since.
func (q *queues) know(ws workspace.WorkspaceID, found []inbox.Queue, mark *hall) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.known[ws] != mark {
		return
	}
	mark.checked = true
	for _, queue := range found {
		if mark.held[queue] == 0 {
			q.marks++
			mark.held[queue] = q.marks
		}
	}
}

// of gives the queues of ws in which something may wait, each with its mark.
func (q *queues) of(ws workspace.WorkspaceID) map[inbox.Queue]uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := map[inbox.Queue]uint64{}
	if h := q.known[ws]; h != nil {
		for queue, mark := range h.held {
			out[queue] = mark
		}
	}
	return out
}

// empty says that nothing waited in queue since mark, unless it was noted again.
func (q *queues) empty(ws workspace.WorkspaceID, queue inbox.Queue, mark uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	h := q.known[ws]
	if h == nil || h.held[queue] != mark {
		return
	}
	delete(h.held, queue)
	for c, in := range h.people { // the feed will say the same
		if in == queue {
			h.leave(c)
		}
	}
}

// waiting lists the workspaces in which something may wait.
func (q *queues) waiting() []workspace.WorkspaceID {
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []workspace.WorkspaceID
	for ws, h := range q.known {
		if !h.checked || len(h.held) > 0 {
			out = append(out, ws)
		}
	}
	return out
}

// forget makes every workspace unknown.
func (q *queues) forget() {
	q.mu.Lock()
	defer q.mu.Unlock()
	clear(q.known)
}
