package dispatch

import (
	"sync"

	"switchboard/inbox"
)

// queues are those in which something may wait. A workspace that is not in it is
// unknown, and may hold anything.
type queues struct {
	mu    sync.Mutex
	marks uint64 // grows with each note, so that one that came late is not lost
	known map[inbox.WorkspaceID]*hall
}

// hall is what is known of one workspace.
type hall struct {
	// checked says that the database was asked since events are heard; before
	// that there may be more than was noted.
	checked bool
	// held has a queue with the mark of its last note.
	held map[inbox.Queue]uint64
}

func newQueues() *queues { return &queues{known: map[inbox.WorkspaceID]*hall{}} }

// hall needs mu.
func (q *queues) hall(ws inbox.WorkspaceID) *hall {
	if q.known[ws] == nil {
		q.known[ws] = &hall{held: map[inbox.Queue]uint64{}}
	}
	return q.known[ws]
}

// note says that something waits in queue.
func (q *queues) note(ws inbox.WorkspaceID, queue inbox.Queue) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.marks++
	q.hall(ws).held[queue] = q.marks
}

// mayHold reports whether something may wait in ws.
func (q *queues) mayHold(ws inbox.WorkspaceID) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	h := q.known[ws]
	return h == nil || !h.checked || len(h.held) > 0
}

// unknown reports whether the database has to be asked about ws; mark is from
// before that.
func (q *queues) unknown(ws inbox.WorkspaceID) (mark *hall, unknown bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	h := q.hall(ws)
	return h, !h.checked
}

// know takes over what the database said, unless all was forgotten since.
func (q *queues) know(ws inbox.WorkspaceID, found []inbox.Queue, mark *hall) {
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
func (q *queues) of(ws inbox.WorkspaceID) map[inbox.Queue]uint64 {
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
func (q *queues) empty(ws inbox.WorkspaceID, queue inbox.Queue, mark uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if h := q.known[ws]; h != nil && h.held[queue] == mark {
		delete(h.held, queue)
	}
}

// waiting lists the workspaces in which something may wait.
func (q *queues) waiting() []inbox.WorkspaceID {
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []inbox.WorkspaceID
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
