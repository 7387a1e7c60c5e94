package dispatch

import (
	"context"
	"sync"

	"switchboard/inbox/workspace"
)

// work is which workspaces are to be drained, each once however often it was
// added: the list is no longer than there are workspaces.
type work struct {
	mu    sync.Mutex
	order []workspace.WorkspaceID
	state map[workspace.WorkspaceID]progress
	ready chan struct{}
}

type progress int

const (
	listed progress = iota + 1 // is in order
	begun                      // somebody is at it
	wanted                     // and it was added again meanwhile
)

func newWork() *work {
	return &work{state: map[workspace.WorkspaceID]progress{}, ready: make(chan struct{}, 1)}
}

// add lists workspaces. One that is being drained is drained again after that.
func (w *work) add(all ...workspace.WorkspaceID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ws := range all {
		switch w.state[ws] {
		case listed, wanted:
		case begun:
			w.state[ws] = wanted
		default:
			w.list(ws)
		}
	}
}

// list needs mu.
func (w *work) list(ws workspace.WorkspaceID) {
	w.state[ws] = listed
	w.order = append(w.order, ws)
	select {
	case w.ready <- struct{}{}:
	default:
	}
}

// next waits for a workspace and begins it; false when ctx ended first.
func (w *work) next(ctx context.Context) (workspace.WorkspaceID, bool) {
	for {
		if ws, ok := w.take(); ok {
			return ws, true
		}
		select {
		case <-w.ready:
		case <-ctx.Done():
			return "", false
		}
	}
}

func (w *work) take() (workspace.WorkspaceID, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.order) == 0 {
		return "", false
	}
	ws := w.order[0]
	w.order = w.order[1:]
	w.state[ws] = begun
	return ws, true
}

// done ends a job that next began.
func (w *work) done(ws workspace.WorkspaceID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state[ws] == wanted {
		w.list(ws)
		return
	}
	delete(w.state, ws)
}
