package follow

import (
	"context"
	"time"

	"switchboard/inbox/eventlog"
)

// A stream rests after so many records that it left out, so that a filter which finds
// little does not read without end: 10,000 records a second at most are left out, which is
// as many as the cost that a caller may use.
const (
	leftOutAtOnce = 500
	leftOutRest   = 50 * time.Millisecond
)

// rest waits once enough records were left out.
func (s *LogStream) rest(ctx context.Context) {
	if s.leftOut < leftOutAtOnce {
		return
	}
	s.leftOut = 0
	timer := time.NewTimer(leftOutRest)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// drain delivers what there is.
func (s *LogStream) drain(ctx context.Context, deliver func(context.Context, Delivery[eventlog.Item]) error) error {
	for more := true; more; s.rest(ctx) {
		err := retry(ctx, func() (err error) {
			more, err = s.batch(ctx, deliver)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// batch reads what comes next and delivers it, in one turn: of the many streams of a caller
// few work at a time, and no other holds records. More is false at the end of the log. Who
// may read nothing any more is told so without a turn.
func (s *LogStream) batch(
	ctx context.Context, deliver func(context.Context, Delivery[eventlog.Item]) error,
) (more bool, err error) {
	if err := s.awaitRoom(ctx); err != nil {
		return false, err
	}
	if _, err := s.rights(ctx); err != nil {
		return false, err
	}
	release, err := s.turn(ctx)
	if err != nil {
		return false, err
	}
	defer func() { release() }()
	upTo, err := s.cursor.Held(ctx)
	if err != nil || upTo == 0 {
		return false, err
	}
	known, err := s.judged.Known(ctx, upTo)
	if err == nil && !known {
		release()
		release, err = s.catchUp(ctx, upTo)
	}
	for err == nil && !s.cursor.Empty() && s.room() == nil {
		err = s.step(ctx, deliver)
	}
	return true, err
}

// room is that of the request.
func (s *LogStream) room() <-chan struct{} {
	if s.request.Room == nil {
		return nil
	}
	return s.request.Room()
}

// awaitRoom waits, without a turn, for a subscriber who reads more slowly than the log is
// read: what is stored can wait, and a connection on which much waits is closed.
func (s *LogStream) awaitRoom(ctx context.Context) error {
	for room := s.room(); room != nil; room = s.room() {
		select {
		case <-room:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// catchUp waits, without a turn, until what the cursor holds can be judged, and takes a
// turn: another server numbers, and a record must not be judged by rights that are older
// than it. Release is never nil.
func (s *LogStream) catchUp(ctx context.Context, upTo eventlog.Sequence) (release func(), err error) {
	heard, err := s.judged.Hear(ctx, upTo)
	if err != nil {
		return func() {}, err
	}
	if release, err = s.turn(ctx); err != nil {
		return func() {}, err
	}
	if !heard {
		err = s.judged.Begin(ctx)
	}
	return release, err
}

// step delivers the next record, judged by the rights of now. One that cannot be delivered
// is the next again.
func (s *LogStream) step(ctx context.Context, deliver func(context.Context, Delivery[eventlog.Item]) error) error {
	if err := s.emptied(); err != nil {
		return err
	}
	a, err := s.rights(ctx)
	if err != nil {
		return err
	}
	item, shown, err := s.cursor.Next(ctx, a)
	switch {
	case err != nil:
		return err
	case !shown:
		s.leftOut++
	default:
		err = s.send(ctx, deliver, Delivery[eventlog.Item]{
			Token: ResumeToken{Position: item.Position, Rights: AnyRights, Sequence: item.Sequence}, Access: a, Body: item,
		})
	}
	if err == nil {
		s.cursor.Pass()
	}
	return err
}

func (s *LogStream) send(
	ctx context.Context, deliver func(context.Context, Delivery[eventlog.Item]) error, d Delivery[eventlog.Item],
) error {
	end := s.delivering(ctx, d.Body.Content.Trace, s.request.Name)
	defer end()
	return deliver(ctx, d)
}

// emptied takes what the directory brought: its changes are asked for with every record.
func (s *LogStream) emptied() error {
	if _, open := s.changes.Empty(); !open {
		return s.changes.Err()
	}
	return nil
}
