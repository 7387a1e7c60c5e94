package mongo

import (
	"errors"
	"fmt"
)

// maxOpenings is how often a stream may be opened without an answer from it, by us or by
// the driver. The driver opens it again at once and without an end, so that a server whose
// streams open and cannot be read would be asked as fast as it answers; and it does so
// behind the token of the opening before, which nobody has read up to.
const maxOpenings = 1

// errUnreadable is a stream that opens and breaks again when it is read.
var errUnreadable = errors.New("the stream broke again before it was read")

// opening reports whether the empty batch that was just returned came with an opening of
// the stream. It proves nothing about the stream.
func (f *feedStream) opening() bool {
	if f.cursor == f.changes.ID() {
		f.reopened = 0
		return false
	}
	f.again = f.cursor != 0
	f.cursor = f.changes.ID()
	f.reopened++
	f.passed = nil
	return true
}

// unreadable is the error of a stream that breaks whenever it is read; nil for others.
func (f *feedStream) unreadable() error {
	if f.reopened <= maxOpenings {
		return nil
	}
	return newUnavailable(fmt.Errorf("store: read the feed: %w", errUnreadable))
}
