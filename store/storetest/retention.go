package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/retention"
	"switchboard/inbox/workspace"
)

// past is a conversation that was closed, and what happened in it.
type past struct {
	*fixture
	c    inbox.Conversation
	said commit.Change
}

// past closes a conversation after a message with a key, a takeover, and a note.
func (d *fixture) past() past {
	d.t.Helper()
	c := d.created()
	said := saying(c, longText())
	said.Event.Key = inbox.IdempotencyKey{Actor: said.Event.Actor, Key: id("key"), Request: "r"}
	c = d.commit(said)
	c = d.commit(takeover(c, "mia"))
	note := saying(c, "secret")
	note.Event.Messages[0].Internal = true
	note.Conversation.LastMessage = c.LastMessage
	c = d.commit(note)
	return past{d, d.closed(c), said}
}

// closed closes c, which its assignee owned.
func (d *fixture) closed(c inbox.Conversation) inbox.Conversation {
	after := c
	after.Status, after.Version, after.Assignee = inbox.Closed, c.Version+1, ""
	after.LastActivityAt = c.LastActivityAt.Add(time.Second)
	after.ClosedAt, after.Changed.At = after.LastActivityAt, after.LastActivityAt
	return d.commit(commit.Change{
		Conversation: after, Guard: commit.Guard{Version: c.Version}, Event: ownershipEvent(after, c.Ownership, inbox.EventClosed),
		Loads: []inbox.LoadChange{{Member: c.Assignee, Kind: c.Kind, Delta: -1}},
	})
}

// allOf is all that can be read of a conversation.
type allOf struct {
	Conversation inbox.Conversation
	History      []inbox.Event
	Messages     []inbox.Message
	Repeated     bool
}

func (p past) read() (out allOf) {
	p.t.Helper()
	out.Conversation = p.stored(p.c.ID)
	history, err := p.ListHistory(soon(p.t), desk.HistoryQuery{Workspace: p.ws, Conversation: p.c.ID, Limit: 20})
	require.NoError(p.t, err)
	messages, err := p.ListMessages(soon(p.t), desk.MessageQuery{Workspace: p.ws, Conversation: p.c.ID, Page: inbox.PageRequest{Limit: 20}})
	require.NoError(p.t, err)
	key := p.said.Event.Key
	_, err = p.EventByKey(soon(p.t), p.ws, key.Actor, key.Key)
	if err != nil {
		require.Equal(p.t, inbox.NotFound, inbox.CodeOf(err))
	}
	out.History, out.Messages, out.Repeated = history.Items, messages.Items, err == nil
	return out
}

func (p past) forget(ws workspace.WorkspaceID, part retention.Part, since time.Time) {
	p.t.Helper()
	require.NoError(p.t, p.Forget(soon(p.t), retention.Forgetting{Workspace: ws, Conversation: p.c.ID, Part: part, QuietSince: since}))
}

func parts() []retention.Part {
	return []retention.Part{retention.Events, retention.Messages, retention.Keys}
}

// What is removed of a closed conversation: that part, and no other, once or again.
func forgets(t *testing.T, open Opener) {
	t.Run("nothing", func(t *testing.T) { forgetsNothing(t, open) })
	for _, part := range parts() {
		t.Run(string(part), func(t *testing.T) {
			d := newDesk(t, open)
			p, other := d.past(), d.past()
			want, beside := p.read(), other.read()
			switch part {
			case retention.Events:
				want.History, want.Repeated = want.History[:1], false
			case retention.Messages:
				want.Messages, want.Repeated = nil, false
				want.Conversation.LastMessage, want.Conversation.Revision = nil, want.Conversation.Revision+1
				for i := range want.History {
					after := *want.History[i].After
					after.LastMessage = nil
					want.History[i].After = &after
				}
			case retention.Keys:
				want.Repeated = false
			}
			stream := d.watch("")
			for range 2 {
				p.forget(d.ws, part, p.c.LastActivityAt.Add(time.Millisecond))
				require.Equal(t, want, p.read())
			}
			require.Equal(t, beside, other.read())
			p.goesOn(want)
			require.Len(t, d.only(next(t, stream, 2)), 2, "the feed gives what comes after, and nothing of the removal")
		})
	}
}

// goesOn reopens the conversation and writes into it. Numbers go on where they were: a
// history that begins later says so by its first version, and messages by their sequence.
func (p past) goesOn(before allOf) {
	c := p.commit(takeover(before.Conversation, "noa"))
	c = p.commit(saying(c, "again"))
	now := p.read()
	require.Equal(p.t, before.Conversation.Version+1, now.History[0].Version)
	require.Equal(p.t, before.History, now.History[1:])
	last := now.Messages[len(now.Messages)-1]
	require.Equal(p.t, before.Conversation.MessageCount+1, last.Sequence)
	require.Equal(p.t, before.Conversation.PublicMessageCount+1, last.PublicSequence)
	require.Equal(p.t, &last, c.LastMessage)
}

// Nothing is removed of a conversation that is open, that was touched since, or that is of
// another workspace.
func forgetsNothing(t *testing.T, open Opener) {
	d := newDesk(t, open)
	closed, opened := d.past(), d.past()
	opened.commit(takeover(opened.c, "noa"))
	long := closed.c.LastActivityAt.Add(time.Hour)
	for _, part := range parts() {
		want, wantOpen := closed.read(), opened.read()
		opened.forget(d.ws, part, long)
		closed.forget(d.ws, part, closed.c.LastActivityAt)
		closed.forget(workspace.WorkspaceID(id("ws")), part, long)
		require.Equal(t, want, closed.read())
		require.Equal(t, wantOpen, opened.read())
	}
	require.NoError(t, d.Forget(soon(t), retention.Forgetting{Workspace: d.ws, Conversation: "none", Part: retention.Messages, QuietSince: long}))
}
