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
	known map[workspace.WorkspaceID]*workspaceQueues
	after map[workspace.WorkspaceID]struct{} // to be looked at a little later
}

// workspaceQueues holds the queues of one workspace.
type workspaceQueues struct {
	// checked says that the database was asked since events are heard; before
	// that there may be more than was noted.
	checked bool
	// held has a queue with the mark of its last note.
	held map[inbox.Queue]uint64
	// waiting are the conversations known to wait, with their queue; line counts
	// them by queue.
	waiting map[inbox.ConversationID]inbox.Queue
	counts  map[inbox.Queue]int
}

// maxWaiting bounds the known waiting conversations of one workspace. Further ones
// wait all the same, and are found in the database.
const maxWaiting = 10_000

func newQueues() *queues {
	return &queues{known: map[workspace.WorkspaceID]*workspaceQueues{}, after: map[workspace.WorkspaceID]struct{}{}}
}

// workspace needs mu.
func (q *queues) workspace(ws workspace.WorkspaceID) *workspaceQueues {
	if q.known[ws] == nil {
		q.known[ws] = &workspaceQueues{held: map[inbox.Queue]uint64{}, waiting: map[inbox.ConversationID]inbox.Queue{}, counts: map[inbox.Queue]int{}}
	}
	return q.known[ws]
}

// apply updates the queues after e, and reports whether the conversation of e waits.
func (q *queues) apply(e inbox.Event) (waits bool) {
	if e.Type != inbox.OwnershipEvent {
		return false
	}
	queue, waits := e.DueQueue()
	q.mu.Lock()
	defer q.mu.Unlock()
	if !waits && q.known[e.Workspace] == nil {
		return false
	}
	h := q.workspace(e.Workspace)
	h.remove(e.Conversation)
	if !waits {
		return false
	}
	q.marks++
	h.held[queue] = q.marks
	// A member who passed a conversation on does not get it back, so that other
	// conversations may be assigned to that member first.
	if !e.To.Left && len(h.waiting) < maxWaiting {
		h.waiting[e.Conversation] = queue
		h.counts[queue]++
	}
	return true
}

// remove takes a conversation out of the line.
func (h *workspaceQueues) remove(c inbox.ConversationID) {
	queue, there := h.waiting[c]
	if !there {
		return
	}
	delete(h.waiting, c)
	if h.counts[queue]--; h.counts[queue] == 0 {
		delete(h.counts, queue)
	}
}

// waits reports whether somebody is known to wait in queue.
func (q *queues) waits(ws workspace.WorkspaceID, queue inbox.Queue) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	h := q.known[ws]
	return h != nil && h.counts[queue] > 0
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
func (q *queues) unknown(ws workspace.WorkspaceID) (mark *workspaceQueues, unknown bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	h := q.workspace(ws)
	return h, !h.checked
}

// know adopts the database's answer, unless everything was forgotten since.
func (q *queues) know(ws workspace.WorkspaceID, found []inbox.Queue, mark *workspaceQueues) {
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
	for c, in := range h.waiting { // the feed will say the same
		if in == queue {
			h.remove(c)
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
