package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// update runs do in the one transaction that may write, whole or not at all. It waits
// for its turn as long as ctx lasts. Once begun it is not cut short: all is in this
// process, and a commit that was acknowledged is never in doubt. do reads all rows of
// a query before it asks the next: there is one connection.
func (s *Store) update(ctx context.Context, do func(*sql.Tx) error) (err error) {
	if s.write == nil {
		return errReadOnly
	}
	defer func() { s.complaints.tell(s.config, err) }()
	defer s.traced(ctx, "write")(&err)
	ctx, cancel := s.bound(ctx)
	defer cancel()
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := s.write.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return s.closedOr(err)
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	s.pulse.beat()
	return nil
}

// view runs do on one state of the data. Like update it asks one query at a time.
func (s *Store) view(ctx context.Context, do func(*sql.Tx) error) (err error) {
	defer s.traced(ctx, "read")(&err)
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if s.read == s.write { // in memory: reads take their turn with writes
		select {
		case s.turn <- struct{}{}:
			defer func() { <-s.turn }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return s.closedOr(err)
	}
	if err := errors.Join(do(tx), tx.Rollback()); err != nil {
		// Rows that were cut off by the end of ctx say only that they are closed.
		return errors.Join(ctx.Err(), err)
	}
	return nil
}

// traced tells of a transaction, and of its end with its error.
func (s *Store) traced(ctx context.Context, operation string) func(err *error) {
	if s.config.Trace == nil {
		return func(*error) {}
	}
	end := s.config.Trace(ctx, operation, "")
	return func(err *error) {
		if end != nil {
			end(*err != nil)
		}
	}
}

// closedOr says why a transaction could not begin: the driver's own error for a closed
// store has no name.
func (s *Store) closedOr(err error) error {
	if _, open := s.pulse.wait(); !open {
		return errors.Join(errClosed, err)
	}
	return err
}

// bound gives ctx a deadline when it has none.
func (s *Store) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.config.Timeout)
}
