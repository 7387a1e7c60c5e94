package logtail

import (
	"context"
	"log/slog"
	"time"

	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
)

// Run looks for the newest events in the logs until ctx ends. Call it once.
func (t *Tail) Run(ctx context.Context) {
	tick := time.NewTicker(anyway)
	defer tick.Stop()
	look := time.NewTimer(quick)
	defer look.Stop()
	for pause := quick; ; {
		select {
		case <-t.news:
			pause = quick
		case <-look.C:
		case <-tick.C:
			t.wakeAll()
		case <-ctx.Done():
			return
		}
		if t.look(ctx) {
			look.Reset(pause)
			pause = min(2*pause, slow)
		}
	}
}

// look wakes those who wait for a log that has what they wait for. More says that another
// log does not have its newest event yet.
func (t *Tail) look(ctx context.Context) (more bool) {
	for ws, ids := range t.wanted() {
		found, err := t.lookup(ctx, ws, ids)
		if err != nil && ctx.Err() == nil {
			t.log.Debug("the log cannot be read; it is tried again", slog.Any("error", err))
		}
		for _, id := range ids {
			if found[id] != 0 {
				t.found(ws, id, found[id])
			}
		}
		more = more || found[ids[0]] == 0
	}
	return more
}

// wanted are the newest events of the logs that somebody waits for, each with the one that
// is sought behind it where that is another.
func (t *Tail) wanted() map[workspace.WorkspaceID][]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := map[workspace.WorkspaceID][]string{}
	if t.waiting[""] != nil {
		for ws, u := range t.unfound {
			out[ws] = u.ids()
		}
		return out
	}
	for ws := range t.waiting { // few beside the workspaces that there are
		if u, there := t.unfound[ws]; there {
			out[ws] = u.ids()
		}
	}
	return out
}

// ids are the newest record and, behind it, the one that is sought.
func (u unfound) ids() []string {
	if u.sought == u.newest {
		return []string{u.newest}
	}
	return []string{u.newest, u.sought}
}

// Caught returns when the newest event of ws that the feed has brought is in the log, at the
// latest after a time.
func (t *Tail) Caught(ctx context.Context, ws workspace.WorkspaceID, within time.Duration) error {
	_, err := t.await(ctx, ws, within, func() bool { return t.unfound[ws] == unfound{} })
	return err
}

// Heard returns when the feed has brought all records of ws up to a sequence, at the latest
// after a time, and whether it has.
func (t *Tail) Heard(
	ctx context.Context, ws workspace.WorkspaceID, upTo eventlog.Sequence, within time.Duration,
) (bool, error) {
	return t.await(ctx, ws, within, func() bool { return t.heard[ws] >= upTo })
}

// await asks what is so whenever the log of ws may have grown, and returns whether it is.
func (t *Tail) await(
	ctx context.Context, ws workspace.WorkspaceID, within time.Duration, so func() bool,
) (bool, error) {
	timeout := time.NewTimer(within)
	defer timeout.Stop()
	for {
		next := t.Next(ws)
		if t.is(so) {
			return true, nil
		}
		select {
		case <-next:
		case <-timeout.C:
			return false, nil
		case <-ctx.Done():
			return false, context.Cause(ctx)
		}
	}
}

func (t *Tail) is(so func() bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return so()
}

// found says that the feed's newest record has its number, so that the feed has brought all
// before it.
func (t *Tail) found(ws workspace.WorkspaceID, id string, at eventlog.Sequence) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pass(ws, id, at)
}

// pass is found for those who hold mu.
func (t *Tail) pass(ws workspace.WorkspaceID, id string, at eventlog.Sequence) {
	switch u := t.unfound[ws]; id {
	case u.newest:
		delete(t.unfound, ws)
	case u.sought:
		t.unfound[ws] = unfound{newest: u.newest, sought: u.newest}
	}
	t.heard[ws] = max(t.heard[ws], at)
	t.wake(ws)
}
