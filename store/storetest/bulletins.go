package storetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/feed"
)

// The kind of fault: what is true for seconds is taken for new when it is only read anew. A
// stream that goes on behind an old position brings no bulletin from before it was opened.
func bulletinsOfThePast(t *testing.T, open Opener) {
	d := newDesk(t, open)
	require.NoError(t, d.SendBulletin(soon(t), []byte("nobody hears the first")))
	stream := d.watch("")
	d.created()
	behind := next(t, stream, 1)[0].Position
	require.NoError(t, d.SendBulletin(soon(t), []byte("old")))
	c := d.created()
	again := d.watch(behind)
	var heard []string
	hearing, ok := again.(feed.BulletinStream)
	require.True(t, ok)
	hearing.OnBulletin(func(bulletin []byte) { heard = append(heard, string(bulletin)) })
	require.Equal(t, c.ID, next(t, again, 1)[0].Event.Conversation)
	require.NoError(t, d.SendBulletin(soon(t), []byte("new")))
	require.NoError(t, d.SendBulletin(soon(t), []byte("newer")))
	c = d.created()
	require.Equal(t, c.ID, next(t, again, 1)[0].Event.Conversation)
	require.Equal(t, []string{"new", "newer"}, heard)
}

// Bulletins are heard by every open stream in the order in which they were sent, are no
// events, move no position that is handed out, and are of no use to who comes later.
func bulletins(t *testing.T, open Opener) {
	d := newDesk(t, open)
	require.NoError(t, d.SendBulletin(soon(t), []byte("nobody hears the first")))
	stream, other := d.watch(""), d.watch("")
	heard, moved := map[feed.FeedStream][]string{}, 0
	for _, s := range []feed.FeedStream{stream, other} {
		on, ok := s.(feed.BulletinStream)
		require.True(t, ok)
		on.OnBulletin(func(bulletin []byte) { heard[s] = append(heard[s], string(bulletin)) })
		beating, ok := s.(feed.HeartbeatStream)
		require.True(t, ok)
		beating.OnHeartbeat(func(string) { moved++ })
	}
	var sent []string
	for n := range 5 {
		sent = append(sent, fmt.Sprintf("bulletin %d", n/2)) // also two that are alike
		require.NoError(t, d.SendBulletin(soon(t), []byte(sent[n])))
	}
	c := d.created()
	for _, s := range []feed.FeedStream{stream, other} {
		require.Equal(t, c.ID, next(t, s, 1)[0].Event.Conversation)
		require.Equal(t, sent, heard[s])
	}
	require.Zero(t, moved, "a bulletin moves no position")
	newest, err := d.NewestID(soon(t))
	require.NoError(t, err)
	require.NotContains(t, newest, "bulletin")
	of, err := d.WatchWorkspace(soon(t), d.ws, stream.Position())
	require.NoError(t, err)
	require.NoError(t, d.SendBulletin(soon(t), []byte("late")))
	_, ok, err := of.TryNext(soon(t))
	require.NoError(t, err)
	require.False(t, ok, "a bulletin is no event")
	require.NoError(t, of.Close(soon(t)))
}
