package feed

import "sync"

// queue is what a subscription was told and its listener has not read. It takes memory for
// what it holds alone: most listeners have read everything nearly always. It is safe for
// concurrent use.
type queue struct {
	mu    sync.Mutex
	items []*Item
	ended bool
	// wake tells the listener that there is something to see; nil for nobody.
	wake func()
}

// put is false, and takes nothing, if the queue holds as many as it may.
func (q *queue) put(item *Item, most int) bool {
	q.mu.Lock()
	if len(q.items) >= most {
		q.mu.Unlock()
		return false
	}
	q.items = append(q.items, item)
	q.mu.Unlock()
	q.ring()
	return true
}

// take returns the next item; nil if there is none now, which is not open if there will
// be none.
func (q *queue) take() (item *Item, open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return nil, !q.ended
	}
	item, q.items[0] = q.items[0], nil
	if q.items = q.items[1:]; len(q.items) == 0 {
		q.items = nil
	}
	return item, true
}

// end says that nothing comes behind what is there.
func (q *queue) end() {
	q.mu.Lock()
	q.ended = true
	q.mu.Unlock()
	q.ring()
}

// drop forgets what was not read.
func (q *queue) drop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = nil
}

func (q *queue) ring() {
	q.mu.Lock()
	wake := q.wake
	q.mu.Unlock()
	if wake != nil {
		wake()
	}
}

// onNews has wake called from now on, and at once if something is there.
func (q *queue) onNews(wake func()) {
	q.mu.Lock()
	q.wake = wake
	news := len(q.items) > 0 || q.ended
	q.mu.Unlock()
	if news {
		wake()
	}
}
