package eventlog

import (
	"cmp"
	"context"
	"sort"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Place is where a reader begins. One field is set; with none it begins with the first
// record that can be read.
type Place struct {
	// Sequence is the record with that number.
	Sequence *Sequence
	// At is a time: the first record from which on none before it is as new. A few that
	// are older may be among those that follow, as times are those of several clocks.
	At time.Time
	// Event is the record of an event of the workspace that the caller may see.
	Event inbox.EventID
	// Now is behind the last record.
	Now bool
	// Argument is what the caller calls the place, for refusals: from, if it is empty.
	Argument string `json:"-"` // and for no idempotency key
}

func (p Place) refused(field, format string, args ...any) error {
	return inbox.Invalid(cmp.Or(p.Argument, "from")+"."+field, format, args...)
}

const (
	// clockTolerance is how far ahead of this server's clock a time may be.
	clockTolerance = time.Minute
	// numberingTime is how long an event that was just committed may wait for its number.
	numberingTime = 2 * time.Second
)

// After returns the sequence behind which a reader begins that asks for p. INVALID_INPUT,
// for the field of p, for a number that no record has yet and a time that is still to come;
// UNAVAILABLE for an event that has no number in time. It does not ask whether the event
// is there, nor whether the caller may see it.
func (s *Service) After(ctx context.Context, ws workspace.WorkspaceID, p Place, wake Signals) (Sequence, error) {
	switch {
	case p.Event != "":
		return s.behindEvent(ctx, ws, p.Event, wake)
	case !p.At.IsZero():
		return s.behindTime(ctx, ws, p)
	case p.Sequence == nil && !p.Now:
		return 0, nil
	}
	b, err := s.Bounds(ctx, ws)
	if err != nil || p.Now {
		return b.Newest, err
	}
	if n := *p.Sequence; n < 1 || n > b.Newest+1 {
		return 0, p.refused("sequence",
			"The log ends with sequence %d; sequence must be from 1 to one more than that.", b.Newest)
	}
	return *p.Sequence - 1, nil
}

// behindTime finds the first entry whose Clock is not before p.At: Clock never goes back.
func (s *Service) behindTime(ctx context.Context, ws workspace.WorkspaceID, p Place) (Sequence, error) {
	if p.At.After(s.now().Add(clockTolerance)) {
		return 0, p.refused("at", "at is still to come. Pass a time in the past, or now: true.")
	}
	b, err := s.Bounds(ctx, ws)
	if err != nil || b.Newest == 0 {
		return 0, err
	}
	n := sort.Search(int(b.Newest-b.Oldest)+1, func(i int) bool {
		var found []Entry
		if err == nil {
			found, err = s.store.LogEntries(ctx, ws, b.Oldest+Sequence(i)-1, false, 1)
		}
		return err != nil || len(found) == 0 || !found[0].Clock.Before(p.At)
	})
	return b.Oldest + Sequence(n) - 1, err
}

// behindEvent waits for the number of an event that was just committed.
func (s *Service) behindEvent(
	ctx context.Context, ws workspace.WorkspaceID, id inbox.EventID, wake Signals,
) (Sequence, error) {
	n, err := s.Await(ctx, ws, string(id), numberingTime, wake)
	switch {
	case err != nil:
		return 0, err
	case n == 0:
		return 0, Unnumbered()
	}
	return n - 1, nil
}

// Unnumbered is the refusal of a place whose number is not there in time.
func Unnumbered() *inbox.Error {
	return &inbox.Error{Code: inbox.Unavailable, Message: "The event has no place in the log yet. Try again in a moment."}
}

// Holds reports whether the log has the record with a sequence that was made at a position of
// the feed, or had it before its beginning was removed. It has not if the data is older than
// the reader, as after a backup was restored: what has that number now, or will have it, is
// something else. A position that is not known, of the reader or of the record, says nothing.
// UNAVAILABLE.
func (s *Service) Holds(ctx context.Context, ws workspace.WorkspaceID, n Sequence, position string) (bool, error) {
	found, err := s.store.LogEntries(ctx, ws, n-1, false, 1)
	switch {
	case err != nil || len(found) == 0:
		return false, err
	case found[0].Sequence != n, position == "", found[0].Position == "":
		return true, nil
	}
	return found[0].Position == position, nil
}

// Await returns the number of an event or a message; 0 if it has none after a time.
func (s *Service) Await(
	ctx context.Context, ws workspace.WorkspaceID, id string, within time.Duration, wake Signals,
) (Sequence, error) {
	timeout := time.NewTimer(within)
	defer timeout.Stop()
	for {
		news := wake.Next(ws)
		found, err := s.Sequences(ctx, ws, []string{id})
		if err != nil || found[id] != 0 {
			return found[id], err
		}
		select {
		case <-news:
		case <-timeout.C:
			return 0, nil
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}
