package mongo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
)

// Messages that an earlier version wrote have no sequence. They come first, by time,
// and those that are written now begin at 1: a page behind any of them, by a cursor
// of before too, misses nothing. B:V8a
func TestMessagesFromBeforeSequences(t *testing.T) {
	s, db := openBeside(t)
	c := newConversation("c")
	c.Contact, c.Event.Messages, c.Conversation.LastMessage = nil, nil, nil
	require.NoError(t, s.Commit(t.Context(), c))
	now := c.Conversation
	say := func(id string, seconds int) {
		m := inbox.Message{ID: inbox.MessageID(id), Workspace: "w", Conversation: "c", Author: workspace.Actor{Kind: workspace.ActorContact, ID: "p"}, Body: id, At: now.CreatedAt.Add(time.Duration(seconds) * time.Second)}
		e := inbox.Event{
			ID: inbox.EventID("e-" + id), Workspace: "w", Type: inbox.MessageEvent, Conversation: "c", Actor: m.Author, From: now.Ownership, To: now.Ownership,
			Version: 1, Epoch: 1, At: m.At, Messages: []inbox.Message{m}, After: &inbox.Conversation{},
		}
		require.NoError(t, s.Commit(t.Context(), commit.Change{Conversation: now, Event: e}))
	}
	old := []string{"m-c", "m-a", "m-b"} // by time
	for i, id := range old {
		say(id, i)
		change(t, db, "events", id, bson.D{{Key: "$unset", Value: bson.D{{Key: "sequence", Value: 1}, {Key: "publicSequence", Value: 1}}}})
	}
	gone := bson.D{{Key: "revision", Value: 1}, {Key: "said", Value: 1}, {Key: "saidPublicly", Value: 1}, {Key: "saidSince", Value: 1}, {Key: "saidPubliclySince", Value: 1}}
	change(t, db, "conversations", "c", bson.D{{Key: "$unset", Value: gone}})
	read, err := s.Conversation(t.Context(), "w", "c")
	require.NoError(t, err)
	require.Zero(t, read.Revision)
	require.Zero(t, read.LastMessage.Sequence)

	for i, id := range []string{"n-2", "n-1", "n-0"} { // by clocks that are behind
		say(id, -i)
	}
	all := append(old, "n-2", "n-1", "n-0")
	page := func(request inbox.PageRequest) (ids []string, found inbox.Page[inbox.Message]) {
		found, err := s.ListMessages(t.Context(), desk.MessageQuery{Workspace: "w", Conversation: "c", Page: request})
		require.NoError(t, err)
		for _, m := range found.Items {
			ids = append(ids, string(m.ID))
		}
		return ids, found
	}
	ids, found := page(inbox.PageRequest{Limit: 10})
	require.Equal(t, all, ids)
	for i, m := range found.Items {
		require.Equal(t, max(0, i+1-len(old)), m.Sequence)
		behind, next := page(inbox.PageRequest{Limit: 2, After: new(m.PageCursor())})
		require.Equal(t, append([]string(nil), all[i+1:min(i+3, len(all))]...), behind)
		require.Equal(t, i+3 < len(all), next.HasNext)
		require.True(t, next.HasPrev)
		before, _ := page(inbox.PageRequest{Limit: 10, Backward: true, Before: new(m.PageCursor())})
		require.Equal(t, append([]string(nil), all[:i]...), before)
	}
	read, err = s.Conversation(t.Context(), "w", "c")
	require.NoError(t, err)
	require.Equal(t, 3, read.Revision)
	require.Equal(t, found.Items[5], *read.LastMessage)
}

// Notifications that an earlier version wrote have no place. They are the oldest, by
// time, and marks of before cover them as they did. B:V8a
func TestNotificationsFromBeforePlaces(t *testing.T) {
	s, db := openBeside(t)
	c := newConversation("c")
	require.NoError(t, s.Commit(t.Context(), c))
	next := c.Conversation
	var ids []inbox.NotificationID
	give := func(id string, seconds int) {
		next.LastActivityAt = c.Conversation.CreatedAt.Add(time.Duration(seconds) * time.Second)
		change := step(next, id, "you", assigned("me"))
		require.NoError(t, s.Commit(t.Context(), change))
		ids = append([]inbox.NotificationID{inbox.NotificationsOf(change.Event)[0].ID}, ids...)
		back := step(*change.Event.After, id+"-back", "me", assigned("you"))
		require.NoError(t, s.Commit(t.Context(), back))
		next = *back.Event.After
	}
	give("old-1", 1)
	give("old-2", 2)
	for _, id := range ids {
		change(t, db, "events", string(id), bson.D{{Key: "$unset", Value: bson.D{{Key: "place", Value: 1}}}})
	}
	give("new-1", -5)
	give("new-2", -6)
	q := heard("member:me")
	page, err := s.ListNotifications(t.Context(), q)
	require.NoError(t, err)
	var got []inbox.NotificationID
	for i, n := range page.Items {
		got = append(got, n.ID)
		require.Equal(t, i > 1, n.Sequence == 0)
		q := q
		q.Unread = new(notify.ReadMarks{}.With(n.PageCursor(), nil))
		unread, err := s.ListNotifications(t.Context(), q)
		require.NoError(t, err)
		require.Equal(t, append([]inbox.Notification(nil), page.Items[:i]...), unread.Items)
		count, err := s.CountNotifications(t.Context(), q, 100)
		require.NoError(t, err)
		require.Equal(t, i, count)
	}
	// new-1 and new-2 got one place, in which their times decide.
	require.Equal(t, []inbox.NotificationID{ids[1], ids[0], ids[2], ids[3]}, got)
}
