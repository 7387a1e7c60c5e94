package mongo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

const (
	// maxAttempts bounds how often a transaction that met another is run again;
	// the deadline usually ends it first.
	maxAttempts = 100
	// cleanupTime bounds cleanup after a context has ended.
	cleanupTime = time.Second
)

// errAgain asks for another attempt at a transaction that was rolled back.
var errAgain = errors.New("store: the transaction met another one")

// transaction is work that is done whole or not at all.
type transaction struct {
	// do is one attempt. It runs again when the attempt met another transaction.
	do func(context.Context) error
	// done reports whether an earlier attempt was committed after all. It is
	// asked when the answer to a commit was lost and a later attempt is refused.
	done func(context.Context) (bool, error)
}

// transact runs t until it is committed, refused, or out of time. UNAVAILABLE while
// indexes are missing.
func (s *Store) transact(ctx context.Context, t transaction) error {
	if err := s.unindexed.refusal(); err != nil {
		return err
	}
	unsure := false // an attempt may have been committed without our knowing
	for attempt := range maxAttempts {
		endAbandoned(ctx, s, s.abandoned.fresh()) // they may hold what this one writes
		sent, err := s.attempt(ctx, t.do)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil || unreachable(err):
			return err
		case errors.Is(err, errAgain) || hasLabel(err, labelTransient) || (sent && passes(err)):
			unsure = unsure || sent
		case unsure:
			return t.settle(ctx, err)
		default:
			return err
		}
		s.repeats.Add(1)
		if err := s.hold.pause(ctx, attempt, err); err != nil {
			return err
		}
	}
	return newUnavailable(fmt.Errorf("store: gave up after %d attempts", maxAttempts))
}

// Repeats counts transactions that were run again, as they met another or the
// database passed through a fault.
func (s *Store) Repeats() uint64 { return s.repeats.Load() }

// Commits is how many commits of this server wait now for others that write the same
// documents, and how many were refused so far because too many waited.
func (s *Store) Commits() (waiting int, refused uint64) { return s.committer.queue.Waiting() }

// settle answers a refusal that may be of our own, committed doing.
func (t transaction) settle(ctx context.Context, refusal error) error {
	done, err := t.done(ctx)
	if err != nil || done {
		return err
	}
	return refusal
}

// attempt runs do in one transaction. Sent says that a commit was sent, so that its
// outcome is unknown if there is an error, whatever the error says: the driver repeats
// a commit by itself, and a server that was restarted since its answer was lost says
// that there is no such transaction.
//
// A caller who leaves does not cut a command on its way: the driver would close its
// connection, and the rollback that follows by another one may reach the database before
// the command, which then begins the transaction anew.
func (s *Store) attempt(caller context.Context, do func(context.Context) error) (sent bool, err error) {
	if err := caller.Err(); err != nil {
		return false, err
	}
	ctx, cancel := lingering(caller, cleanupTime)
	defer cancel()
	began := time.Now()
	session, err := s.client.StartSession()
	if err != nil {
		return false, err
	}
	ended := true
	defer func() {
		if ended {
			giveBack(ctx, session)
		} else {
			s.abandoned.keep(leftOpen{session: session, committed: sent})
		}
	}()
	s.noteSession(ctx, session)
	if err := session.StartTransaction(); err != nil {
		return false, err
	}
	err = do(driver.NewSessionContext(ctx, session))
	behind := onItsWay(err)
	if err = cmp.Or(err, caller.Err()); err != nil {
		ended = abort(ctx, session) && !behind
		return false, err
	}
	if err := commitSession(ctx, session); err != nil {
		ended = !onItsWay(err)
		return true, err
	}
	s.hold.learn(time.Since(began))
	return true, nil
}

// giveBack gives the session back to the driver, which rolls back what it may not have
// committed.
func giveBack(ctx context.Context, session *driver.Session) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	session.EndSession(ctx)
}

// abort frees what the server holds for a transaction that failed. It reports whether it was
// told in time: the driver does not say what became of its question.
func abort(ctx context.Context, session *driver.Session) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	_ = session.AbortTransaction(ctx)
	return ctx.Err() == nil
}

// onItsWay reports whether err may be of a command that the database has before it still, so
// that a rollback may come first; or of a connection that broke, and the rollback is lost.
func onItsWay(err error) bool {
	late := driver.IsTimeout(err) || errors.Is(err, context.Canceled)
	return late || driver.IsNetworkError(err) || poolCleared(err) || unreachable(err)
}

// lingering gives what ctx has, and ends as it does, but so much later where ctx is
// canceled. Call cancel when the work is done.
func lingering(ctx context.Context, later time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithoutCancel(ctx), context.CancelFunc(nil)
	if deadline, ok := ctx.Deadline(); ok {
		out, cancel = context.WithDeadline(out, deadline)
	} else {
		out, cancel = context.WithCancel(out)
	}
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(later, cancel) })
	return out, func() {
		stop()
		cancel()
	}
}

// commitSession sends the commit again for as long as its outcome is unknown, which is
// what makes a lost answer harmless.
func commitSession(ctx context.Context, session *driver.Session) error {
	for attempt := 0; ; attempt++ {
		err := session.CommitTransaction(ctx)
		if err == nil || ctx.Err() != nil || unreachable(err) || attempt == maxAttempts || !hasLabel(err, labelUnknownCommit) {
			return err
		}
		if err := pause(ctx, growing(attempt)); err != nil {
			return err
		}
	}
}
