package storetest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

func starEvent(ws workspace.WorkspaceID, m workspace.MemberID) inbox.Event {
	return inbox.Event{
		ID: inbox.EventID(id("e")), Workspace: ws, Type: inbox.StarEvent, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(m)}, At: at(1),
	}
}

// Stars are a member's own, are replaced as a whole, and come with their event or not
// at all. B:V1
func stars(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ctx := soon(t)
	read := func(ws workspace.WorkspaceID, m workspace.MemberID) shelf.Stars {
		s, err := d.Stars(ctx, ws, m)
		require.NoError(t, err)
		return s
	}
	require.Equal(t, shelf.Stars{Workspace: d.ws, Member: "m1"}, read(d.ws, "m1"), "there never were any")
	want := shelf.Stars{Workspace: d.ws, Member: "m1", Conversations: []inbox.ConversationID{"c2", "c1"}, Rev: 1}
	e := starEvent(d.ws, "m1")
	require.NoError(t, d.SaveStars(ctx, want, e))
	require.Equal(t, want, read(d.ws, "m1"))
	kept, err := d.Event(ctx, d.ws, e.ID)
	require.NoError(t, err)
	require.Equal(t, e, kept)
	require.Empty(t, read(d.ws, "m2").Conversations)
	require.Empty(t, read("elsewhere", "m1").Conversations)

	late := starEvent(d.ws, "m1")
	for _, rev := range []int{1, 3} {
		stale := want
		stale.Rev = rev
		require.ErrorIs(t, d.SaveStars(ctx, stale, late), commit.ErrStale)
	}
	_, err = d.Event(ctx, d.ws, late.ID)
	require.Equal(t, inbox.NotFound, inbox.CodeOf(err), "the event of what was refused was kept")
	require.Equal(t, want, read(d.ws, "m1"))

	require.NoError(t, d.DropStars(ctx, d.ws, "m1"))
	require.NoError(t, d.DropStars(ctx, d.ws, "m1"), "it may be done again")
	require.Zero(t, read(d.ws, "m1").Rev)
}

// Of saves that begin with the same revision one wins. B:V1
func starsRace(t *testing.T, open Opener) {
	d := newDesk(t, open)
	var won sync.Map
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			s := shelf.Stars{Workspace: d.ws, Member: "m1", Conversations: []inbox.ConversationID{inbox.ConversationID(id("c"))}, Rev: 1}
			if err := d.SaveStars(soon(t), s, starEvent(d.ws, "m1")); err == nil {
				won.Store(i, s)
			} else {
				require.ErrorIs(t, err, commit.ErrStale)
			}
		})
	}
	wg.Wait()
	n := 0
	won.Range(func(_, s any) bool {
		n++
		got, err := d.Stars(soon(t), d.ws, "m1")
		require.NoError(t, err)
		require.Equal(t, s, got)
		return true
	})
	require.Equal(t, 1, n)
}

// Shelves are replaced together or not at all, and are of one workspace. B:V1
func shelves(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ctx := soon(t)
	read := func(ws workspace.WorkspaceID, ids ...shelf.SavedViewListID) map[shelf.SavedViewListID]shelf.SavedViewList {
		found, err := d.SavedViewLists(ctx, ws, ids)
		require.NoError(t, err)
		return found
	}
	view := arbitrary[shelf.SavedView]()
	one := shelf.SavedViewList{Workspace: d.ws, ID: "member:m1", Views: []shelf.SavedView{view.Example(1), view.Example(2)}, Rev: 1}
	two := shelf.SavedViewList{Workspace: d.ws, ID: "workspace", Views: []shelf.SavedView{view.Example(3)}, Rev: 1}
	require.Empty(t, read(d.ws, one.ID))
	require.NoError(t, d.SaveSavedViewLists(ctx, one, two))
	require.Equal(t, map[shelf.SavedViewListID]shelf.SavedViewList{one.ID: one, two.ID: two}, read(d.ws, one.ID, two.ID, "team:t1"))
	require.Empty(t, read("elsewhere", one.ID, two.ID))

	one.Rev, two.Rev = 2, 3
	require.ErrorIs(t, d.SaveSavedViewLists(ctx, one, two), commit.ErrStale)
	require.Equal(t, 1, read(d.ws, one.ID)[one.ID].Rev, "half of it was written")
	one.Views = nil
	require.NoError(t, d.SaveSavedViewLists(ctx, one))
	require.Equal(t, one, read(d.ws, one.ID)[one.ID])
	require.NoError(t, d.DeleteSavedViewList(ctx, d.ws, one.ID))
	require.Empty(t, read(d.ws, one.ID))
}

// Messages do not wait for each other: whatever the order in which messages of the
// contact and answers were read and are committed, the last commit decides whether an
// answer is awaited, and the wait keeps its beginning. What an answer ended does not begin
// again with a message of the contact that was decided before the answer. B:V1 B:R1
func awaiting(t *testing.T, open Opener) {
	d := newDesk(t, open)
	read := d.created()                                            // all messages are written by who read this
	says := func(by workspace.Actor, n, known int) commit.Change { // of a wait that began at known
		c := saying(read, "hello")
		c.Event.Messages[0].Author, c.Event.At, c.Event.Actor = by, at(n), by
		c.Conversation.AwaitingReplySince = time.Time{}
		if by.Kind == workspace.ActorContact {
			c.Conversation.AwaitingReplySince = at(known)
		}
		return c
	}
	contact, agent := workspace.Actor{Kind: workspace.ActorContact, ID: string(read.Contact)}, workspace.Actor{Kind: workspace.ActorAgent, ID: "a1"}
	for _, step := range []struct {
		by       workspace.Actor
		n, known int
		want     time.Time
	}{
		{contact, 3, 3, at(3)}, {contact, 4, 4, at(3)}, {contact, 2, 2, at(2)}, {workspace.System(), 5, 5, at(2)},
		{contact, 6, 2, at(2)}, {agent, 6, 6, time.Time{}}, {agent, 7, 7, time.Time{}}, {contact, 8, 2, at(8)},
		{workspace.Actor{Kind: workspace.ActorMember, ID: "m1"}, 9, 9, time.Time{}},
	} {
		d.commit(says(step.by, step.n, step.known))
		require.Equal(t, step.want, d.stored(read.ID).AwaitingReplySince, "%+v", step)
	}
	d.commit(says(contact, 10, 2))
	seen, other := at(10), at(9)
	over := takeover(read, "m1")
	over.Conversation.AwaitingReplySince = seen
	over.Guard.AwaitingReplySince = &other
	require.ErrorIs(t, d.Commit(soon(t), over), commit.ErrStale)
	over.Guard.AwaitingReplySince = &seen
	d.commit(over)
	require.Equal(t, seen, d.stored(read.ID).AwaitingReplySince)
}
