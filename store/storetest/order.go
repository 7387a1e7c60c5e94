package storetest

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/notify"
)

// writers write at once in the tests of order, each by a clock of its own.
const writers = 4

// write runs n commits by each of the writers. change makes the next one of writer w,
// whose clock is skewed by some seconds.
func (d *fixture) write(n int, change func(w int, skew time.Duration) commit.Change) (running *atomic.Int32, ended func()) {
	running = &atomic.Int32{}
	running.Store(writers)
	done := make(chan error, writers)
	for w := range writers {
		go func() {
			defer running.Add(-1)
			for range n {
				if err := d.Commit(soon(d.t), change(w, time.Duration(w-writers/2)*3*time.Second)); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	return running, func() {
		for range writers {
			require.NoError(d.t, <-done)
		}
	}
}

// Whoever polls for messages behind the last one gets every message once, in the
// order of its sequence, whatever clocks its writers have. B:V8a
func messagesPolled(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.created()
	const each = 40
	running, ended := d.write(each, func(_ int, skew time.Duration) commit.Change {
		say := saying(c, "hello")
		say.Event.Messages[0].At = time.Now().Add(skew).UTC().Truncate(time.Millisecond)
		return say
	})
	var got []inbox.Message
	q := desk.MessageQuery{Workspace: d.ws, Conversation: c.ID, Page: inbox.PageRequest{Limit: 7}}
	for last := false; ; {
		page, err := d.ListMessages(soon(t), q)
		require.NoError(t, err)
		for _, m := range page.Items {
			got = append(got, m)
			q.Page.After = new(m.PageCursor())
		}
		if len(page.Items) == 0 {
			if last {
				break
			}
			last = running.Load() == 0
		}
	}
	ended()
	require.Len(t, got, writers*each)
	for i, m := range got {
		require.Equal(t, i+1, m.Sequence)
		require.Equal(t, i+1, m.PublicSequence)
	}
	stored := d.stored(c.ID)
	require.Equal(t, writers*each, stored.MessageCount)
	require.Equal(t, writers*each+1, stored.Revision)
	require.Equal(t, &got[len(got)-1], stored.LastMessage)
}

// What a list of notifications showed stands in the next one as it stood, behind
// all that was committed since, whatever clocks say: so a mark at its top marks
// nothing else. B:V8a
func notificationsInOrder(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.created(func(c *inbox.Conversation) { c.Assignee = "mia" })
	const each = 40
	running, ended := d.write(each, func(_ int, skew time.Duration) commit.Change {
		say := saying(c, "hello")
		say.Event.At = time.Now().Add(skew).UTC().Truncate(time.Millisecond)
		return say
	})
	q := d.heard("mia", toMia)
	q.Page.Limit = writers*each + 1 // that mia was given it is the first
	var seen []inbox.Notification
	for last := false; !last; {
		last = running.Load() == 0
		page, err := d.ListNotifications(soon(t), q)
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(page.Items), len(seen))
		require.Equal(t, seen, append([]inbox.Notification(nil), page.Items[len(page.Items)-len(seen):]...))
		fresh := page.Items[:len(page.Items)-len(seen)]
		unread := q
		unread.Unread = &notify.ReadMarks{}
		if len(seen) > 0 {
			unread.Unread = new(notify.ReadMarks{}.With(seen[0].PageCursor(), nil))
		}
		after, err := d.ListNotifications(soon(t), unread)
		require.NoError(t, err)
		require.Subset(t, idsOfNotifications(after.Items), idsOfNotifications(fresh), "committed since, and read")
		require.NotSubset(t, idsOfNotifications(after.Items), append(idsOfNotifications(seen), "none"))
		seen = slices.Clone(page.Items)
	}
	ended()
	require.Len(t, seen, writers*each+1)
}

func idsOfNotifications(all []inbox.Notification) (ids []inbox.NotificationID) {
	for _, n := range all {
		ids = append(ids, n.ID)
	}
	return ids
}
