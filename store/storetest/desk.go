package storetest

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store"
)

// patience bounds what should take well under a second.
const patience = time.Minute

// fixture is a workspace on a backend, with the changes that tests make.
type fixture struct {
	store.Engine
	t  *testing.T
	ws workspace.WorkspaceID
}

func newDesk(t *testing.T, open Opener) *fixture {
	t.Helper()
	d := &fixture{Engine: open(), t: t, ws: workspace.WorkspaceID(id("ws"))}
	t.Cleanup(func() { require.NoError(t, d.Close(context.Background())) })
	return d
}

// reopen closes the backend and opens it again.
func (d *fixture) reopen(open Opener) {
	d.t.Helper()
	require.NoError(d.t, d.Close(context.Background()))
	d.Engine = open()
}

func id(prefix string) string { return prefix + "_" + rand.Text() }

// soon bounds a test's operations.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// at is a moment, n seconds into the tests' time.
func at(n int) time.Time { return time.Date(2030, 1, 2, 3, 4, n, 0, time.UTC) }

// conversation is an open chat of the desk that nobody owns.
func (d *fixture) conversation() inbox.Conversation {
	return inbox.Conversation{
		ID: inbox.ConversationID(id("c")), Workspace: d.ws, Kind: workspace.Livechat, Subject: "Hello", Channel: "web",
		Contact: inbox.ContactID(id("contact")), ContactName: "Ada", Ownership: inbox.Ownership{Status: inbox.Open},
		Version: 1, Epoch: 1, Changed: inbox.Attribution{By: workspace.System(), At: at(0)}, LastActivityAt: at(0), CreatedAt: at(0),
	}
}

// creation is the change that creates c.
func creation(c inbox.Conversation) commit.Change {
	return commit.Change{Conversation: c, Create: true, Event: ownershipEvent(c, inbox.Ownership{}, inbox.EventCreated)}
}

// takeover is the change by which m takes c over.
func takeover(c inbox.Conversation, m workspace.MemberID) commit.Change {
	after := c
	after.Ownership.Assignee, after.Ownership.Status, after.WaitingSince = m, inbox.Open, time.Time{}
	after.Version++
	after.Epoch++
	after.Changed = inbox.Attribution{By: workspace.Actor{Kind: workspace.ActorMember, ID: string(m)}, At: c.Changed.At.Add(time.Second)}
	after.LastActivityAt = after.Changed.At
	change := commit.Change{
		Conversation: after, Guard: commit.Guard{Version: c.Version}, Event: ownershipEvent(after, c.Ownership, inbox.EventTakenOver),
		Loads: []inbox.LoadChange{{Member: m, Kind: c.Kind, Delta: 1}},
	}
	if c.Assignee != "" {
		change.Loads = append(change.Loads, inbox.LoadChange{Member: c.Assignee, Kind: c.Kind, Delta: -1})
	}
	return change
}

// saying is the change by which the contact writes into c.
func saying(c inbox.Conversation, body string) commit.Change {
	m := message(c, body)
	after := c
	after.LastMessage, after.LastActivityAt = &m, m.At
	e := ownershipEvent(after, c.Ownership, "")
	e.Type, e.Actor, e.Messages = inbox.MessageEvent, m.Author, []inbox.Message{m}
	return commit.Change{Conversation: after, Guard: commit.Guard{Epoch: c.Epoch, NotClosed: true}, Event: e}
}

func message(c inbox.Conversation, body string) inbox.Message {
	return inbox.Message{
		ID: inbox.MessageID(id("m")), Workspace: c.Workspace, Conversation: c.ID, Body: body, At: c.LastActivityAt.Add(time.Second),
		Author: workspace.Actor{Kind: workspace.ActorContact, ID: string(c.Contact)},
	}
}

func ownershipEvent(after inbox.Conversation, from inbox.Ownership, kind inbox.EventKind) inbox.Event {
	return inbox.Event{
		ID: inbox.EventID(id("e")), Workspace: after.Workspace, Type: inbox.OwnershipEvent, Kind: kind, Conversation: after.ID,
		Actor: after.Changed.By, From: from, To: after.Ownership, Version: after.Version, Epoch: after.Epoch,
		At: after.Changed.At, After: &after,
	}
}

// created commits the creation of a conversation and gives it back.
func (d *fixture) created(edit ...func(*inbox.Conversation)) inbox.Conversation {
	d.t.Helper()
	c := d.conversation()
	for _, e := range edit {
		e(&c)
	}
	return d.commit(creation(c))
}

// commit commits c and gives the conversation after it.
func (d *fixture) commit(c commit.Change) inbox.Conversation {
	d.t.Helper()
	require.NoError(d.t, d.Commit(soon(d.t), c))
	return *c.Event.After
}

// stored reads a conversation that must exist.
func (d *fixture) stored(id inbox.ConversationID) inbox.Conversation {
	d.t.Helper()
	c, err := d.Conversation(soon(d.t), d.ws, id)
	require.NoError(d.t, err)
	return c
}

func (d *fixture) load(m workspace.MemberID) workspace.Load {
	d.t.Helper()
	loads, err := d.Loads(soon(d.t), d.ws, []workspace.MemberID{m})
	require.NoError(d.t, err)
	return loads[m]
}
