package transport

import (
	"net/http"
	"sync"
	"sync/atomic"

	"switchboard/transport/codes"
	"switchboard/transport/guard"
)

// registry knows the connections that live, so that a shutdown can end them.
type registry[C comparable] struct {
	mu       sync.Mutex
	sockets  map[C]struct{}
	reserved atomic.Int64  // written under mu
	draining chan struct{} // closed when draining and none is left; nil before
}

// reserve announces a socket before its upgrade. It is false once draining;
// release is called when the socket, or the attempt, is over.
func (r *registry[C]) reserve() (release func(), ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.draining != nil {
		return nil, false
	}
	r.reserved.Add(1)
	return r.release, true
}

func (r *registry[C]) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reserved.Add(-1) == 0 && r.draining != nil {
		close(r.draining)
	}
}

// add is false once draining: the socket must close by itself then.
func (r *registry[C]) add(s C) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sockets == nil {
		r.sockets = map[C]struct{}{}
	}
	r.sockets[s] = struct{}{}
	return r.draining == nil
}

func (r *registry[C]) remove(s C) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.sockets, s)
}

// count does not wait for anybody.
func (r *registry[C]) count() int { return int(r.reserved.Load()) }

// drain stops admitting, calls end for each socket, and returns a channel that is
// closed when none is left.
func (r *registry[C]) drain(end func(C)) <-chan struct{} {
	r.mu.Lock()
	if r.draining == nil {
		r.draining = make(chan struct{})
		if r.reserved.Load() == 0 {
			close(r.draining)
		}
	}
	gone := r.draining
	r.mu.Unlock()
	r.each(end)
	return gone
}

func (r *registry[C]) each(do func(C)) {
	r.mu.Lock()
	all := make([]C, 0, len(r.sockets))
	for s := range r.sockets {
		all = append(all, s)
	}
	r.mu.Unlock()
	for _, s := range all {
		do(s)
	}
}

// admit gives a connection from address that is to be opened a place; release gives
// it back.
func admit[C comparable](r *registry[C], g *guard.Gate, address string) (release func(), refused *guard.Refusal) {
	leave, ok := r.reserve()
	if !ok {
		return nil, guard.RefuseForNow(http.StatusServiceUnavailable, codes.Unavailable, reasonShutdown)
	}
	exit, refused := g.Enter(address)
	if refused != nil {
		leave()
		return nil, refused
	}
	return func() { exit(); leave() }, nil
}
