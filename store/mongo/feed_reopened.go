package mongo

import (
	"context"
	"errors"
	"fmt"
)

// maxReopenings is how often the driver may open a stream again without an answer from
// it. The driver does so at once and without an end, so that a server whose streams
// open and cannot be read would be asked as fast as it answers.
const maxReopenings = 1

// errUnreadable is a stream that opens and breaks again when it is read.
var errUnreadable = errors.New("the stream broke again before it was read")

// opening reports whether the empty batch that was just returned came with an opening of
// the stream. It proves nothing about the stream.
func (f *feedStream) opening() bool {
	if f.cursor == f.changes.ID() {
		f.reopened = 0
		return false
	}
	if f.again = f.cursor != 0; f.again {
		f.reopened++
	}
	f.cursor, f.passed = f.changes.ID(), nil
	return true
}

// opened looks at the opening: of a stream that breaks whenever it is read it is an error,
// and where the driver has opened it, it is opened where it stands.
func (f *feedStream) opened(ctx context.Context) error {
	switch {
	case f.reopened > maxReopenings:
		return newUnavailable(fmt.Errorf("store: read the feed: %w", errUnreadable))
	case !f.again:
		return nil
	}
	if f.bulletin != nil {
		f.goesOn(ctx)
	}
	return f.resume(ctx)
}

// resume opens the stream where it stands, which is not always where the driver has opened
// it: see Position.
func (f *feedStream) resume(ctx context.Context) error {
	after, err := decodePosition(f.Position())
	if err != nil {
		return err
	}
	_ = f.changes.Close(ctx) // if that fails the server frees it after a while
	changes, err := f.open(ctx, after)
	if err != nil {
		return feedFault("open the feed", err)
	}
	f.changes, f.cursor = changes, 0
	return nil
}
