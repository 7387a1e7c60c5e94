package dispatch_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/dispatch"
	"switchboard/inbox"
)

// meeter is asked what is due, and knows the next deadline.
type meeter struct {
	asked  int
	next   time.Time
	fails  error
	during func()
}

func (m *meeter) MeetDeadlines(context.Context) (time.Time, error) {
	m.asked++
	if m.during != nil {
		m.during()
	}
	return m.next, m.fails
}

// The database is asked when a deadline that it told, or that an event set, has come; at
// the beginning, when events may have been missed, after a failure, and every 20 seconds.
// Never because time passes.
func TestDeadlines(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	by := &meeter{}
	duty := dispatch.NewDeadlines(func() time.Time { return now }, dispatch.WaitsUntil)
	run := func(asked int, why string) {
		t.Helper()
		by.asked = 0
		require.Equal(t, by.fails, duty.Run(t.Context(), by.MeetDeadlines))
		require.Equal(t, asked, by.asked, why)
	}
	sets := func(in time.Duration) {
		duty.Apply(inbox.Event{After: &inbox.Conversation{Ownership: inbox.Ownership{GrabsUntil: now.Add(in)}}})
	}
	run(1, "what another server left")
	run(0, "nothing is due")
	now = now.Add(dispatch.QuietPause)
	run(1, "what events did not tell")
	sets(3 * time.Second)
	sets(9 * time.Second)
	duty.Apply(inbox.Event{})
	run(0, "not before its time")
	now = now.Add(3 * time.Second)
	by.next = now.Add(6 * time.Second)
	run(1, "the first is due")
	run(0, "the second is not")
	now = now.Add(6 * time.Second)
	by.next = time.Time{}
	by.during = func() { sets(time.Second) }
	run(1, "the second is due")
	by.during = nil
	now = now.Add(time.Second)
	run(1, "what was set while the database was asked")
	run(0, "and that is done")
	for _, signal := range []func(){duty.Forget, duty.FeedBack} {
		signal()
		run(1, "events may have been missed")
		run(0, "once")
	}
	duty.FeedLost()
	run(1, "events are missed")
	run(1, "and go on to be")
	duty.FeedBack()
	run(1, "for what was missed")
	by.fails = errors.New("down")
	duty.Forget()
	run(1, "it fails")
	by.fails = nil
	run(1, "and is tried again")
	run(0, "once")
}
