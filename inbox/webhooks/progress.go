package webhooks

import "switchboard/inbox/workspace"

// Progress is how far an endpoint has got, as it is stored with each batch of attempts: a
// server that dies sends again at most what it was sending.
type Progress struct {
	Workspace workspace.WorkspaceID
	Webhook   workspace.WebhookID
	// Delivered is the sequence up to which everything is settled.
	Delivered int64
	// Last is the sequence of the newest event up to Delivered that was sent; 0 for none.
	Last   int64
	Health Health
	// Replays has, for each replay that is not over, the sequence up to which it is
	// settled, and ReplaysLast that of the newest event up to there that it sent; 0 for none.
	Replays, ReplaysLast map[string]int64
	// Ended has the replays that are over.
	Ended []string
	// Rev grows by one with every save; 0 for an endpoint that was never sent anything.
	Rev int
}

// Begun is the progress of an endpoint that was never sent anything.
func Begun(w workspace.Webhook) Progress {
	return Progress{Workspace: w.Workspace, Webhook: w.ID, Delivered: w.From}
}

// Window is what an endpoint has before it, in the order of the log, and which of that is
// settled. It is used by one goroutine.
type Window struct {
	progress Progress
	// order are the sequences that were read and are not all settled; sent says that the
	// event was sent, or is to be.
	order []place
	at    map[int64]int // index in order, counted from the first that ever was
	gone  int           // how many were taken from the front
	last  int64
	read  int64
}

type place struct {
	sequence      int64
	settled, sent bool
}

// NewWindow begins behind what is settled.
func NewWindow(p Progress) *Window {
	return &Window{progress: p, at: map[int64]int{}, last: p.Last, read: p.Delivered}
}

// Read is the sequence up to which records were planned.
func (w *Window) Read() int64 { return w.read }

// Open is how many records are planned and wait for one that is not settled.
func (w *Window) Open() int { return len(w.order) }

// Plan takes the next record, which sent says whether the endpoint gets it, and returns the
// sequence of the one that it got before.
func (w *Window) Plan(sequence int64, sent bool) (previous int64) {
	previous = w.last
	w.at[sequence] = w.gone + len(w.order)
	w.order = append(w.order, place{sequence: sequence, settled: !sent, sent: sent})
	w.read = sequence
	if sent {
		w.last = sequence
	}
	return previous
}

// Settle notes that nothing more is tried for an event; sent is false for one that was
// skipped after all.
func (w *Window) Settle(sequence int64, sent bool) {
	i, ok := w.at[sequence]
	if !ok {
		return
	}
	one := &w.order[i-w.gone]
	one.settled, one.sent = true, sent
	if !sent && w.last == sequence {
		w.last = w.Before(sequence)
	}
}

// Before is the sequence of the last event before one that was sent, or is to be.
func (w *Window) Before(sequence int64) int64 {
	i, ok := w.at[sequence]
	if !ok {
		return w.progress.Last
	}
	for i -= w.gone + 1; i >= 0; i-- {
		if w.order[i].sent {
			return w.order[i].sequence
		}
	}
	return w.progress.Last
}

// Advance returns the progress with everything that is settled from the front on.
func (w *Window) Advance() Progress {
	for len(w.order) > 0 && w.order[0].settled {
		one := w.order[0]
		delete(w.at, one.sequence)
		w.order, w.gone = w.order[1:], w.gone+1
		w.progress.Delivered = one.sequence
		if one.sent {
			w.progress.Last = one.sequence
		}
	}
	return w.progress
}
