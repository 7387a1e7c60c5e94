package transport

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"switchboard/transport/codes"
	"switchboard/transport/guard"
	"switchboard/transport/wsconn"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// singleFraming makes the events of one operation among many on a stream.
type singleFraming struct{ id string }

var _ framing = singleFraming{}

func (f singleFraming) next(payload []byte) wsconn.Frame {
	prefix := []byte("event: next\ndata: {\"id\":" + f.id + `,"payload":`)
	return wsconn.Frame{Prefix: prefix, Payload: payload, Suffix: "}\n\n"}
}

func (f singleFraming) failed(errs gqlerror.List) wsconn.Frame {
	first := f.next([]byte(`{"errors":` + string(codes.Encode(errs)) + `}`))
	first.Suffix += string(f.complete().Payload)
	return first
}

func (f singleFraming) complete() wsconn.Frame {
	return wsconn.Frame{Payload: []byte("event: complete\ndata: {\"id\":" + f.id + "}\n\n")}
}

// open begins the stream on e. It ends with close.
func (s *singleStream) open(ctx context.Context, e *events, admitted *guard.Conn, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx, s.events, s.guard, s.most, s.active = s.id.Within(ctx), e, admitted, admitted.Operations(most), map[string]*operation{}
}

// close stops every operation and lets no other begin.
func (s *singleStream) close() {
	s.mu.Lock()
	s.over = true
	all := s.active
	s.active = nil
	s.mu.Unlock()
	for _, op := range all {
		op.stop()
	}
}

// begin admits an operation with an id of its own; it must run or be forgotten.
func (s *singleStream) begin(id string, op *operation) *guard.Refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over || s.events == nil {
		return guard.Refuse(http.StatusConflict, codes.BadRequest, "the event stream is not open: open it by GET first")
	}
	// A stopped operation may take a moment to return, so twice the limit may run.
	switch {
	case s.active[id] != nil:
		return guard.Refuse(http.StatusConflict, codes.BadRequest, "an operation with this operationId is running")
	case len(s.active) >= s.most || s.running >= 2*s.most:
		return guard.Refuse(http.StatusTooManyRequests, codes.LimitExceeded,
			fmt.Sprintf("too many operations on one event stream: at most %d", s.most))
	}
	op.id, op.guard, op.conn = id, s.guard, s
	op.ctx, op.cancel = context.WithCancel(s.ctx)
	s.active[strings.Clone(id)] = op
	return nil
}

// complete stops an operation that the client no longer wants. An unknown id is no
// mistake: it may have ended just now.
func (s *singleStream) complete(id string) {
	s.mu.Lock()
	op := s.active[id]
	delete(s.active, id)
	s.mu.Unlock()
	if op != nil {
		op.stop()
	}
}

func (s *singleStream) send(f wsconn.Frame) bool { return s.events.send(f) }

func (s *singleStream) room() <-chan struct{} { return s.events.room() }

func (s *singleStream) comeBack() { s.events.comeBack() }

func (s *singleStream) forget(op *operation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.active[op.id] == op {
		delete(s.active, op.id)
	}
}

// breached ends a stream whose client goes on in spite of what it is told.
func (s *singleStream) breached() {
	if s.guard.Breached(time.Now()) {
		s.events.abort()
	}
}

func (s *singleStream) kept() { s.guard.Kept() }

func (s *singleStream) spawn(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return false
	}
	begun := s.events.spawn(func() {
		defer s.ended()
		f()
	})
	if begun {
		s.running++
	}
	return begun
}

func (s *singleStream) ended() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
}

// enter counts a goroutine that is to come.
func (s *singleStream) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running++
	s.events.enter()
}

func (s *singleStream) exit() {
	s.ended()
	s.events.exit()
}
