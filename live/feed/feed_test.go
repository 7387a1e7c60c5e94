package feed_test

import (
	"context"
	"strconv"
	"sync/atomic"

	"switchboard/inbox"
	port "switchboard/inbox/feed"
	"switchboard/inbox/workspace"
)

// scriptedFeed is a feed whose every answer the test gives.
type scriptedFeed struct {
	calls chan *watchCall
}

var _ port.Feed = (*scriptedFeed)(nil)

func newScriptedFeed() *scriptedFeed { return &scriptedFeed{calls: make(chan *watchCall)} }

// watchCall is a Watch that waits for its answer.
type watchCall struct {
	position string
	answer   chan watchAnswer
}

type watchAnswer struct {
	stream *scriptedStream
	err    error
}

func (f *scriptedFeed) Watch(ctx context.Context, position string) (port.FeedStream, error) {
	call := &watchCall{position: position, answer: make(chan watchAnswer)}
	select {
	case f.calls <- call:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case answer := <-call.answer:
		if answer.err != nil {
			return nil, answer.err
		}
		return answer.stream, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *watchCall) fail(err error) { c.answer <- watchAnswer{err: err} }

// open answers with a stream that stands at the position.
func (c *watchCall) open(at string) *scriptedStream {
	s := &scriptedStream{next: make(chan nextAnswer)}
	s.position.Store(at)
	c.answer <- watchAnswer{stream: s}
	return s
}

type scriptedStream struct {
	next     chan nextAnswer
	position atomic.Value
	closed   atomic.Bool
	heard    atomic.Pointer[func(string)]
	moved    atomic.Pointer[func()]
}

// OnHeartbeat remembers whom to tell of heartbeats.
func (s *scriptedStream) OnHeartbeat(heard func(string)) { s.heard.Store(&heard) }

// OnMove remembers whom to tell that the stream advanced.
func (s *scriptedStream) OnMove(moved func()) { s.moved.Store(&moved) }

// move lets the stream advance without delivering anything.
func (s *scriptedStream) move() {
	if moved := s.moved.Load(); moved != nil {
		(*moved)()
	}
}

// tell lets the stream hear a heartbeat.
func (s *scriptedStream) tell() {
	if heard := s.heard.Load(); heard != nil {
		(*heard)(s.Position())
	}
}

type nextAnswer struct {
	item port.FeedItem
	err  error
}

func (s *scriptedStream) Next(ctx context.Context) (port.FeedItem, error) {
	select {
	case answer := <-s.next:
		if answer.err == nil {
			s.position.Store(answer.item.Position)
		}
		return answer.item, answer.err
	case <-ctx.Done():
		return port.FeedItem{}, ctx.Err()
	}
}

// TryNext is for streams that catch up, which are not scripted by this.
func (s *scriptedStream) TryNext(context.Context) (port.FeedItem, bool, error) {
	return port.FeedItem{}, false, nil
}

func (s *scriptedStream) Position() string { return s.position.Load().(string) }

func (s *scriptedStream) Close(context.Context) error {
	s.closed.Store(true)
	return nil
}

// give lets Next answer with the items, one after the other.
func (s *scriptedStream) give(items ...port.FeedItem) {
	for _, item := range items {
		s.next <- nextAnswer{item: item}
	}
}

// breakWith lets Next fail.
func (s *scriptedStream) breakWith(err error) { s.next <- nextAnswer{err: err} }

// news is item number n of a workspace.
func news(ws workspace.WorkspaceID, n int) port.FeedItem {
	return port.FeedItem{
		Event:    inbox.Event{ID: inbox.EventID(string(ws) + "/" + strconv.Itoa(n)), Workspace: ws, Type: inbox.OwnershipEvent, Version: n},
		Position: "p" + strconv.Itoa(n),
	}
}

// renamed is a directory event that gives the workspace a name and a revision.
func renamed(ws workspace.WorkspaceID, rev int) port.FeedItem {
	return port.FeedItem{
		Event: inbox.Event{
			Workspace: ws, Type: inbox.DirectoryEvent,
			Directory: &workspace.DirectoryChange{Workspace: &workspace.Workspace{ID: ws, Rev: rev}},
		},
		Position: "d" + strconv.Itoa(rev),
	}
}
