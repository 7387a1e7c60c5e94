package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/retention"
)

// entry is one of the log.
func (d *fixture) entry(n eventlog.Sequence, id string) eventlog.Entry {
	return eventlog.Entry{
		Workspace: d.ws, Sequence: n, ID: id, Event: inbox.EventID(id), Kind: eventlog.Ownership, At: at(1), Clock: at(1),
	}
}

// Of two servers that number at once one fails, whichever pair they would write twice, and
// writes nothing.
func logGuarded(t *testing.T, open Opener) {
	d := newDesk(t, open)
	entry := d.entry
	began := eventlog.Progress{Rev: 1, Position: "a", Filling: true, Began: at(1), Behind: "x"}
	require.NoError(t, d.AppendLog(soon(t), began, []eventlog.Entry{entry(1, "one")}))
	for name, row := range map[string]struct {
		rev   int64
		entry eventlog.Entry
		want  error
	}{
		"the first write again":   {1, entry(2, "two"), commit.ErrStale},
		"an earlier revision":     {0, entry(2, "two"), commit.ErrStale},
		"a later revision":        {3, entry(2, "two"), commit.ErrStale},
		"a number for the second": {2, entry(1, "two"), commit.ErrDuplicateKey},
		"a second number":         {2, entry(2, "one"), commit.ErrDuplicateKey},
	} {
		next := eventlog.Progress{Rev: row.rev, Position: name}
		err := d.AppendLog(soon(t), next, []eventlog.Entry{entry(7, "seven "+name), row.entry})
		require.ErrorIs(t, err, row.want, name)
		now, err := d.LogProgress(soon(t))
		require.NoError(t, err)
		require.Equal(t, began, now)
		got, err := d.LogEntries(soon(t), d.ws, 0, false, 9)
		require.NoError(t, err)
		require.Equal(t, []eventlog.Entry{entry(1, "one")}, got)
	}
	require.NoError(t, d.AppendLog(soon(t), eventlog.Progress{Rev: 2, Position: "b"}, []eventlog.Entry{entry(2, "two"), entry(3, "three")}))
	back, err := d.LogEntries(soon(t), d.ws, 3, true, 1)
	require.NoError(t, err)
	require.Equal(t, []eventlog.Entry{entry(2, "two")}, back)
}

// Without the progress nothing is numbered twice either, and what is written before an
// entry that cannot be leaves no hole.
func logExtended(t *testing.T, open Opener) {
	d := newDesk(t, open)
	entry := d.entry
	require.NoError(t, d.ExtendLog(soon(t), nil))
	require.NoError(t, d.ExtendLog(soon(t), []eventlog.Entry{entry(1, "one"), entry(2, "two")}))
	for name, refused := range map[string]eventlog.Entry{
		"a number for the second": entry(2, "three"), "a second number": entry(4, "one"),
	} {
		err := d.ExtendLog(soon(t), []eventlog.Entry{entry(3, "first"), refused, entry(5, "behind")})
		require.ErrorIs(t, err, commit.ErrDuplicateKey, name)
		got, err := d.LogEntries(soon(t), d.ws, 0, false, 9)
		require.NoError(t, err)
		whole := []eventlog.Entry{entry(1, "one"), entry(2, "two"), entry(3, "first")}
		require.Equal(t, whole[:len(got)], got, name)
		require.GreaterOrEqual(t, len(got), 2, name)
	}
	p, err := d.LogProgress(soon(t))
	require.NoError(t, err)
	require.Zero(t, p)
}

// The content that retention removed leaves its number; the beginning of the log goes when
// nothing of it is left, but for the last.
func logTrimmed(t *testing.T, open Opener) {
	d := newDesk(t, open)
	d.staffed()
	n := d.number()
	p := d.past()
	open1 := d.created()
	all := d.numbered(6)
	require.NoError(t, d.Forget(soon(t), retention.Forgetting{Workspace: d.ws, Conversation: p.c.ID, Part: retention.Events, QuietSince: at(9999)}))
	var gone []bool
	for _, r := range d.numbered(len(all)) {
		gone = append(gone, r.Gone)
		require.NotEqual(t, r.Gone, r.Content.ID != "")
	}
	require.Equal(t, []bool{true, true, true, true, false, false}, gone, "the closing and what came behind it")
	require.NoError(t, d.logs().Trim(soon(t)))
	b, err := d.logs().Bounds(soon(t), d.ws)
	require.NoError(t, err)
	require.Equal(t, eventlog.Bounds{Oldest: 5, Newest: 6}, b)
	d.commit(takeover(open1, "mia"))
	require.Eventually(t, func() bool {
		b, err := d.logs().Bounds(soon(t), d.ws)
		return err == nil && b == eventlog.Bounds{Oldest: 5, Newest: 7}
	}, patience, 5*time.Millisecond)
	require.NoError(t, n.stop())
}

// A time finds the first record from which on none before it is as new, whatever the
// clocks said.
func logPlaces(t *testing.T, open Opener) {
	d := newDesk(t, open)
	times := []int{3, 1, 4, 4, 2, 4}
	var entries []eventlog.Entry
	newest := at(0)
	for i, n := range times {
		if at(n).After(newest) {
			newest = at(n)
		}
		entries = append(entries, eventlog.Entry{Workspace: d.ws, Sequence: eventlog.Sequence(i + 1), ID: fmt.Sprint(i), Kind: eventlog.Ownership, At: at(n), Clock: newest})
	}
	require.NoError(t, d.AppendLog(soon(t), eventlog.Progress{Rev: 1, Position: "a"}, entries))
	for n := range 5 {
		got, err := d.logs().After(soon(t), d.ws, eventlog.Place{At: at(n)}, nil)
		require.NoError(t, err)
		want := slices.IndexFunc(entries, func(e eventlog.Entry) bool { return !e.Clock.Before(at(n)) })
		require.EqualValues(t, want, got, n)
	}
	behind, err := d.logs().After(soon(t), d.ws, eventlog.Place{At: at(5)}, nil)
	require.NoError(t, err)
	require.EqualValues(t, len(times), behind)
	for place, wrong := range map[eventlog.Sequence]bool{0: true, 1: false, 6: false, 7: false, 8: true} {
		after, err := d.logs().After(soon(t), d.ws, eventlog.Place{Sequence: &place}, nil)
		if wrong {
			require.Equal(t, inbox.InvalidInput, inbox.CodeOf(err), place)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, place-1, after)
	}
	_, err = d.logs().After(soon(t), d.ws, eventlog.Place{At: at(5).Add(time.Hour)}, nil)
	require.Equal(t, inbox.InvalidInput, inbox.CodeOf(err))
}

// A workspace that is emptied keeps its numbers: the next record continues them, also one
// with the id that another had before, and of those before nothing is left but one that is
// gone.
func logEmptied(t *testing.T, open Opener) {
	d := newDesk(t, open)
	n := d.number()
	change := creation(d.conversation())
	change.Event.Messages = []inbox.Message{message(change.Conversation, "hello")}
	for round := range 3 {
		if round > 0 {
			require.NoError(t, n.stop())
			d.emptied()
			n = d.number()
		}
		require.NoError(t, d.Commit(soon(t), change))
		d.reaches(eventlog.Sequence(2 * (round + 1)))
	}
	require.NoError(t, n.stop())
	got, err := d.logs().Read(soon(t), d.ws, 0, 9)
	require.NoError(t, err)
	require.Len(t, got, 3)
	require.True(t, got[0].Gone)
	require.EqualValues(t, 4, got[0].Sequence)
	require.Equal(t, []string{string(change.Event.ID), string(change.Event.Messages[0].ID)}, recordIDs(got[1:]))
	require.False(t, got[1].Gone || got[2].Gone)
}

func (d *fixture) emptied() {
	d.t.Helper()
	for removed := 1; removed > 0; {
		var err error
		removed, err = d.EmptyWorkspace(soon(d.t), d.ws)
		require.NoError(d.t, err)
	}
}

// reaches waits until the log ends with the number.
func (d *fixture) reaches(newest eventlog.Sequence) {
	d.t.Helper()
	require.Eventually(d.t, func() bool {
		b, err := d.logs().Bounds(soon(d.t), d.ws)
		require.NoError(d.t, err)
		return b.Newest >= newest
	}, patience, 5*time.Millisecond)
}
