package live

import (
	"context"
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// maxMissed is how many changes can come during one load. One more, and the
// load fails as UNAVAILABLE.
const maxMissed = 10_000

// errOverrun is a directory that changed more often during one load than can be
// remembered.
var errOverrun error = &inbox.Error{Code: inbox.Unavailable, Message: "The workspace is changing too fast to be read. Try again."}

// flight is a load that is running, on the goroutine of the caller who started
// it. It is more than a shared call: changes that come meanwhile are noted on
// it, and the step from "running, note them" to "loaded, apply them" is one
// under the lock, so none falls between.
type flight struct {
	trust uint64
	began time.Time
	// missed is guarded by the lock of Directories; overrun says that it is not
	// all.
	missed  []workspace.DirectoryChange
	overrun bool

	// landed is closed at the end. The fields below are set before that and
	// never after.
	landed chan struct{}
	// result is nil when the load failed with err.
	result *snapshot
	err    error
	// abandoned says that the load failed because its caller went away, which
	// means nothing to others.
	abandoned bool
}

func (f *flight) miss(c workspace.DirectoryChange) {
	if len(f.missed) == maxMissed {
		f.overrun = true
		return
	}
	f.missed = append(f.missed, c)
}

func (f *flight) answer() (*workspace.Directory, error) {
	if f.result == nil {
		return nil, f.err
	}
	return f.result.directory, f.result.err
}

// reload gives a directory that is new enough for somebody who asks now.
func (d *Directories) reload(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	asked := time.Now()
	return d.awaitLoad(ctx, ws, func(s *snapshot, t *trust) bool { return s.kept(t) || s.recent(t, asked) })
}

// awaitLoad gives a directory that is good enough, by loads if there is none in memory.
func (d *Directories) awaitLoad(
	ctx context.Context, ws workspace.WorkspaceID, good func(*snapshot, *trust) bool,
) (*workspace.Directory, error) {
	for {
		s, f, mine := d.board(ws, good)
		switch {
		case s != nil:
			return s.directory, s.err
		case mine:
			d.fly(ctx, ws, f)
			return f.answer()
		}
		select {
		case <-f.landed:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the directory: %w", context.Cause(ctx))
		}
		if f.err != nil && !f.abandoned {
			return nil, f.err
		}
	}
}

// board gives what is in memory if it is good enough by now, else the flight
// that is under way, else a new one for the caller to fly.
func (d *Directories) board(
	ws workspace.WorkspaceID, good func(*snapshot, *trust) bool,
) (s *snapshot, f *flight, mine bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.trust.Load()
	if e := d.entry(ws); e != nil {
		if s := e.snapshot.Load(); good(s, t) {
			return s, nil, false
		}
	}
	if f, flying := d.flights[ws]; flying {
		return nil, f, false
	}
	f = &flight{trust: t.number, began: time.Now(), landed: make(chan struct{})}
	d.flights[ws] = f
	return nil, f, true
}

// fly loads and lands. A load that panics lands too, without a result, so that
// nobody waits for it for ever.
func (d *Directories) fly(ctx context.Context, ws workspace.WorkspaceID, f *flight) {
	defer d.land(ws, f)
	directory, err := d.load(ctx, ws)
	if err == nil || inbox.CodeOf(err) == inbox.NotFound {
		if directory != nil {
			directory = directory.Remembering()
		}
		f.result = &snapshot{directory: directory, err: err, began: f.began, trust: f.trust}
		return
	}
	f.err = fmt.Errorf("load the directory: %w", err)
	f.abandoned = ctx.Err() != nil
}

// land brings the result up to date and puts it in memory.
func (d *Directories) land(ws workspace.WorkspaceID, f *flight) {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer close(f.landed)
	delete(d.flights, ws)
	switch {
	case f.overrun:
		f.result, f.err = nil, errOverrun
	case f.result == nil:
	case f.result.directory != nil:
		for _, c := range f.missed {
			f.result = f.result.with(c)
		}
		d.keep(ws, f.result)
	case len(f.missed) == 0:
		d.keep(ws, f.result)
	}
}
