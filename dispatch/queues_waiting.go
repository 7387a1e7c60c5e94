package dispatch

// Waiting returns how many conversations this server knows to wait in queues, of all
// workspaces.
func (d *Drainer) Waiting() int { return d.queues.depth() }

func (q *queues) depth() (n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, h := range q.known {
		n += len(h.waiting)
	}
	return n
}
