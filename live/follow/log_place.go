package follow

import (
	"context"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/eventlog"
)

// numberingTime is how long a record that was just committed may wait for its number.
const numberingTime = 2 * time.Second

// LogAfter returns the sequence that a token stands behind: that of the log itself, or that
// of another stream, which knows a position of the feed. Errors: INVALID_CURSOR if the
// events behind that position cannot be found any more, UNAVAILABLE.
func (f *Streams) LogAfter(ctx context.Context, r Request, t ResumeToken) (eventlog.Sequence, error) {
	if t.Sequence != 0 {
		return t.Sequence, nil
	}
	ws := r.Principal.Workspace
	brings := func(e inbox.Event) bool { return len(eventlog.Of(e)) > 0 }
	e, found, lost, err := f.Source.CatchUp.First(ctx, r.caller(), t.Position, brings)
	switch {
	case err != nil:
		return 0, err
	case lost != "":
		return 0, &inbox.Error{
			Code: inbox.InvalidCursor, Message: "The place of this cursor in the log can no longer be found (" + string(lost) + "). " +
				"Pass from: with a sequence, a time or an event instead.",
		}
	case found:
		n, err := f.Logs.Await(ctx, ws, eventlog.Of(e)[0].ID, numberingTime, f.Logs.Signals)
		if err == nil && n == 0 {
			err = eventlog.Unnumbered()
		}
		return n - 1, err
	}
	if err := f.Logs.Signals.Caught(ctx, ws, numberingTime); err != nil {
		return 0, err
	}
	b, err := f.Logs.Bounds(ctx, ws)
	return b.Newest, err
}
