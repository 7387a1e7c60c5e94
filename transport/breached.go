package transport

import (
	"time"

	"switchboard/transport/wsconn"
)

// breached ends a socket that goes on in spite of what it is told, and slows down
// the next ones of the same caller.
func (s *socket) breached() {
	if s.guard.Breached(time.Now()) {
		_ = s.close(wsconn.CloseTryAgain, reasonBreach)
	}
}

// kept forgets what was refused before.
func (s *socket) kept() { s.guard.Kept() }

// breached counts for nothing: the stream ends by itself, and connections of the
// caller are counted.
func (e *events) breached() {}

func (e *events) kept() {}
