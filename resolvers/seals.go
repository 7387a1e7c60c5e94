package resolvers

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// The life of a key. All servers read the keys each sealsReread, so that they know
// a key long before it is used. A cursor can be opened for sealsKept at least after
// it was made, which is longer than databases keep their history.
const (
	sealsReread  = time.Minute
	sealsAhead   = 10 * time.Minute
	sealsRotated = 7 * 24 * time.Hour
	sealsKept    = 14 * 24 * time.Hour
	// idsKept is how many ids of retired keys are known as such: some 10 years.
	idsKept = 520
)

// Seals seals cursors and opens them, with keys that all servers share and that
// are replaced each week. It is safe for concurrent use.
type Seals struct {
	kept cluster.SealingKeys
	now  func() time.Time
	log  *slog.Logger
	ring atomic.Pointer[[]sealOf]
}

// sealOf is a key with when it begins to seal; nil for one that was retired.
type sealOf struct {
	*seal
	id   uint32
	from time.Time
}

// OpenSeals reads the keys, and makes the first. UNAVAILABLE.
func OpenSeals(ctx context.Context, kept cluster.SealingKeys, now func() time.Time, log *slog.Logger) (*Seals, error) {
	s := &Seals{kept: kept, now: now, log: log}
	return s, s.Refresh(ctx)
}

// Run keeps up with the keys until ctx ends.
func (s *Seals) Run(ctx context.Context) {
	ticker := time.NewTicker(sealsReread)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("the cursors' keys cannot be read; the known ones stay in use", slog.Any("error", err))
		}
	}
}

// Refresh reads the keys anew, and replaces the newest when it is time.
func (s *Seals) Refresh(ctx context.Context) error {
	for {
		keys, revision, err := s.kept.SealingKeys(ctx)
		if err != nil {
			return fmt.Errorf("read the cursors' keys: %w", err)
		}
		next, changed := rotated(keys, s.now())
		if changed {
			if err := s.kept.SaveSealingKeys(ctx, next, revision); errors.Is(err, commit.ErrStale) {
				continue // another server did it
			} else if err != nil {
				return fmt.Errorf("keep the cursors' keys: %w", err)
			}
		}
		return s.use(next)
	}
}

func (s *Seals) use(keys []cluster.SealingKey) error {
	ring := make([]sealOf, len(keys))
	for i, k := range keys {
		ring[i] = sealOf{id: k.ID, from: k.From}
		if k.Secret == nil {
			continue
		}
		made, err := newSeal(k)
		if err != nil {
			return fmt.Errorf("key %08x of the cursors: %w", k.ID, err)
		}
		ring[i].seal = made
	}
	s.ring.Store(&ring)
	return nil
}

// rotated gives the keys that there should be now: a new one when the newest has
// sealed for long enough, and no secret of one that sealed nothing for sealsKept.
func rotated(keys []cluster.SealingKey, now time.Time) (next []cluster.SealingKey, changed bool) {
	next = slices.Clone(keys)
	switch {
	case len(next) == 0:
		next = append(next, newKey(now))
	case now.Sub(next[len(next)-1].From) >= sealsRotated:
		next = append(next, newKey(now.Add(sealsAhead)))
	}
	for i := range next[:len(next)-1] {
		if next[i].Secret != nil && now.Sub(next[i+1].From) >= sealsKept {
			next[i].Secret, changed = nil, true
		}
	}
	changed = changed || len(next) > len(keys)
	return next[max(0, len(next)-idsKept):], changed
}

func newKey(from time.Time) cluster.SealingKey {
	random := make([]byte, idSize+32)
	_, _ = rand.Read(random) // never fails
	return cluster.SealingKey{ID: binary.BigEndian.Uint32(random), Secret: random[idSize:], From: from.UTC().Truncate(time.Millisecond)}
}

// close encrypts with the newest key whose time has come. Clocks of servers differ:
// if none has, the oldest is as good.
func (s *Seals) close(ws workspace.WorkspaceID, text []byte) string {
	ring, now := *s.ring.Load(), s.now()
	for _, one := range slices.Backward(ring) {
		if one.seal != nil && !one.from.After(now) {
			return one.seal.close(ws, text)
		}
	}
	return ring[len(ring)-1].seal.close(ws, text)
}

// open decrypts a cursor of the workspace. Errors: errUnsealed, errExpired.
func (s *Seals) open(ws workspace.WorkspaceID, text string) ([]byte, error) {
	sealed, id, ok := unpack(text)
	if !ok {
		return nil, errUnsealed
	}
	for _, one := range *s.ring.Load() {
		if one.id != id {
			continue
		}
		if one.seal == nil {
			return nil, errExpired
		}
		if opened, ok := one.seal.open(ws, sealed); ok {
			return opened, nil
		}
	}
	return nil, errUnsealed
}
