package sink

import (
	"context"
	"slices"

	"switchboard/inbox/workspace"
)

// add lists workspaces whose logs have grown: no more than there are workspaces.
func (r *Runner) add(all ...workspace.WorkspaceID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, ws := range all {
		if !slices.Contains(r.grown, ws) {
			r.grown = append(r.grown, ws)
		}
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// next waits for a workspace whose log has grown; false if ctx ended first.
func (r *Runner) next(ctx context.Context) (workspace.WorkspaceID, bool) {
	for ctx.Err() == nil {
		if ws, ok := r.take(); ok {
			return ws, true
		}
		select {
		case <-r.wake:
		case <-ctx.Done():
		}
	}
	return "", false
}

func (r *Runner) take() (workspace.WorkspaceID, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.grown) == 0 {
		return "", false
	}
	ws := r.grown[0]
	r.grown = r.grown[1:]
	return ws, true
}
