package sqlite

import (
	"context"
	"database/sql"
)

// FeedHeartbeat writes a heartbeat, which every open stream hears.
func (s *Store) FeedHeartbeat(ctx context.Context) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("UPDATE installation SET heartbeats = heartbeats + 1")
		return err
	})
	if err != nil {
		return fault("write a heartbeat", err)
	}
	s.beats.Add(1)
	s.pulse.beat()
	return nil
}

// OnHeartbeat lets heard be called for each heartbeat.
func (f *feedStream) OnHeartbeat(heard func(position string)) { f.heard = heard }

func (f *feedStream) hear() {
	for ; f.heartbeats < f.s.beats.Load(); f.heartbeats++ {
		if f.heard != nil {
			f.heard(f.Position())
		}
	}
}
