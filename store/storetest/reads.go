package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/cluster"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// An event is no message, nor the other way round.
func recordsApart(t *testing.T, open Opener) {
	d := newDesk(t, open)
	change := saying(d.created(), "hi")
	d.commit(change)
	_, err := d.Message(soon(t), d.ws, inbox.MessageID(change.Event.ID))
	require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	_, err = d.Event(soon(t), d.ws, inbox.EventID(change.Event.Messages[0].ID))
	require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
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
	loads, err := d.Loads(soon(t), d.ws, []workspace.MemberID{"mia", "noa"})
	require.NoError(t, err)
	require.Equal(t, map[workspace.MemberID]workspace.Load{"mia": {Livechats: 1}}, loads, "who has none is left out")
}

func externalIDs(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.created(func(c *inbox.Conversation) { c.ExternalID = "same" })
	found, err := d.ConversationByExternalID(soon(t), d.ws, "same")
	require.NoError(t, err)
	require.Equal(t, c, found)

	ours := d.ws
	d.ws = workspace.WorkspaceID(id("ws"))
	d.created(func(c *inbox.Conversation) { c.ExternalID = "same" }) // another workspace's is another
	d.ws = ours
	d.created() // having none is no id
	other := d.created()

	first, again, elsewhere := saying(c, "1"), saying(c, "2"), saying(other, "3")
	for _, change := range []commit.Change{first, again, elsewhere} {
		change.Event.Messages[0].ExternalID = "message"
	}
	d.commit(first)
	require.ErrorIs(t, d.Commit(soon(t), again), commit.ErrDuplicateKey)
	d.commit(elsewhere) // unique in its conversation only

	for change, in := range map[*commit.Change]inbox.ConversationID{&first: c.ID, &elsewhere: other.ID} {
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
			_, err := d.MessageByExternalID(soon(t), workspace.WorkspaceID(id("ws")), c.ID, "message")
			return err
		},
	} {
		require.Equal(t, inbox.NotFound, inbox.CodeOf(miss()))
	}
}

// B:Q7
func queuePosition(t *testing.T, open Opener) {
	d := newDesk(t, open)
	waiting := func(team workspace.TeamID, since int) inbox.Conversation {
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

// The cursors' keys are kept as they were given, and change by one server at a time.
func sealingKeys(t *testing.T, open Opener) {
	d := newDesk(t, open)
	keys, revision, err := d.SealingKeys(soon(t))
	require.NoError(t, err)
	require.Empty(t, keys)
	require.Zero(t, revision)
	for n := range 3 {
		key := cluster.SealingKey{ID: 1<<32 - 1 - uint32(n), Secret: []byte{1, 2, byte(n)}, From: time.UnixMilli(int64(1_700_000_000_000 + n)).UTC()} // small
		if n == 2 {
			keys[0].Secret = nil
		}
		keys = append(keys, key)
		same := func() error { return d.SaveSealingKeys(soon(t), keys, n) }
		errs := together(same, same)
		if errs[0] != nil {
			slices.Reverse(errs)
		}
		require.NoError(t, errs[0], "nobody did")
		require.ErrorIs(t, errs[1], commit.ErrStale, "both did")
		got, revision, err := d.SealingKeys(soon(t))
		require.NoError(t, err)
		require.Equal(t, keys, got)
		require.Equal(t, n+1, revision)
		require.ErrorIs(t, d.SaveSealingKeys(soon(t), nil, n), commit.ErrStale)
	}
}
