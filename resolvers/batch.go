package resolvers

import (
	"context"
	"errors"
	"sync"
	"time"
)

// batchWait is how long the first key of a batch waits for others.
const batchWait = 500 * time.Microsecond

// loader reads the values that the fields of one response ask for in batches: the
// caller of the first key waits batchWait for the keys of others and then reads
// them all at once. Each key is read once, its error included.
type loader[K comparable, V any] struct {
	// find reads values by their keys. A key without a value is a miss.
	find func(context.Context, []K) (map[K]V, error)

	mu     sync.Mutex
	joined map[K]*batch[K, V] // nil until a key is asked for
	open   *batch[K, V]       // nil when the next key begins a batch
}

// batch is what its leader reads for all who joined it.
type batch[K comparable, V any] struct {
	keys  []K
	done  chan struct{}
	found map[K]V
	err   error
}

// errNotRead is the result of a batch whose leader panicked.
var errNotRead = errors.New("a batch of values was not read")

func newLoader[K comparable, V any](find func(context.Context, []K) (map[K]V, error)) *loader[K, V] {
	return &loader[K, V]{find: find}
}

// Load returns the value of one key, the zero value for a miss.
func (l *loader[K, V]) Load(ctx context.Context, key K) (V, error) {
	values, err := l.LoadAll(ctx, []K{key})
	if err != nil {
		var zero V
		return zero, err
	}
	return values[0], nil
}

// LoadAll returns the values of the keys in their order, the zero value for each
// miss. It returns the first error of any of them.
func (l *loader[K, V]) LoadAll(ctx context.Context, keys []K) ([]V, error) {
	batches, lead := l.join(keys)
	if lead != nil {
		l.read(ctx, lead)
	}
	out := make([]V, len(keys))
	for i, b := range batches {
		<-b.done
		if b.err != nil {
			return nil, b.err
		}
		out[i] = b.found[keys[i]]
	}
	return out, nil
}

// Clear forgets the key, so that it is read again when it is next asked for.
func (l *loader[K, V]) Clear(key K) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.joined, key)
}

// join adds the keys that nobody has asked for yet to the open batch. It returns
// the batch of each key, and the one that the caller has to read, if any.
func (l *loader[K, V]) join(keys []K) (batches []*batch[K, V], lead *batch[K, V]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.joined == nil {
		l.joined = make(map[K]*batch[K, V], len(keys))
	}
	for _, key := range keys {
		b, asked := l.joined[key]
		if !asked {
			if l.open == nil {
				l.open = &batch[K, V]{done: make(chan struct{}), err: errNotRead}
				lead = l.open
			}
			b = l.open
			b.keys = append(b.keys, key)
			l.joined[key] = b
		}
		batches = append(batches, b)
	}
	return batches, lead
}

// read waits for more keys, closes the batch to further ones and reads it.
func (l *loader[K, V]) read(ctx context.Context, b *batch[K, V]) {
	defer close(b.done)
	select {
	case <-time.After(batchWait):
	case <-ctx.Done():
	}
	l.mu.Lock()
	l.open = nil
	l.mu.Unlock()
	b.found, b.err = l.find(ctx, b.keys)
}
