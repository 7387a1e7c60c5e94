package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// receiving is the change by which the messages of c up to m were received.
func receiving(c inbox.Conversation, m inbox.Message, read bool, second int) (commit.Change, bool) {
	move, news := c.Received(m, read, inbox.Command{By: workspace.Actor{Kind: workspace.ActorPartner, ID: "k"}, At: at(second)})
	move.Event.ID, move.Event.After = inbox.EventID(id("e")), &move.After
	return commit.Change{Conversation: move.After, Event: move.Event, Guard: commit.Guard{Revision: &c.Revision}}, news
}

// spoken is a conversation in which contact, members, notes and the system take turns.
func (d *fixture) spoken() (inbox.Conversation, []inbox.Message) {
	c := d.created()
	for i := range 8 {
		change := saying(c, "Hello")
		m := &change.Event.Messages[0]
		switch i % 4 {
		case 1:
			m.Author = workspace.Actor{Kind: workspace.ActorMember, ID: "mia"}
		case 2:
			m.Author, m.Internal = workspace.Actor{Kind: workspace.ActorMember, ID: "mia"}, true
			change.Conversation.LastMessage = c.LastMessage
		case 3:
			m.Author = workspace.System()
			change.Conversation.LastMessage = c.LastMessage
		}
		c = d.commit(change)
	}
	return c, d.messagesOf(c)
}

func (d *fixture) messagesOf(c inbox.Conversation) []inbox.Message {
	d.t.Helper()
	page, err := d.ListMessages(soon(d.t), desk.MessageQuery{Workspace: d.ws, Conversation: c.ID, Page: inbox.PageRequest{Limit: 50}})
	require.NoError(d.t, err)
	return page.Items
}

// Whatever marks come in whatever order, each message to the contact has the time of the
// first that covered it, in lists, alone, and as the last message, and no other message
// has one.
func receipts(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c, messages := d.spoken()
	model := messages
	for i, mark := range []struct {
		upTo int
		read bool
	}{{3, false}, {2, false}, {1, true}, {6, true}, {6, false}, {8, false}, {8, true}} {
		change, news := receiving(c, messages[mark.upTo-1], mark.read, 100+i)
		for n := range model {
			model[n] = change.Event.Receipt.On(model[n], at(100+i))
		}
		if news {
			c = d.commit(change)
		}
		require.Equal(t, model, d.messagesOf(c), "mark %d", i)
	}
	require.Equal(t, inbox.ReceiptMarks{DeliveredTo: 8, ReadTo: 8}, d.stored(c.ID).Receipts)
	alone, err := d.Message(soon(t), d.ws, messages[1].ID)
	require.NoError(t, err)
	require.Equal(t, at(100), alone.DeliveredAt)
	require.Equal(t, at(103), alone.ReadAt)
	require.Zero(t, model[0].DeliveredAt, "the contact's own")
	require.Zero(t, model[2].DeliveredAt, "a note")
	require.Equal(t, at(103), model[3].ReadAt, "a notice")
	last := d.stored(c.ID).LastMessage
	require.Equal(t, model[5].ReadAt, last.ReadAt)
	require.Equal(t, model[5].DeliveredAt, last.DeliveredAt)
}

// A mark that was decided on before a message or another mark is decided again, and
// changes nothing else of the conversation.
func receiptsGuarded(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c, messages := d.spoken()
	late, _ := receiving(c, messages[7], true, 101)
	other, _ := receiving(c, messages[3], false, 100)
	after := d.commit(other)
	require.ErrorIs(t, d.Commit(soon(t), late), commit.ErrStale)
	require.Zero(t, d.messagesOf(c)[7].ReadAt)
	want := c
	want.Receipts, want.Revision, want.LastMessage = after.Receipts, after.Revision, after.LastMessage
	require.Equal(t, want, d.stored(c.ID))

	now := d.stored(c.ID)
	late, _ = receiving(now, messages[7], true, 102)
	d.commit(saying(now, "Meanwhile"))
	require.ErrorIs(t, d.Commit(soon(t), late), commit.ErrStale)

	now = d.stored(c.ID)
	change, _ := receiving(now, messages[7], true, 103)
	d.commit(change)
	stored, err := d.Event(soon(t), d.ws, change.Event.ID)
	require.NoError(t, err)
	require.Equal(t, change.Event.Receipt, stored.Receipt)
	require.Equal(t, inbox.ReceiptEvent, stored.Type)
	history, err := d.ListHistory(soon(t), desk.HistoryQuery{Workspace: d.ws, Conversation: c.ID, Limit: 10})
	require.NoError(t, err)
	require.Len(t, history.Items, 1, "a receipt is no change of ownership")
}
