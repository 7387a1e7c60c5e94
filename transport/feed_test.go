package transport_test

import (
	"context"
	"maps"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"switchboard/transport/exec"
)

// fakeFeed is a subscription to what a test broadcasts. It waits without a goroutine, as
// the streams of one caller do.
type fakeFeed struct {
	ctx context.Context

	mu    sync.Mutex
	texts []fakeText
	wake  func() // of who waits; nil while nobody does
}

// fakeText is a text, and what is closed when it is taken.
type fakeText struct {
	text  string
	taken chan struct{}
}

type fakeTextKey struct{}

// yield sends what there is.
func (f *fakeFeed) yield(ctx context.Context, respond respond) (await func(wake func()) bool) {
	for {
		next, there := f.take()
		if !there {
			break
		}
		if !respond(func(ctx context.Context) context.Context { return context.WithValue(ctx, fakeTextKey{}, next) }) {
			return nil
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return f.await
}

func (f *fakeFeed) take() (next string, there bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.texts) == 0 {
		return "", false
	}
	close(f.texts[0].taken)
	next, f.texts = f.texts[0].text, f.texts[1:]
	return next, true
}

func (f *fakeFeed) await(wake func()) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.texts) > 0 || f.ctx.Err() != nil {
		return false
	}
	f.wake = wake
	return true
}

// ring is called when the context has ended, and behind every text.
func (f *fakeFeed) ring() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.wake != nil {
		f.wake()
		f.wake = nil
	}
}

// hand waits until the text is taken, or the subscription has ended.
func (f *fakeFeed) hand(text string) {
	one := fakeText{text, make(chan struct{})}
	f.mu.Lock()
	f.texts = append(f.texts, one)
	f.mu.Unlock()
	f.ring()
	select {
	case <-one.taken:
	case <-f.ctx.Done():
	}
}

func (f *fakeSchema) feed(ctx context.Context, event func(any) *graphql.Response) graphql.ResponseHandler {
	feed := &fakeFeed{ctx: ctx}
	f.mu.Lock()
	f.feeds[feed] = struct{}{}
	f.mu.Unlock()
	context.AfterFunc(ctx, func() {
		f.mu.Lock()
		delete(f.feeds, feed)
		f.mu.Unlock()
		feed.ring()
		f.stopped <- "feed"
	})
	exec.RunSource(ctx, feed.yield)
	return func(ctx context.Context) *graphql.Response { return event(ctx.Value(fakeTextKey{})) }
}

// broadcast hands text to each feed in turn, waiting until it takes it or has ended.
func (f *fakeSchema) broadcast(text string) {
	f.mu.Lock()
	feeds := maps.Clone(f.feeds)
	f.mu.Unlock()
	for feed := range feeds {
		feed.hand(text)
	}
}
