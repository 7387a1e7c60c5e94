package sqlite

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// heartbeats are those of the servers of this process. They are not written: no other
// process looks.
type heartbeats struct {
	mu    sync.Mutex
	beats map[string]int64
}

// ServerHeartbeat says that a server lives; with begin it begins to. ErrStale when it
// was taken for dead, or never began.
func (s *Store) ServerHeartbeat(ctx context.Context, server string, begin bool) error {
	if !begin {
		return fault("show a server", s.servers.beat(ctx, server))
	}
	s.servers.begin(server)
	err := s.update(ctx, func(tx *sql.Tx) error {
		return put(tx, serverDocs, stored{ID: server, Rev: 1, Doc: document.Server{Name: server, Beats: 1}})
	})
	return fault("begin to show a server", err)
}

// Servers returns the number of heartbeats of each server.
func (s *Store) Servers(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	err := s.view(ctx, func(tx *sql.Tx) error {
		docs, err := all[document.Server](tx, serverDocs, "")
		for _, d := range docs {
			out[d.Name] = s.servers.of(d.Name, d.Beats)
		}
		return err
	})
	return out, fault("read the servers", err)
}

// ExpireServer says that a server is dead, unless it has shown itself since: ErrStale
// then. Its connections are lost, and it is forgotten.
func (s *Store) ExpireServer(ctx context.Context, server string, beats int64, at time.Time) error {
	known, err := s.servers.end(server, beats)
	if err != nil {
		return err
	}
	err = s.update(ctx, func(tx *sql.Tx) error {
		d, ok, err := get[document.Server](tx, serverDocs, server)
		if err == nil && (!ok || d.Beats != beats && !known) {
			err = commit.ErrStale
		}
		if err != nil {
			return err
		}
		if err := losePresences(tx, server, at); err != nil {
			return err
		}
		return remove(tx, serverDocs, server)
	})
	return fault("bury a server", err)
}

func (h *heartbeats) begin(server string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.beats == nil {
		h.beats = map[string]int64{}
	}
	h.beats[server] = 1
}

func (h *heartbeats) beat(ctx context.Context, server string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if h.beats[server] == 0 {
		return commit.ErrStale
	}
	h.beats[server]++
	return nil
}

func (h *heartbeats) of(server string, stored int64) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return max(h.beats[server], stored)
}

// end forgets a server, unless it has shown itself since: ErrStale then. Known says
// that it was one of this process.
func (h *heartbeats) end(server string, beats int64) (known bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now, known := h.beats[server]
	if known && now != beats {
		return true, commit.ErrStale
	}
	delete(h.beats, server)
	return known, nil
}
