package dispatch

import (
	"context"
	"slices"
	"sync"

	"switchboard/inbox/workspace"
)

// work is in which workspaces there is something to do, each once however often it was
// added: the list is no longer than there are workspaces.
type work struct {
	mu     sync.Mutex
	order  []workspace.WorkspaceID
	behind []workspace.WorkspaceID // those that may wait for order; see patience
	since  int                     // how many of order were begun since one of behind was
	state  map[workspace.WorkspaceID]progress
	ready  chan struct{}
}

type progress int

const (
	later  progress = iota + 1 // is behind
	listed                     // is in order
	begun                      // somebody is at it
	wanted                     // and it was added again meanwhile
)

func newWork() *work {
	return &work{state: map[workspace.WorkspaceID]progress{}, ready: make(chan struct{}, 1)}
}

// run does act in the workspaces that are added, in some at once and never twice at once in
// one, so that one in which there is much to do keeps no other waiting. It returns when ctx
// ended and nothing is being done. What act returns is done before the workspace is begun
// again, and keeps no other waiting however long it takes; nil for nothing.
func (w *work) run(ctx context.Context, some int, act func(workspace.WorkspaceID) (rest func())) {
	var running sync.WaitGroup
	defer running.Wait()
	free := make(chan struct{}, some)
	for {
		select {
		case free <- struct{}{}:
		case <-ctx.Done():
			return
		}
		ws, ok := w.next(ctx)
		if !ok {
			return
		}
		running.Go(func() {
			defer w.done(ws)
			rest := act(ws)
			<-free
			if rest != nil {
				rest()
			}
		})
	}
}

// addBehind lists workspaces that may wait for all that add lists.
func (w *work) addBehind(all ...workspace.WorkspaceID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ws := range all {
		switch w.state[ws] {
		case later, listed, wanted:
		case begun:
			w.state[ws] = wanted
		default:
			w.state[ws] = later
			w.behind = append(w.behind, ws)
			w.ring()
		}
	}
}

// add lists workspaces. One in which something is being done is begun again after that.
func (w *work) add(all ...workspace.WorkspaceID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ws := range all {
		switch w.state[ws] {
		case listed, wanted:
		case begun:
			w.state[ws] = wanted
		case later:
			at := slices.Index(w.behind, ws)
			w.behind = slices.Delete(w.behind, at, at+1)
			w.list(ws)
		default:
			w.list(ws)
		}
	}
}

// list needs mu.
func (w *work) list(ws workspace.WorkspaceID) {
	w.state[ws] = listed
	w.order = append(w.order, ws)
	w.ring()
}

func (w *work) ring() {
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

// patience is how many workspaces of order go before one of those behind, so that order
// that never ends keeps nobody waiting for ever.
const patience = 100

func (w *work) take() (workspace.WorkspaceID, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	from := &w.order
	w.since++
	if len(w.behind) > 0 && (len(w.order) == 0 || w.since > patience) {
		from, w.since = &w.behind, 0
	}
	if len(*from) == 0 {
		return "", false
	}
	ws := (*from)[0]
	*from = (*from)[1:]
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
