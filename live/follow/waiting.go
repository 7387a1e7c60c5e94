package follow

import (
	"sync"
	"sync/atomic"
	"time"
)

// waiting is how a stream waits without a goroutine: whatever there may be to do rings,
// and who waits is called.
type waiting struct {
	bell *bell
	// asked says that the machine is to be asked without an item.
	asked atomic.Bool
	// pause is there until the machine is asked again after a time, without an item, and
	// true when that has passed.
	pause *atomic.Bool
}

// Await has wake called once, when there may be something to do; it must not wait, as it is
// called with locks held. It returns false, and calls nothing, if there is already. Behind
// a true answer the stream is the one's that wake calls.
func (w *waiting) Await(wake func()) bool { return w.bell.await(wake) }

// ask has the machine asked. It may be called by anybody.
func (w *waiting) ask() {
	w.asked.Store(true)
	w.bell.ring()
}

// rest has the machine asked after a time.
func (w *waiting) rest(lasting time.Duration) {
	passed, bell := new(atomic.Bool), w.bell // the timer keeps no stream that has ended
	w.pause = passed
	time.AfterFunc(lasting, func() {
		passed.Store(true)
		bell.ring()
	})
}

// rested reports whether a pause has just ended.
func (w *waiting) rested() bool {
	if w.pause == nil || !w.pause.Load() {
		return false
	}
	w.pause = nil
	return true
}

// bell wakes one who waits. A ring that nobody waits for is kept for the next who does. The
// zero value is ready.
type bell struct {
	mu   sync.Mutex
	rung bool
	wake func() // of who waits; nil while nobody does
}

func (b *bell) ring() {
	b.mu.Lock()
	wake := b.wake
	b.rung, b.wake = wake == nil, nil
	b.mu.Unlock()
	if wake != nil {
		wake()
	}
}

func (b *bell) await(wake func()) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rung {
		b.rung = false
		return false
	}
	b.wake = wake
	return true
}
