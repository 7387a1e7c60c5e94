package follow

import (
	"context"
	"time"

	"switchboard/inbox/access"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// LogSource is where logs are read, and what says that one has grown.
type LogSource struct {
	*eventlog.Service
	Signals LogSignals
	// Renew makes all that decides on the rights of a workspace's callers, as this server
	// knows it, as new as what is stored.
	Renew func(ctx context.Context, ws workspace.WorkspaceID) error
}

// LogSignals also knows how what this server has heard of compares with the log.
type LogSignals interface {
	eventlog.Hearer
	// Caught returns when the newest event of ws that the feed has brought is in the log, at
	// the latest after a time. Errors: the cause of a ctx that ended.
	Caught(ctx context.Context, ws workspace.WorkspaceID, within time.Duration) error
}

// LogStream is a subscription to the log of a workspace: it reads records one after the
// other, and waits at the end for more. Unlike a Stream it takes nothing from the hub that
// it delivers, so that it holds one batch of records however far behind it is, and has no
// gap.
type LogStream struct {
	*Streams
	request Request
	// changes brings what happens in the directory, which may end the stream.
	changes *feed.Subscription
	cursor  *eventlog.Cursor
	began   eventlog.Sequence
	judged  *eventlog.Judged
	leftOut int // how many records
}

// EventLog follows the log behind a sequence. Errors: those of eventlog.MayRead, and of
// feed.Hub.Subscribe.
func (f *Streams) EventLog(
	ctx context.Context, r Request, filter eventlog.Filter, after eventlog.Sequence,
) (*LogStream, error) {
	changes, err := f.Source.Hub.Subscribe(ctx, r.Principal.Workspace, access.NoFacet)
	if err != nil {
		return nil, err
	}
	judged := &eventlog.Judged{
		Workspace: r.Principal.Workspace, Signals: f.Logs.Signals, Bounds: f.Logs.Bounds,
		Renew: func(ctx context.Context) error { return f.Logs.Renew(ctx, r.Principal.Workspace) },
	}
	err = judged.Begin(ctx)
	var a access.Access
	if err == nil {
		a, err = r.Rights(ctx)
	}
	if err == nil {
		err = eventlog.MayRead(a)
	}
	if err != nil {
		changes.Leave()
		return nil, err
	}
	changes.Begun()
	cursor := f.Logs.Walk(r.Principal.Workspace, filter, after)
	return &LogStream{Streams: f, request: r, changes: changes, cursor: cursor, began: after, judged: judged}, nil
}

// Begins returns where the stream begins. No number of the hub has to do with that.
func (s *LogStream) Begins() (ResumeToken, uint64) {
	return ResumeToken{Rights: AnyRights, Sequence: s.began}, 0
}

// Run delivers records until the caller may read none, the hub is closed, or ctx ends, and
// returns why. An error of deliver ends it too. It asks for the rights with every record,
// and whenever they may have changed while it waits. Call it once.
func (s *LogStream) Run(ctx context.Context, deliver func(context.Context, Delivery[eventlog.Item]) error) error {
	for {
		news, look := s.Logs.Signals.Next(s.request.Principal.Workspace), s.Source.Hub.Rechecks.Next()
		if err := s.drain(ctx, deliver); err != nil {
			return err
		}
		select {
		case <-news:
		case <-look:
		case _, open := <-s.changes.Items():
			if !open {
				return s.changes.Err()
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// A stream rests after so many records that it left out, so that a filter which finds
// little does not read without end: 10,000 records a second at most are left out, which is
// as many as the cost that a caller may use.
const (
	leftOutAtOnce = 500
	leftOutRest   = 50 * time.Millisecond
)

// rest waits once enough records were left out.
func (s *LogStream) rest(ctx context.Context) {
	if s.leftOut++; s.leftOut%leftOutAtOnce != 0 {
		return
	}
	timer := time.NewTimer(leftOutRest)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// drain delivers what there is.
func (s *LogStream) drain(ctx context.Context, deliver func(context.Context, Delivery[eventlog.Item]) error) error {
	for {
		var d Delivery[eventlog.Item]
		var shown, more bool
		err := retry(ctx, func() (err error) {
			d, shown, more, err = s.next(ctx)
			return err
		})
		if err != nil || !more {
			return err
		}
		if !shown {
			s.rest(ctx)
			continue
		}
		end := s.delivering(ctx, d.Body.Content.Trace, s.request.Name)
		err = retry(ctx, func() error { return deliver(ctx, d) })
		if end(); err != nil {
			return err
		}
	}
}

// catchUp waits until what the cursor holds can be judged: another server numbers, and a
// record must not be judged by rights that are older than it.
func (s *LogStream) catchUp(ctx context.Context) error {
	upTo, err := s.read(ctx)
	if err != nil {
		return err
	}
	return s.judged.Await(ctx, upTo)
}

// read reads what the cursor holds next in a turn, so that many streams of one caller leave
// the store to others.
func (s *LogStream) read(ctx context.Context) (upTo eventlog.Sequence, err error) {
	if s.cursor.Empty() {
		release, err := s.Source.CatchUp.Turn(ctx, s.request.caller())
		if err != nil {
			return 0, err
		}
		defer release()
	}
	return s.cursor.Held(ctx)
}

// next looks at the next record by the rights of now.
func (s *LogStream) next(ctx context.Context) (d Delivery[eventlog.Item], shown, more bool, err error) {
	if err := s.catchUp(ctx); err != nil {
		return d, false, false, err
	}
	if err := s.emptied(); err != nil {
		return d, false, false, err
	}
	if d.Access, err = s.request.Rights(ctx); err == nil {
		err = eventlog.MayRead(d.Access)
	}
	if err != nil {
		return d, false, false, err
	}
	d.Body, shown, more, err = s.cursor.Next(ctx, d.Access)
	d.Token = ResumeToken{Position: d.Body.Position, Rights: AnyRights, Sequence: d.Body.Sequence}
	return d, shown, more, err
}

// emptied takes what the directory brought: its changes are asked for with every record.
func (s *LogStream) emptied() error {
	for {
		select {
		case _, open := <-s.changes.Items():
			if !open {
				return s.changes.Err()
			}
		default:
			return nil
		}
	}
}
