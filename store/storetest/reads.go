package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

// What belongs to another workspace does not exist. B:Z7
func foreign(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.conversation()
	c.ExternalID = "conversation"
	contact := inbox.Contact{ID: c.Contact, Workspace: d.ws, ExternalID: "contact"}
	change := creation(c)
	change.Contact, change.Event.Messages = &contact, []inbox.Message{message(c, "hi")}
	change.Event.Key = inbox.IdempotencyKey{Actor: inbox.System(), Key: "key", Request: "r"}
	change.Loads = []inbox.LoadChange{{Member: "mia", Kind: c.Kind, Delta: 1}}
	d.commit(change)

	for name, read := range map[string]func(ws inbox.WorkspaceID) error{
		"conversation": func(ws inbox.WorkspaceID) error { _, err := d.Conversation(soon(t), ws, c.ID); return err },
		"conversation by external id": func(ws inbox.WorkspaceID) error {
			_, err := d.ConversationByExternalID(soon(t), ws, c.ExternalID)
			return err
		},
		"message": func(ws inbox.WorkspaceID) error {
			_, err := d.Message(soon(t), ws, change.Event.Messages[0].ID)
			return err
		},
		"messages": func(ws inbox.WorkspaceID) error {
			_, err := d.ListMessages(soon(t), inbox.MessageQuery{Workspace: ws, Conversation: c.ID, Page: inbox.PageRequest{Limit: 1}})
			return err
		},
		"history": func(ws inbox.WorkspaceID) error {
			_, err := d.ListHistory(soon(t), inbox.HistoryQuery{Workspace: ws, Conversation: c.ID, Limit: 1})
			return err
		},
		"event": func(ws inbox.WorkspaceID) error { _, err := d.Event(soon(t), ws, change.Event.ID); return err },
		"event by key": func(ws inbox.WorkspaceID) error {
			_, err := d.EventByKey(soon(t), ws, inbox.System(), "key")
			return err
		},
		"contact": func(ws inbox.WorkspaceID) error {
			_, err := d.ContactByExternalID(soon(t), ws, contact.ExternalID)
			return err
		},
		"directory": func(ws inbox.WorkspaceID) error {
			if ws == d.ws {
				return nil
			}
			_, err := d.Directory(soon(t), ws)
			return err
		},
		"commit": func(ws inbox.WorkspaceID) error {
			next := saying(c, "more")
			next.Conversation.Workspace, next.Event.Workspace = ws, ws
			next.Event.Messages[0].Workspace = ws
			return d.Commit(soon(t), next)
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, read(d.ws))
			err := read("other")
			require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
		})
	}
	t.Run("many at once", func(t *testing.T) {
		conversations, err := d.Conversations(soon(t), "other", []inbox.ConversationID{c.ID})
		require.NoError(t, err)
		require.Empty(t, conversations)
		contacts, err := d.Contacts(soon(t), "other", []inbox.ContactID{contact.ID})
		require.NoError(t, err)
		require.Empty(t, contacts)
		loads, err := d.Loads(soon(t), "other", []inbox.MemberID{"mia"})
		require.NoError(t, err)
		require.Empty(t, loads)
	})
	t.Run("made-up ids read the same", func(t *testing.T) {
		_, ours := d.Conversation(soon(t), d.ws, "made-up")
		_, theirs := d.Conversation(soon(t), "other", c.ID)
		require.Equal(t, ours, theirs)
	})
	t.Run("an event is no message, nor the other way round", func(t *testing.T) {
		_, err := d.Message(soon(t), d.ws, inbox.MessageID(change.Event.ID))
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
		_, err = d.Event(soon(t), d.ws, inbox.EventID(change.Event.Messages[0].ID))
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	})
}

func manyAtOnce(t *testing.T, open Opener) {
	d := newDesk(t, open)
	a, b := d.created(), d.created()
	found, err := d.Conversations(soon(t), d.ws, []inbox.ConversationID{a.ID, "made-up", b.ID, a.ID})
	require.NoError(t, err)
	require.Equal(t, map[inbox.ConversationID]inbox.Conversation{a.ID: a, b.ID: b}, found)
	none, err := d.Conversations(soon(t), d.ws, nil)
	require.NoError(t, err)
	require.Empty(t, none)

	d.commit(takeover(a, "mia"))
	loads, err := d.Loads(soon(t), d.ws, []inbox.MemberID{"mia", "noa"})
	require.NoError(t, err)
	require.Equal(t, map[inbox.MemberID]inbox.Load{"mia": {Livechats: 1}}, loads, "who has none is left out")
}

func externalIDs(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.created(func(c *inbox.Conversation) { c.ExternalID = "same" })
	found, err := d.ConversationByExternalID(soon(t), d.ws, "same")
	require.NoError(t, err)
	require.Equal(t, c, found)

	ours := d.ws
	d.ws = inbox.WorkspaceID(id("ws"))
	d.created(func(c *inbox.Conversation) { c.ExternalID = "same" }) // another workspace's is another
	d.ws = ours
	d.created() // having none is no id
	other := d.created()

	first, again, elsewhere := saying(c, "1"), saying(c, "2"), saying(other, "3")
	for _, change := range []inbox.Change{first, again, elsewhere} {
		change.Event.Messages[0].ExternalID = "message"
	}
	d.commit(first)
	require.ErrorIs(t, d.Commit(soon(t), again), inbox.ErrDuplicateKey)
	d.commit(elsewhere) // unique in its conversation only

	for change, in := range map[*inbox.Change]inbox.ConversationID{&first: c.ID, &elsewhere: other.ID} {
		said, err := d.MessageByExternalID(soon(t), d.ws, in, "message")
		require.NoError(t, err)
		require.Equal(t, change.Event.Messages[0], said)
	}
	for _, miss := range []func() error{
		func() error { _, err := d.MessageByExternalID(soon(t), d.ws, c.ID, "none"); return err },
		func() error {
			_, err := d.MessageByExternalID(soon(t), d.ws, inbox.ConversationID(id("c")), "message")
			return err
		},
		func() error {
			_, err := d.MessageByExternalID(soon(t), inbox.WorkspaceID(id("ws")), c.ID, "message")
			return err
		},
	} {
		require.Equal(t, inbox.NotFound, inbox.CodeOf(miss()))
	}
}

// B:Q7
func queuePosition(t *testing.T, open Opener) {
	d := newDesk(t, open)
	waiting := func(team inbox.TeamID, since int) inbox.Conversation {
		return d.created(func(c *inbox.Conversation) {
			c.Ownership = inbox.Ownership{Status: inbox.Open, Team: team, AIStopped: true, WaitingSince: at(since)}
		})
	}
	second, first, third := waiting("", 5), waiting("", 4), waiting("", 6)
	sameTime := waiting("", 5)
	team := waiting("sales", 1)
	owned := d.commit(takeover(waiting("", 1), "mia"))
	closed := waiting("", 2)
	change := takeover(closed, "")
	change.Loads, change.Conversation.Status, change.Conversation.WaitingSince = nil, inbox.Closed, at(2)
	d.commit(change)

	tied := []inbox.Conversation{second, sameTime}
	if sameTime.ID < second.ID {
		tied = []inbox.Conversation{sameTime, second}
	}
	for want, c := range []inbox.Conversation{first, tied[0], tied[1], third} {
		got, err := d.QueuePosition(soon(t), c)
		require.NoError(t, err)
		require.Equal(t, want+1, got)
	}
	for name, c := range map[string]struct {
		of   inbox.Conversation
		want int
	}{"another queue": {team, 1}, "owned": {owned, 0}, "closed": {change.Conversation, 0}} {
		got, err := d.QueuePosition(soon(t), c.of)
		require.NoError(t, err, name)
		require.Equal(t, c.want, got, name)
	}
}

func secret(t *testing.T, open Opener) {
	d := newDesk(t, open)
	first, err := d.Secret(soon(t))
	require.NoError(t, err)
	require.Len(t, first, 32)
	require.NotEqual(t, make([]byte, 32), first)
	again, err := d.Secret(soon(t))
	require.NoError(t, err)
	require.Equal(t, first, again)
}
