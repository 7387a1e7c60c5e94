package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/feed"
	"switchboard/store"
)

// beater is what can be asked for heartbeats.
type beater interface {
	store.Engine
	feed.Heartbeats
}

// Heartbeats are heard on every open stream, are no events, and are in nobody's
// history; a stream goes on from behind them.
func heartbeats(t *testing.T, open Opener) {
	d := newDesk(t, open)
	b, ok := d.Engine.(beater)
	require.True(t, ok)
	stream, other := d.watch(""), d.watch("")
	heard, told := map[feed.FeedStream]int{}, map[feed.FeedStream][]string{}
	for _, s := range []feed.FeedStream{stream, other} {
		beating, ok := s.(feed.HeartbeatStream)
		require.True(t, ok)
		beating.OnHeartbeat(func(position string) {
			heard[s]++
			told[s] = append(told[s], position)
		})
	}
	const beats = 5
	for range beats {
		require.NoError(t, b.FeedHeartbeat(soon(t)))
	}
	c := d.created()
	for _, s := range []feed.FeedStream{stream, other} {
		require.Equal(t, c.ID, next(t, s, 1)[0].Event.Conversation)
		require.GreaterOrEqual(t, heard[s], beats)
	}
	require.Equal(t, told[stream], told[other], "each heartbeat has one position")
	require.NoError(t, b.FeedHeartbeat(soon(t)))
	_, ok, err := stream.TryNext(soon(t))
	require.NoError(t, err)
	require.False(t, ok, "a heartbeat is no event")
	require.Greater(t, heard[stream], beats)
	newest, err := d.NewestID(soon(t))
	require.NoError(t, err)
	require.NotContains(t, newest, "heartbeat", "the newest id says when the newest change was made")
	behind := d.watch(stream.Position())
	d.commit(saying(c, "hello"))
	require.Equal(t, c.ID, next(t, behind, 1)[0].Event.Conversation)
	page, err := d.ListHistory(soon(t), desk.HistoryQuery{Workspace: d.ws, Conversation: c.ID, Limit: 10})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	_, err = d.Event(soon(t), d.ws, "heartbeat")
	require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
}

// Servers that beat at once do not get in each other's way.
func heartbeatsAtOnce(t *testing.T, open Opener) {
	d := newDesk(t, open)
	b, ok := d.Engine.(beater)
	require.True(t, ok)
	all := make([]func() error, 8)
	for i := range all {
		all[i] = func() error { return b.FeedHeartbeat(context.Background()) }
	}
	require.NoError(t, errors.Join(together(all...)...))
}
