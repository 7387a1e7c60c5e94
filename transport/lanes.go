package transport

import (
	"context"
	"sync"
)

// lanes let the operations of one caller go one after another, so that a caller who
// asks for much at once is no nearer to the processors than others.
type lanes struct {
	mu sync.Mutex
	by map[string]*lane
}

// lane is that of one caller, for as long as anybody is in it.
type lane struct {
	free  chan struct{} // holds one token
	users int
}

func newLanes() *lanes { return &lanes{by: map[string]*lane{}} }

// enter waits until the operations before are done. It is false when ctx ended
// first; else leave must be called.
func (l *lanes) enter(ctx context.Context, key string) (leave func(), ok bool) {
	l.mu.Lock()
	one := l.by[key]
	if one == nil {
		one = &lane{free: make(chan struct{}, 1)}
		one.free <- struct{}{}
		l.by[key] = one
	}
	one.users++
	l.mu.Unlock()
	select {
	case <-one.free:
		return func() { one.free <- struct{}{}; l.exit(key, one) }, true
	case <-ctx.Done():
		l.exit(key, one)
		return nil, false
	}
}

func (l *lanes) exit(key string, one *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(l.by, key)
	}
}
