package exec

import (
	"context"
	"errors"
	"sync"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

type runningKey struct{}

// running is one execution that Run is at.
type running struct {
	mu sync.Mutex
	// err is why a subscription ends, when it is not because it is complete.
	err error
	// source yields the items of a subscription; nil where they come through a channel.
	source Source
}

func (f *running) failure() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// EndWithError makes the subscription whose resolver was given ctx end with an
// error message instead of complete, once the resolver closes its channel: call
// it first, then close. The first error counts. It goes through the error
// presenter like any other. An error with a method ComeBack() bool that is true
// ends the connection instead, so that the client connects again and resumes.
// It is false where no socket is listening.
func EndWithError(ctx context.Context, err error) bool {
	f, ok := ctx.Value(runningKey{}).(*running)
	if !ok || err == nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
	return true
}

// comesBack says whether err ends a stream of which more can be told to a client
// that connects again: it has a method ComeBack that says so. An error message
// would end the subscription for good in most clients.
func comesBack(err error) bool {
	var again interface{ ComeBack() bool }
	return errors.As(err, &again) && again.ComeBack()
}

// AsGraphQL returns err as gqlgen wants it, without losing what it wraps. It is a
// copy, because gqlgen writes the path into it and one error may end many streams.
func AsGraphQL(err error) *gqlerror.Error {
	var known *gqlerror.Error
	if errors.As(err, &known) {
		own := *known
		own.Err = err
		return &own
	}
	return gqlerror.Wrap(err)
}
