package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

func create(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.conversation()
	c.ExternalID = "their-7"
	contact := inbox.Contact{ID: c.Contact, Workspace: d.ws, Name: "Ada", ExternalID: "ada", Rev: 1}
	change := creation(c)
	change.Contact = &contact
	d.commit(change)
	require.Equal(t, createdAs(change), d.stored(c.ID))

	t.Run("the id again", func(t *testing.T) {
		again := creation(c)
		again.Conversation.ExternalID = ""
		require.ErrorIs(t, d.Commit(soon(t), again), commit.ErrDuplicateKey)
	})
	t.Run("the external id again", func(t *testing.T) {
		other := d.conversation()
		other.ExternalID = c.ExternalID
		require.ErrorIs(t, d.Commit(soon(t), creation(other)), commit.ErrDuplicateKey)
		_, err := d.Conversation(soon(t), d.ws, other.ID)
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	})
	t.Run("a contact that is there already", func(t *testing.T) {
		other := d.conversation()
		other.Contact = contact.ID
		change := creation(other)
		change.Contact = &contact
		d.commit(change)
		found, err := d.Contacts(soon(t), d.ws, []inbox.ContactID{contact.ID})
		require.NoError(t, err)
		require.Equal(t, map[inbox.ContactID]inbox.Contact{contact.ID: contact}, found)
	})
	t.Run("a contact whose external id is another's", func(t *testing.T) {
		other := d.conversation()
		change := creation(other)
		change.Contact = &inbox.Contact{ID: other.Contact, Workspace: d.ws, ExternalID: contact.ExternalID}
		require.ErrorIs(t, d.Commit(soon(t), change), commit.ErrDuplicateKey)
		_, err := d.Conversation(soon(t), d.ws, other.ID)
		require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	})
}

// A message that was decided on before a takeover must not undo it.
func touches(t *testing.T, open Opener) {
	d := newDesk(t, open)
	before := d.created(func(c *inbox.Conversation) { c.OriginAgent = "bot" })
	owned := d.commit(takeover(before, "mia"))

	late := saying(before, "are you there?")
	late.Guard.Epoch = 0
	d.commit(late)
	want := owned
	want.LastMessage, want.LastActivityAt = &late.Event.Messages[0], late.Conversation.LastActivityAt
	want.Revision, want.MessageCount, want.PublicMessageCount = owned.Revision+1, 1, 1
	require.Equal(t, want, d.stored(before.ID))
	require.Equal(t, want, *late.Event.After, "the event shows what its commit left")

	// An ownership change keeps the message that it did not see.
	taken := d.commit(takeover(owned, "noa"))
	require.Equal(t, want.LastMessage, taken.LastMessage)
	require.Equal(t, taken, d.stored(before.ID))

	// Internal messages are kept, and are nobody's last message. B:K2
	change := takeover(taken, "mia")
	public, internal := message(taken, "I take this over"), message(taken, "careful")
	internal.Internal = true
	change.Event.Messages = []inbox.Message{public, internal}
	d.commit(change)
	require.Equal(t, &change.Event.Messages[0], d.stored(before.ID).LastMessage)
	for _, m := range change.Event.Messages {
		got, err := d.Message(soon(t), d.ws, m.ID)
		require.NoError(t, err)
		require.Equal(t, m, got)
	}
}

func guards(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.commit(takeover(d.created(), "mia"))
	closed := takeover(c, "mia")
	closed.Loads = nil
	closed.Conversation.Status = inbox.Closed
	c = d.commit(closed)
	for name, guard := range map[string]commit.Guard{
		"an old version": {Version: c.Version - 1},
		"a new version":  {Version: c.Version + 1},
		"an old epoch":   {Epoch: c.Epoch - 1},
		"closed":         {Version: c.Version, NotClosed: true},
	} {
		t.Run(name, func(t *testing.T) {
			change := takeover(c, "noa")
			change.Guard = guard
			require.ErrorIs(t, d.Commit(soon(t), change), commit.ErrStale)
			require.Equal(t, c, d.stored(c.ID))
			require.Zero(t, d.load("noa"))
		})
	}
	t.Run("no such conversation", func(t *testing.T) {
		require.Equal(t, inbox.NotFound, inbox.CodeOf(d.Commit(soon(t), takeover(d.conversation(), "mia"))))
	})
	t.Run("all that it demands holds", func(t *testing.T) {
		change := takeover(c, "noa")
		change.Guard = commit.Guard{Version: c.Version, Epoch: c.Epoch}
		d.commit(change)
	})
}

// An error at any step leaves nothing of the steps before.
func rollback(t *testing.T, open Opener) {
	d := newDesk(t, open)
	taken := d.created(func(c *inbox.Conversation) { c.ExternalID = "taken" })
	used := saying(taken, "first")
	used.Event.Messages[0].ExternalID = "used"
	used.Conversation.LastMessage = &used.Event.Messages[0]
	used.Event.Key = inbox.IdempotencyKey{Actor: workspace.System(), Key: "used", Request: "r"}
	taken = d.commit(used)

	for name, c := range map[string]struct {
		spoil func(*commit.Change)
		want  error
	}{
		"guard": {func(c *commit.Change) { c.Guard.Version = 99 }, commit.ErrStale},
		"cap":   {func(c *commit.Change) { c.Loads = append(c.Loads, full(d)) }, commit.ErrAtCap},
		"load": {func(c *commit.Change) {
			c.Loads = append(c.Loads, inbox.LoadChange{Member: "zoe", Kind: workspace.Livechat, Delta: -1})
		}, nil},
		"event id":            {func(c *commit.Change) { c.Event.ID = used.Event.ID }, commit.ErrDuplicateKey},
		"idempotency key":     {func(c *commit.Change) { c.Event.Key = used.Event.Key }, commit.ErrDuplicateKey},
		"message id":          {func(c *commit.Change) { c.Event.Messages[0].ID = used.Event.Messages[0].ID }, commit.ErrDuplicateKey},
		"message external id": {func(c *commit.Change) { c.Event.Messages[0].ExternalID = "used" }, commit.ErrDuplicateKey},
	} {
		t.Run(name, func(t *testing.T) {
			change := takeover(taken, "mia")
			change.Event.Messages = []inbox.Message{message(taken, "hello")}
			c.spoil(&change)
			err := d.Commit(soon(t), change)
			require.Error(t, err)
			if c.want != nil {
				require.ErrorIs(t, err, c.want)
			}
			require.Equal(t, taken, d.stored(taken.ID))
			require.Zero(t, d.load("mia"))
			if change.Event.ID != used.Event.ID {
				_, err := d.Event(soon(t), d.ws, change.Event.ID)
				require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
			}
			messages, err := d.ListMessages(soon(t), desk.MessageQuery{Workspace: d.ws, Conversation: taken.ID, Page: inbox.PageRequest{Limit: 9}})
			require.NoError(t, err)
			require.Equal(t, used.Event.Messages, messages.Items)
		})
	}
	d.commit(takeover(taken, "mia")) // nothing of it all stands in the way
}

// full moves the load of a member who is at the cap.
func full(d *fixture) inbox.LoadChange {
	c := takeover(d.created(), "full")
	d.commit(c)
	return inbox.LoadChange{Member: "full", Kind: workspace.Livechat, Delta: 1, Cap: 1, Counted: workspace.Kinds()}
}

// A repeat is recognised and writes nothing. Another actor's key is another key.
func idempotentRepeat(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.created()
	mia := workspace.Actor{Kind: workspace.ActorMember, ID: "mia"}
	first := takeover(c, "mia")
	first.Event.Key = inbox.IdempotencyKey{Actor: mia, Key: "k1", Request: "takeover"}
	after := d.commit(first)

	repeat := takeover(after, "mia")
	repeat.Loads, repeat.Event.Key = nil, first.Event.Key
	require.ErrorIs(t, d.Commit(soon(t), repeat), commit.ErrDuplicateKey)
	require.Equal(t, after, d.stored(c.ID))
	found, err := d.EventByKey(soon(t), d.ws, mia, "k1")
	require.NoError(t, err)
	require.Equal(t, first.Event, found)

	for name, actor := range map[string]workspace.Actor{"another id": {Kind: workspace.ActorMember, ID: "noa"}, "another kind": {Kind: workspace.ActorAgent, ID: "mia"}} {
		t.Run(name, func(t *testing.T) {
			_, err := d.EventByKey(soon(t), d.ws, actor, "k1")
			require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
			other := takeover(d.stored(c.ID), workspace.MemberID(actor.ID))
			other.Loads, other.Event.Key = nil, inbox.IdempotencyKey{Actor: actor, Key: "k1", Request: "takeover"}
			d.commit(other)
		})
	}
}

func noLoadBelowZero(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.commit(takeover(d.created(), "mia"))
	for name, l := range map[string]inbox.LoadChange{
		"nothing of that kind": {Member: "mia", Kind: workspace.Ticket, Delta: -1},
		"nothing at all":       {Member: "noa", Kind: workspace.Livechat, Delta: -1},
	} {
		t.Run(name, func(t *testing.T) {
			change := takeover(c, "zoe")
			change.Loads = []inbox.LoadChange{l}
			err := d.Commit(soon(t), change)
			require.ErrorContains(t, err, "load")
			require.Equal(t, inbox.Internal, inbox.CodeOf(err))
			require.Equal(t, c, d.stored(c.ID))
			require.Equal(t, workspace.Load{Livechats: 1}, d.load("mia"))
		})
	}
}

func capKinds(t *testing.T, open Opener) {
	d := newDesk(t, open)
	give := func(kind workspace.Kind, limit int, counted ...workspace.Kind) error {
		change := takeover(d.created(func(c *inbox.Conversation) { c.Kind = kind }), "mia")
		change.Loads[0].Cap, change.Loads[0].Counted, change.Loads[0].AutoAssignedAt = limit, counted, at(7)
		return d.Commit(soon(t), change)
	}
	require.NoError(t, give(workspace.Ticket, 1, workspace.Livechat))
	require.NoError(t, give(workspace.Livechat, 1, workspace.Livechat), "the ticket does not count")
	require.ErrorIs(t, give(workspace.Livechat, 1, workspace.Livechat), commit.ErrAtCap)
	require.ErrorIs(t, give(workspace.Livechat, 2, workspace.Livechat, workspace.Ticket), commit.ErrAtCap)
	require.NoError(t, give(workspace.Livechat, 3, workspace.Livechat, workspace.Ticket))
	require.Equal(t, workspace.Load{Livechats: 2, Tickets: 1, LastAutoAssigned: at(7)}, d.load("mia"))

	earlier := takeover(d.created(), "mia")
	earlier.Loads[0].AutoAssignedAt = at(3)
	d.commit(earlier)
	require.Equal(t, at(7), d.load("mia").LastAutoAssigned, "the latest assignment is remembered")
	require.Equal(t, time.UTC, d.load("mia").LastAutoAssigned.Location())
}
