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

// Begin returns when whatever is in the log now can be judged by the rights that this server
// knows, which it reads anew unless its feed has brought all of the log. Errors: those of
// Renew, UNAVAILABLE.
func (j *Judged) Begin(ctx context.Context) error {
	b, err := j.Bounds(ctx, j.Workspace)
	if err != nil {
		return err
	}
	known, err := j.hear(ctx, b.Newest, 0)
	if err == nil && !known {
		err = j.Renew(ctx) // what is in the log before that was committed before, too
	}
	if err == nil {
		j.upTo = max(j.upTo, b.Newest)
	}
	return err
}

// Known reports whether records up to a sequence can be judged by the rights that this
// server knows, without waiting for that. Errors: the cause of a ctx that ended.
func (j *Judged) Known(ctx context.Context, upTo Sequence) (bool, error) { return j.hear(ctx, upTo, 0) }

// Hear is Known once the feed of this server has brought the records, or does not: then the
// rights have to be read by Begin.
func (j *Judged) Hear(ctx context.Context, upTo Sequence) (bool, error) {
	return j.hear(ctx, upTo, hearing)
}

// Await returns when records up to a sequence can be judged by the rights that this server
// knows: when its feed has brought them, or, if it does not, when the rights were read
// anew. It reads nothing while the feed does. Errors: those of Renew, UNAVAILABLE, and the
// cause of a ctx that ended.
func (j *Judged) Await(ctx context.Context, upTo Sequence) error {
	heard, err := j.Hear(ctx, upTo)
	if err != nil || heard {
		return err
	}
	return j.Begin(ctx)
}

func (j *Judged) hear(ctx context.Context, upTo Sequence, within time.Duration) (bool, error) {
	if upTo <= j.upTo {
		return true, nil
	}
	heard, err := j.Signals.Heard(ctx, j.Workspace, upTo, within)
	if err == nil && heard {
		j.upTo = upTo
	}
	return heard, err
}
