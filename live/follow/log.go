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
	leftOut int // how many records since the stream rested
}

// EventLog follows the log behind the sequence that start finds. What it reads, and what
// start does, takes a turn of the caller. Errors: those of start, eventlog.MayRead, and
// feed.Hub.Subscribe.
func (f *Streams) EventLog(
	ctx context.Context, r Request, filter eventlog.Filter, start func(context.Context) (eventlog.Sequence, error),
) (*LogStream, error) {
	changes, err := f.Source.Hub.Subscribe(ctx, r.Principal.Workspace, access.NoFacet)
	if err != nil {
		return nil, err
	}
	s := &LogStream{Streams: f, request: r, changes: changes, judged: &eventlog.Judged{
		Workspace: r.Principal.Workspace, Signals: f.Logs.Signals, Bounds: f.Logs.Bounds,
		Renew: func(ctx context.Context) error { return f.Logs.Renew(ctx, r.Principal.Workspace) },
	}}
	if err := s.begin(ctx, start); err != nil {
		changes.Leave()
		return nil, err
	}
	changes.Begun()
	s.cursor = f.Logs.Walk(r.Principal.Workspace, filter, s.began)
	return s, nil
}

func (s *LogStream) begin(ctx context.Context, start func(context.Context) (eventlog.Sequence, error)) error {
	release, err := s.turn(ctx)
	if err != nil {
		return err
	}
	defer release()
	if s.began, err = start(ctx); err != nil {
		return err
	}
	if err := s.judged.Begin(ctx); err != nil {
		return err
	}
	_, err = s.rights(ctx)
	return err
}

func (s *LogStream) turn(ctx context.Context) (release func(), err error) {
	return s.Source.CatchUp.Turn(ctx, s.request.caller())
}

func (s *LogStream) rights(ctx context.Context) (access.Access, error) {
	a, err := s.request.Rights(ctx)
	if err == nil {
		err = eventlog.MayRead(a)
	}
	return a, err
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
		case <-s.changes.Ready():
			if err := s.emptied(); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Work is Run: it waits for what is to come, and is always over.
func (s *LogStream) Work(
	ctx context.Context, deliver func(context.Context, Delivery[eventlog.Item]) error,
) (over bool, err error) {
	return true, s.Run(ctx, deliver)
}

// Await never waits, as Work does.
func (s *LogStream) Await(func()) bool { return false }
