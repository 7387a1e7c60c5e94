package storetest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/feed"
)

// previewLength is how many characters a preview has at most.
const previewLength = 200

// longText is a text of 10,000 characters whose 200th would be within an emoji.
func longText() string {
	return strings.Repeat("ä", previewLength-1) + "👍🏽" + strings.Repeat("ö", 10_000-previewLength-1)
}

// A message is whole wherever messages are read: by itself, in lists, with its event, and
// in the feed. The conversation, and the events that follow, have a preview of it, which
// says that it is one.
func longTexts(t *testing.T, open Opener) {
	t.Run("with a change of ownership", func(t *testing.T) { longTextsOfChanges(t, open) })
	d := newDesk(t, open)
	stream := d.watch("")
	begun := stream.Position()
	c := d.created()
	change := saying(c, longText())
	change.Event.Key = inbox.IdempotencyKey{Actor: change.Event.Actor, Key: id("key"), Request: "r"}
	said := d.commit(change)
	m := change.Event.Messages[0]
	require.Equal(t, longText(), said.LastMessage.Body)

	short := m
	short.Body, short.Shortened = inbox.Preview(m.Body), true
	stored := d.stored(c.ID)
	require.Equal(t, &short, stored.LastMessage)
	page, err := d.ListConversations(soon(t), everything(d.ws))
	require.NoError(t, err)
	require.Equal(t, &short, page.Items[0].LastMessage)

	taken := takeover(stored, "mia")
	require.Equal(t, &short, d.commit(taken).LastMessage)
	d.readsWhole(change, m)

	got := d.only(next(t, stream, 3))
	require.Equal(t, change.Event, got[1].Event)
	require.GreaterOrEqual(t, got[1].Size, len(m.Body), "the texts count for the bounds of what is kept of the feed")
	require.Equal(t, taken.Event, got[2].Event)
	d.feedsWhole(begun, got)
}

// readsWhole reads the message in all ways in which messages are read.
func (d *fixture) readsWhole(change commit.Change, m inbox.Message) {
	read := func(e inbox.Event, err error) {
		d.t.Helper()
		require.NoError(d.t, err)
		require.Equal(d.t, change.Event, e)
	}
	ctx, e := soon(d.t), change.Event
	read(d.Event(ctx, d.ws, e.ID))
	read(d.EventByKey(ctx, d.ws, e.Key.Actor, e.Key.Key))
	several, err := d.Events(ctx, d.ws, []inbox.EventID{e.ID})
	read(several[e.ID], err)
	one, err := d.Message(ctx, d.ws, m.ID)
	require.NoError(d.t, err)
	require.Equal(d.t, m, one)
	many, err := d.Messages(ctx, d.ws, []inbox.MessageID{m.ID, "none"})
	require.NoError(d.t, err)
	require.Equal(d.t, map[inbox.MessageID]inbox.Message{m.ID: m}, many)
	page, err := d.ListMessages(ctx, desk.MessageQuery{Workspace: d.ws, Conversation: m.Conversation, Page: inbox.PageRequest{Limit: 5}})
	require.NoError(d.t, err)
	require.Equal(d.t, []inbox.Message{m}, page.Items)
}

// feedsWhole reads the feed again from each position.
func (d *fixture) feedsWhole(begun string, want []feed.FeedItem) {
	for from := range want {
		at := begun
		if from > 0 {
			at = want[from-1].Position
		}
		behind, err := d.WatchWorkspace(soon(d.t), d.ws, at)
		require.NoError(d.t, err)
		require.Equal(d.t, want[from:], tried(d.t, behind))
		require.NoError(d.t, behind.Close(soon(d.t)))
		require.Equal(d.t, want[from:], next(d.t, d.watch(at), len(want)-from))
	}
}

// A message that goes with a change of ownership is whole in the history, and one that no
// longer is the last is no part of later events.
func longTextsOfChanges(t *testing.T, open Opener) {
	d := newDesk(t, open)
	taken := takeover(d.created(), "mia")
	m := message(taken.Conversation, longText())
	m.Author = taken.Event.Actor
	taken.Event.Messages = []inbox.Message{m}
	d.commit(taken)
	d.commit(saying(d.stored(taken.Conversation.ID), "short"))
	again := takeover(d.stored(taken.Conversation.ID), "noa")
	require.False(t, d.commit(again).LastMessage.Shortened)

	history, err := d.ListHistory(soon(t), desk.HistoryQuery{Workspace: d.ws, Conversation: taken.Conversation.ID, Limit: 5})
	require.NoError(t, err)
	require.Equal(t, longText(), history.Items[1].Messages[0].Body)
	require.Equal(t, longText(), history.Items[1].After.LastMessage.Body)
	require.Equal(t, "short", history.Items[0].After.LastMessage.Body)
}
