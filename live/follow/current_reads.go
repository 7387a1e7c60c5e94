package follow

import (
	"context"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

const (
	// sharedFor is how long a read of a conversation stands for those of other streams that
	// deliver the same event: as if they had been that much faster.
	sharedFor = 100 * time.Millisecond
	// sharedReads is how many are kept. Further ones stand for themselves alone.
	sharedReads = 1024
)

// currentReads are conversations as they are now, for streams that deliver the same event: it
// reaches many at once, and one read serves them all. The zero value is ready.
type currentReads struct {
	mu sync.Mutex
	by map[readOf]*currentRead
}

// readOf is the event that the conversation is read for.
type readOf struct {
	workspace workspace.WorkspaceID
	event     inbox.EventID
}

// currentRead is one read; found and err are there when done is closed.
type currentRead struct {
	began time.Time
	done  chan struct{}
	found map[inbox.ConversationID]inbox.Conversation
	err   error
}

// load returns what is found for an event, and when the read began: never before the time
// that a stream names, so that no stream goes back to an older state. The result is shared:
// do not write to it. A read of another stream that failed is done again.
func (c *currentReads) load(
	ctx context.Context, of readOf, notBefore time.Time, find func() (map[inbox.ConversationID]inbox.Conversation, error),
) (map[inbox.ConversationID]inbox.Conversation, time.Time, error) {
	read, own := c.join(of, notBefore)
	if !own {
		select {
		case <-read.done:
		case <-ctx.Done():
			return nil, read.began, ctx.Err()
		}
		if read.err == nil {
			return read.found, read.began, nil
		}
		read = &currentRead{began: time.Now(), done: make(chan struct{})}
	}
	read.err = errNotRead // should find panic
	defer close(read.done)
	read.found, read.err = find()
	return read.found, read.began, read.err
}

// errNotRead is a read that panicked.
var errNotRead error = &inbox.Error{Code: inbox.Internal, Message: "The conversation was not read. Try again."}

// join returns a read that began lately, or one that the caller has to make.
func (c *currentReads) join(of readOf, notBefore time.Time) (read *currentRead, own bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if read = c.by[of]; read != nil && now.Sub(read.began) <= sharedFor && !read.began.Before(notBefore) {
		return read, false
	}
	for event, old := range c.by {
		if now.Sub(old.began) > sharedFor {
			delete(c.by, event)
		}
	}
	read = &currentRead{began: now, done: make(chan struct{})}
	if len(c.by) < sharedReads {
		if c.by == nil {
			c.by = map[readOf]*currentRead{}
		}
		c.by[of] = read
	}
	return read, true
}
