package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
)

// What an event makes over is read by the one whom it names, and nothing else is.
func notificationsOver(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c, other := d.commit(stepped(d.created(), "noa", 1, given("mia"))), d.commit(stepped(d.created(), "noa", 1, given("mia")))
	lost := d.commit(stepped(d.commit(stepped(d.created(), "noa", 1, given("mia"))), "noa", 2, given("zoe")))
	unread := func() (ids []inbox.ConversationID) {
		q := d.heard("mia", toMia)
		q.Unread = &notify.ReadMarks{}
		page, err := d.ListNotifications(soon(t), q)
		require.NoError(t, err)
		n, err := d.CountNotifications(soon(t), q, 100)
		require.NoError(t, err)
		require.Len(t, page.Items, n)
		for _, n := range page.Items {
			ids = append(ids, n.Conversation)
		}
		return ids
	}
	require.ElementsMatch(t, []inbox.ConversationID{c.ID, other.ID, lost.ID, lost.ID}, unread())

	change := saying(c, "done")
	mia := workspace.Actor{Kind: workspace.ActorMember, ID: "mia"}
	change.Event.Actor, change.Event.Messages[0].Author, change.Conversation.LastMessage.Author = mia, mia, mia
	change.Conversation.MayHaveNotifications, change.Event.Settles = false, "mia"
	change.Event.After.MayHaveNotifications = false
	require.NoError(t, d.Commit(soon(t), change))
	require.ElementsMatch(t, []inbox.ConversationID{other.ID, lost.ID, lost.ID}, unread())
	all := d.told("mia", toMia)
	require.Len(t, all, 4, "it is still listed")
	for _, n := range all {
		require.Equal(t, n.Conversation == c.ID, n.Over)
	}

	taken := stepped(lost, "noa", 3, given("mia"))
	taken.Event.Settles = "mia" // of the kinds whose ground is to own: not that it was taken
	d.commit(taken)
	require.ElementsMatch(t, []inbox.ConversationID{other.ID, lost.ID, lost.ID}, unread())
}
