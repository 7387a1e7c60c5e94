package storetest

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
)

// watch opens the feed and closes it when the test ends, or before.
func (d *fixture) watch(position string) feed.FeedStream {
	d.t.Helper()
	stream, err := d.Watch(soon(d.t), position)
	require.NoError(d.t, err)
	d.t.Cleanup(func() { _ = stream.Close(context.Background()) }) // the backend may be gone
	return stream
}

// next reads n events.
func next(t *testing.T, stream feed.FeedStream, n int) []feed.FeedItem {
	t.Helper()
	items := make([]feed.FeedItem, n)
	for i := range items {
		item, err := stream.Next(soon(t))
		require.NoError(t, err)
		items[i] = item
	}
	return items
}

func eventsOf(items []feed.FeedItem) []inbox.Event {
	events := make([]inbox.Event, len(items))
	for i, item := range items {
		events[i] = item.Event
	}
	return events
}

// Every commit is fed once, as it was written, and each conversation's in the
// order of its versions. B:V9
func feedComplete(t *testing.T, open Opener) {
	d := newDesk(t, open)
	stream := d.watch("")
	ctx := soon(t)
	const workers, each = 6, 8
	want := make([][]inbox.Event, workers)
	all := make([]func() error, workers)
	for w := range all {
		c := d.conversation()
		all[w] = func() error {
			change := creation(c)
			for i := range each {
				change.Event.Messages = []inbox.Message{message(c, "with a message")}
				if err := d.Commit(ctx, change); err != nil {
					return err
				}
				want[w] = append(want[w], change.Event)
				c = change.Conversation
				change = takeover(c, "")
				change.Loads = nil
				if i%3 == 2 {
					change = saying(c, "hello")
				}
			}
			return nil
		}
	}
	require.NoError(t, errors.Join(together(all...)...))
	got := map[inbox.ConversationID][]inbox.Event{}
	for _, e := range eventsOf(next(t, stream, workers*each)) {
		got[e.Conversation] = append(got[e.Conversation], e)
	}
	for w := range want {
		require.Equal(t, want[w], got[want[w][0].Conversation])
	}
	last := directoryEvent(d.ws, workspace.DirectoryChange{Workspace: &workspace.Workspace{ID: d.ws, Rules: workspace.DefaultRules(), Rev: 1}})
	require.NoError(t, d.SaveDirectory(ctx, last))
	require.Equal(t, last, next(t, stream, 1)[0].Event, "nothing came twice")
}

// From each position the feed gives exactly what followed. B:V3
func feedResumes(t *testing.T, open Opener) {
	d := newDesk(t, open)
	stream := d.watch("")
	c := d.created()
	for range 9 {
		c = d.commit(takeover(c, ""))
		c = d.commit(saying(c, "hello"))
	}
	items := next(t, stream, 19)
	for i, item := range items[:18] {
		resumed := d.watch(item.Position)
		rest := next(t, resumed, 18-i)
		require.Equal(t, items[i+1:], rest)
		require.Equal(t, items[18].Position, rest[len(rest)-1].Position)
		require.NoError(t, resumed.Close(soon(t)))
	}
	again := d.watch(stream.Position())
	d.commit(saying(c, "and then"))
	require.Equal(t, next(t, stream, 1), next(t, again, 1))
}

// Everything that was committed before is given without waiting for more, from
// any position. B:V3
func feedTries(t *testing.T, open Opener) {
	d := newDesk(t, open)
	stream := d.watch("")
	c := d.created()
	for range 20 {
		d.commit(saying(c, "hello"))
	}
	items := next(t, stream, 21)
	for _, from := range []int{0, 7, 20} {
		behind := d.watch(items[from].Position)
		require.Equal(t, items[from+1:], tried(t, behind))
		d.commit(saying(c, "and then"))
		items = append(items, next(t, stream, 1)...)
		require.Equal(t, items[len(items)-1:], next(t, behind, 1), "it goes on behind what was tried")
	}
	gone, cancel := context.WithCancel(soon(t))
	cancel()
	_, _, err := stream.TryNext(gone)
	require.Error(t, err)
}

// The feed of a workspace gives its events and no others, from any position,
// without waiting for more. B:Z7
func feedOfWorkspace(t *testing.T, open Opener) {
	d := newDesk(t, open)
	other := &fixture{Engine: d.Engine, t: t, ws: workspace.WorkspaceID(id("ws"))}
	stream := d.watch("")
	start := stream.Position()
	mine, theirs := d.created(), other.created()
	for range 7 {
		d.commit(saying(mine, "hello"))
		other.commit(saying(theirs, "hello"))
		other.commit(saying(theirs, "again"))
	}
	all := next(t, stream, 2+3*7)
	for from := range len(all) + 1 {
		position := start
		if from > 0 {
			position = all[from-1].Position
		}
		behind, err := d.WatchWorkspace(soon(t), d.ws, position)
		require.NoError(t, err)
		require.Equal(t, d.only(all[from:]), tried(t, behind))
		if from == len(all) { // and what comes meanwhile
			other.commit(saying(theirs, "meanwhile"))
			d.commit(saying(mine, "meanwhile"))
			require.Equal(t, d.only(next(t, stream, 2)), tried(t, behind))
		}
		require.NoError(t, behind.Close(soon(t)))
	}
	_, err := d.WatchWorkspace(soon(t), d.ws, "§§§")
	require.ErrorIs(t, err, feed.ErrBadPosition)
}

// only are the items of the desk's workspace.
func (d *fixture) only(items []feed.FeedItem) []feed.FeedItem {
	out := []feed.FeedItem{}
	for _, item := range items {
		if item.Event.Workspace == d.ws {
			out = append(out, item)
		}
	}
	return out
}

// tried reads what there is.
func tried(t *testing.T, stream feed.FeedStream) []feed.FeedItem {
	t.Helper()
	out := []feed.FeedItem{}
	for {
		item, ok, err := stream.TryNext(soon(t))
		require.NoError(t, err)
		if !ok {
			return out
		}
		out = append(out, item)
	}
}

// A stream that has seen nothing yet knows where it stands all the same.
func feedFirstPosition(t *testing.T, open Opener) {
	d := newDesk(t, open)
	stream := d.watch("")
	position := stream.Position()
	require.NotEmpty(t, position)
	require.NoError(t, stream.Close(soon(t)))
	c := d.created()
	for range 2 { // it stays valid
		e := next(t, d.watch(position), 1)[0].Event
		require.Equal(t, c.ID, e.Conversation)
	}
	resumed := d.watch(position)
	require.NotEmpty(t, resumed.Position())
	require.Equal(t, c.ID, next(t, d.watch(resumed.Position()), 1)[0].Event.Conversation)
}

// What was committed while nobody watched is fed when the store is open again.
func feedReopened(t *testing.T, open Opener) {
	d := newDesk(t, open)
	stream := d.watch("")
	c := d.created()
	seen := next(t, stream, 1)[0]
	require.NoError(t, stream.Close(soon(t)))
	taken := takeover(c, "mia")
	d.commit(taken)
	for range 3 {
		d.reopen(open)
		resumed := d.watch(seen.Position)
		require.Equal(t, taken.Event, next(t, resumed, 1)[0].Event)
		require.NoError(t, resumed.Close(soon(t)))
	}
	after := takeover(taken.Conversation, "noa")
	d.commit(after)
	items := next(t, d.watch(seen.Position), 2)
	require.Equal(t, []inbox.Event{taken.Event, after.Event}, eventsOf(items))
	require.NotEqual(t, items[0].Position, items[1].Position)
	d.reopen(open)
	require.Equal(t, after.Event, next(t, d.watch(items[0].Position), 1)[0].Event)
	require.Equal(t, *after.Event.After, d.stored(c.ID))
}

func feedMalformed(t *testing.T, open Opener) {
	d := newDesk(t, open)
	d.created()
	for name, position := range map[string]string{
		"not base64":       "§§§",
		"not bson":         base64.RawURLEncoding.EncodeToString([]byte("hello")),
		"no token":         encoded(t, bson.D{{Key: "a", Value: 1}}),
		"empty document":   encoded(t, bson.D{}),
		"another's token":  encoded(t, bson.D{{Key: "_data", Value: 7}, {Key: "ts", Value: 7}}),
		"a damaged string": encoded(t, bson.D{{Key: "_data", Value: "zz"}}),
		"far too long":     strings.Repeat("A", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.Watch(soon(t), position)
			require.ErrorIs(t, err, feed.ErrBadPosition)
		})
	}
}

func encoded(t *testing.T, token bson.D) string {
	t.Helper()
	data, err := bson.Marshal(token)
	require.NoError(t, err)
	return base64.RawURLEncoding.EncodeToString(data)
}

func feedCancelled(t *testing.T, open Opener) {
	d := newDesk(t, open)
	stream := d.watch("")
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		_, err := stream.Next(ctx)
		ended <- err
	}()
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	require.NoError(t, stream.Close(soon(t)))
}
