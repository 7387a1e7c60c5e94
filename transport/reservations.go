package transport

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"switchboard/transport/codes"
	"switchboard/transport/guard"
)

const (
	// streamToken is the header with the token of a reservation, and streamTokenParam the
	// parameter for EventSource, which cannot send headers.
	streamToken      = "X-GraphQL-Event-Stream-Token"
	streamTokenParam = "token"
	// reservationsOfOne and reservationsOfAll are how many streams may be reserved and not
	// opened yet, by one identity and by all.
	reservationsOfOne = 16
	reservationsOfAll = 10_000
)

// reservations are the streams of single connection mode by their tokens: reserved, for
// a while, or open. Each belongs to one identity.
type reservations struct {
	patience time.Duration

	mu      sync.Mutex
	by      map[string]*singleStream
	waiting int
	of      map[string]int // those waiting, by the key of the identity
}

func newReservations(patience time.Duration) *reservations {
	return &reservations{patience: patience, by: map[string]*singleStream{}, of: map[string]int{}}
}

// reserve returns the token of a stream for id, which must be opened in time.
func (r *reservations) reserve(id guard.Identity) (token string, refused *guard.Refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting >= reservationsOfAll || r.of[id.Key] >= reservationsOfOne {
		return "", guard.RefuseForNow(http.StatusTooManyRequests, codes.RateLimited,
			"too many event streams are reserved and not opened: open them, or wait")
	}
	token = rand.Text()
	s := &singleStream{id: id}
	s.forgotten = time.AfterFunc(r.patience, func() { r.expire(token) })
	r.by[token] = s
	r.waiting++
	r.of[id.Key]++
	return token, nil
}

func (r *reservations) expire(token string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.by[token]; s != nil && !s.taken {
		r.settle(s)
		delete(r.by, token)
	}
}

// settle counts s as one that no longer waits. It needs mu.
func (r *reservations) settle(s *singleStream) {
	s.forgotten.Stop()
	r.waiting--
	if r.of[s.id.Key]--; r.of[s.id.Key] == 0 {
		delete(r.of, s.id.Key)
	}
}

// take gives the one connection of a reservation to its stream.
func (r *reservations) take(token string) (*singleStream, *guard.Refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.by[token]
	switch {
	case s == nil:
		return nil, errNoReservation()
	case s.taken:
		return nil, guard.Refuse(http.StatusConflict, codes.BadRequest, "the stream of this token is open already")
	}
	s.taken = true
	r.settle(s)
	return s, nil
}

func (r *reservations) forget(token string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.by, token)
}

// find returns the stream of a token, for the identity that reserved it.
func (r *reservations) find(token string, id guard.Identity) (*singleStream, *guard.Refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.by[token]; s != nil && s.id.Key == id.Key {
		return s, nil
	}
	return nil, errNoReservation()
}

// end forgets what is reserved and not open.
func (r *reservations) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for token, s := range r.by {
		if !s.taken {
			r.settle(s)
			delete(r.by, token)
		}
	}
}

func errNoReservation() *guard.Refusal {
	return guard.Refuse(http.StatusNotFound, codes.BadRequest, "there is no event stream of yours with this token: reserve one by PUT")
}

// streamTokenOf is the token in a request; empty for none. Only an event stream may be
// opened by the parameter.
func streamTokenOf(r *http.Request) string {
	if token := r.Header.Get(streamToken); token != "" {
		return token
	}
	if r.Method == http.MethodGet && wantsEvents(r.Header) || r.Method == http.MethodDelete || r.Method == http.MethodPost {
		return r.URL.Query().Get(streamTokenParam)
	}
	return ""
}

// singleStream is one event stream with many operations.
type singleStream struct {
	id        guard.Identity
	forgotten *time.Timer
	taken     bool // guarded by the reservations

	mu      sync.Mutex
	events  *events // nil until it is open
	ctx     context.Context
	guard   *guard.Conn
	most    int // operations at once
	active  map[string]*operation
	running int
	over    bool
}

var _ conn = (*singleStream)(nil)
