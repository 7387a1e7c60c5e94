package main

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// receiver is an endpoint on the loopback. It keeps when each event came first.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	came     map[string]time.Time
	replayed int
}

func newReceiver() *receiver {
	r := &receiver{came: map[string]time.Time{}}
	r.Server = httptest.NewServer(r)
	return r
}

func (r *receiver) close() { r.Close() }

// ServeHTTP takes an event: it is called when the first bytes, which are the header, are
// there.
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	now := time.Now()
	w.WriteHeader(http.StatusNoContent)
	id := req.Header.Get("Webhook-Id")
	r.mu.Lock()
	defer r.mu.Unlock()
	if req.Header.Get("Webhook-Replay") != "" {
		r.replayed++
	} else if _, known := r.came[id]; !known {
		r.came[id] = now
	}
}

// count is how many events of replays came.
func (r *receiver) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.replayed
}

func (r *receiver) at(id string) (time.Time, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.came[id]
	return at, ok
}
