package embedded

import (
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"switchboard/store"
)

// probePause is how long to wait after a write that failed before the next test.
const probePause = time.Second

// health is whether the file can be written. It is safe for concurrent use.
type health struct {
	mu     sync.Mutex
	failed error // why the last write, or test, failed; nil when it did not
	size   int   // of the last write, in bytes
	tried  time.Time
	log    *slog.Logger
}

// note remembers how a write of so many bytes ended, and wraps its error.
func (h *health) note(size int, err error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.size, h.tried = size, time.Now()
	if err != nil {
		err = fmt.Errorf("%w: %w", store.ErrUnwritten, err)
	}
	h.turn(err)
	return err
}

// turn notes whether the file can be written, and logs when that changes.
func (h *health) turn(failed error) {
	switch {
	case failed != nil && h.failed == nil:
		h.log.Error("changes are refused", "error", failed)
	case failed == nil && h.failed != nil:
		h.log.Info("the data can be written again")
	}
	h.failed = failed
}

// Writable gives the reason why the file cannot be written, nil when it can. After a
// write that failed it tests, once a second at most, with a file of that size beside
// it: nothing else may be written that would find out.
func (f *file) Writable() error {
	h := &f.health
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failed == nil || time.Since(h.tried) < probePause {
		return h.failed
	}
	probe := f.path + ".probe"
	h.tried = time.Now()
	if err := f.write(probe, make([]byte, h.size)); err != nil {
		return h.failed
	}
	h.turn(nil)
	return os.Remove(probe)
}
