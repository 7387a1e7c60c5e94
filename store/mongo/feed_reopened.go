package mongo

import (
	"errors"
	"fmt"
)

// maxReopenings is how often the driver may open a stream again without an answer from
// it. The driver does so at once and without an end, so that a server whose streams
// open and cannot be read would be asked as fast as it answers.
const maxReopenings = 1

// errUnreadable is a stream that opens and breaks again when it is read.
var errUnreadable = errors.New("the stream broke again before it was read")

// replaced reports whether the driver has opened the stream again since it was last read.
// The empty batch of an opening proves nothing about the stream.
func (f *feedStream) replaced() bool {
	if f.cursor == f.changes.ID() {
		f.reopened = 0
		return false
	}
	f.cursor = f.changes.ID()
	f.reopened++
	f.passed = nil
	return true
}

// unreadable is the error of a stream that breaks whenever it is read; nil for others.
func (f *feedStream) unreadable() error {
	if f.reopened <= maxReopenings {
		return nil
	}
	return newUnavailable(fmt.Errorf("store: read the feed: %w", errUnreadable))
}
