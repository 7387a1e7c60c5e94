package eventlog

import (
	"context"
	"time"

	"switchboard/inbox/workspace"
)

// Hearer also knows how what this server has heard of compares with a log.
type Hearer interface {
	Signals
	// Heard returns when the feed of this server has brought all records of ws up to a
	// sequence, at the latest after a time, and whether it has. Errors: the cause of a ctx
	// that ended.
	Heard(ctx context.Context, ws workspace.WorkspaceID, upTo Sequence, within time.Duration) (bool, error)
}

// hearing is how long a record waits for the feed of this server. The feed does not bring
// what was committed before it began, or while it was lost.
const hearing = time.Second

// Judged keeps records from being judged by rights that are older than they are: another
// server may have changed the rights and numbered a record before the feed of this one
// brings either. It is for one goroutine.
type Judged struct {
	Workspace workspace.WorkspaceID
	Signals   Hearer
	// Bounds are those of the log.
	Bounds func(ctx context.Context, ws workspace.WorkspaceID) (Bounds, error)
	// Renew makes the rights that this server judges by as new as what is stored.
	Renew func(ctx context.Context) error

	upTo Sequence
}

// Begin reads the rights, so that whatever is in the log now can be judged by them. Errors:
// those of Renew, UNAVAILABLE.
func (j *Judged) Begin(ctx context.Context) error { return j.renew(ctx, 0) }

// Await returns when records up to a sequence can be judged by the rights that this server
// knows: when its feed has brought them, or, if it does not, when the rights were read
// anew. It reads nothing while the feed does. Errors: those of Renew, UNAVAILABLE, and the
// cause of a ctx that ended.
func (j *Judged) Await(ctx context.Context, upTo Sequence) error {
	if upTo <= j.upTo {
		return nil
	}
	heard, err := j.Signals.Heard(ctx, j.Workspace, upTo, hearing)
	switch {
	case err != nil:
		return err
	case !heard:
		return j.renew(ctx, upTo)
	}
	j.upTo = upTo
	return nil
}

// renew reads the rights. What is in the log before that was committed before, too.
func (j *Judged) renew(ctx context.Context, upTo Sequence) error {
	b, err := j.Bounds(ctx, j.Workspace)
	if err == nil {
		err = j.Renew(ctx)
	}
	if err == nil {
		j.upTo = max(j.upTo, upTo, b.Newest)
	}
	return err
}
