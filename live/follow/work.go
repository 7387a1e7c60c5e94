package follow

import (
	"context"

	"switchboard/inbox"
	"switchboard/live/feed"
)

// Run delivers items until the stream is complete, its source ends, or ctx ends, and
// returns why: nil for a stream that is complete. An error of deliver ends it too.
// While the database is away, which is UNAVAILABLE, the rights, the reads and deliver
// are tried again each second: an error would end the stream for good in most clients.
// What piles up meanwhile is bounded by the source. Call it once.
func (s *Stream[T]) Run(ctx context.Context, deliver func(context.Context, Delivery[T]) error) error {
	for {
		if over, err := s.Work(ctx, deliver); over {
			return err
		}
		news := make(chan struct{})
		if !s.Await(func() { close(news) }) {
			continue
		}
		select {
		case <-news:
		case <-ctx.Done():
		}
	}
}

// Work is Run for those who wait elsewhere: it delivers what there is and returns. Unless
// that is over, call it again once Await says so, in whichever goroutine, but in one at a
// time. The end of the ctx that the stream was opened with is one of the things that it is
// called again for.
func (s *Stream[T]) Work(ctx context.Context, deliver func(context.Context, Delivery[T]) error) (over bool, err error) {
	over = true // also behind a panic
	defer func() { s.leave(over) }()
	s.source.Begun()
	s.moment = new(moment[T])
	for {
		*s.moment = moment[T]{}
		item, last, err := s.next(ctx)
		if item == nil {
			over = last
			return over, err
		}
		s.looked = s.Source.Hub.Rechecks.Asked()
		if done, err := s.send(ctx, item, deliver); done || err != nil {
			return true, err
		}
	}
}

// leave keeps nothing of the last item, and at the end nothing at all.
func (s *Stream[T]) leave(over bool) {
	s.moment = nil
	if over && s.ends != nil {
		s.ends()
		s.ends = nil
	}
}

// next returns the next item, or makes one that asks the machine without an event. It is
// nil where there is nothing to do, and last where there never will be.
func (s *Stream[T]) next(ctx context.Context) (item *feed.Item, last bool, err error) {
	if item := s.nextMissed(); item != nil || s.request.ReplayOnly {
		return item, true, nil
	}
	if ctx.Err() != nil {
		return nil, true, ctx.Err()
	}
	if s.rested() {
		return &feed.Item{Position: s.position}, false, nil
	}
	item, open := s.source.TryNext()
	switch {
	case item != nil:
		s.position, s.number = item.Position, item.Number
		return item, false, nil
	case !open:
		return nil, true, s.source.Err()
	case s.looked != s.Source.Hub.Rechecks.Asked():
		return &feed.Item{Position: s.position, Event: inbox.Event{Type: inbox.DirectoryEvent}}, false, nil
	case s.asked.Swap(false):
		return &feed.Item{Position: s.position}, false, nil
	}
	return nil, false, nil
}
