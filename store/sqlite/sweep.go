package sqlite

import (
	"context"
	"database/sql"
	"time"
)

const (
	// sweepEvery is how often expired rows are removed.
	sweepEvery = time.Minute
	// sweepBatch bounds how many rows of a table one transaction removes, so that
	// commits do not wait long.
	sweepBatch = 500
)

// sweeper removes expired rows from Open to Close: notifications, the events of stars,
// and sessions of login links whose links expired. Until then lists may still show them.
type sweeper struct {
	cancel context.CancelFunc
	ended  chan struct{}
}

// expiring are the tables with a column expires, in milliseconds.
func expiring() []string { return []string{"notifications", "events", "link_sessions"} }

// sweep removes one batch of each table that expired before now. More says that there
// may be more.
func (s *Store) sweep(ctx context.Context, now time.Time) (more bool, err error) {
	err = s.update(ctx, func(tx *sql.Tx) error {
		for _, table := range expiring() {
			done, err := tx.Exec("DELETE FROM "+table+" WHERE id IN (SELECT id FROM "+table+" WHERE expires <= ? ORDER BY expires LIMIT ?)", now.UnixMilli(), sweepBatch)
			if err != nil {
				return err
			}
			if n, _ := done.RowsAffected(); n == sweepBatch {
				more = true
			}
		}
		return nil
	})
	return more, fault("remove what expired", err)
}

// startSweeping removes a first batch before anybody reads, and the rest beside.
func (s *Store) startSweeping(ctx context.Context) error {
	if _, err := s.sweep(ctx, time.Now()); err != nil {
		return err
	}
	ctx, s.sweeper.cancel = context.WithCancel(context.WithoutCancel(ctx))
	s.sweeper.ended = make(chan struct{})
	go keepSwept(ctx, s)
	return nil
}

func keepSwept(ctx context.Context, s *Store) {
	defer close(s.sweeper.ended)
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for more := true; more && ctx.Err() == nil; {
			var err error
			if more, err = s.sweep(ctx, time.Now()); err != nil && ctx.Err() == nil {
				s.config.Log.WarnContext(ctx, "expired rows were not removed; the next minute tries again", "error", err)
			}
		}
	}
}

// stopSweeping returns when nothing is removed any more.
func (s *Store) stopSweeping() {
	if s.sweeper.cancel != nil {
		s.sweeper.cancel()
		<-s.sweeper.ended
	}
}
