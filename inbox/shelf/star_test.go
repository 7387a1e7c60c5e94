package shelf_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// A star is one's own, changes nothing about the conversation, and is of what one may
// see alone. B:V1
func TestStars(t *testing.T) {
	d := world.New(t)
	c := d.Stored(t, d.Begin(t, "chat: mine").Conversation)
	starred := func(who workspace.MemberID) []inbox.ConversationID {
		page, err := d.Services.Reader.Conversations(t.Context(), world.AsMember(who), access.View{Starred: true}, access.Order{Field: access.ByCreated}, inbox.PageRequest{Limit: 10})
		require.NoError(t, err)
		n, err := d.Reader.Count(t.Context(), world.AsMember(who), access.View{Starred: true})
		require.NoError(t, err)
		require.Len(t, page.Items, n)
		var ids []inbox.ConversationID
		for _, c := range page.Items {
			ids = append(ids, c.ID)
		}
		return ids
	}
	for range 2 { // a repeat changes nothing
		got, err := d.Shelf.SetStar(t.Context(), world.AsMember(world.Me), c.ID, true)
		require.NoError(t, err)
		require.Equal(t, c, got)
	}
	require.Equal(t, c, d.Stored(t, c.ID))
	require.Equal(t, []inbox.ConversationID{c.ID}, starred(world.Me))
	require.Empty(t, starred(world.Mate), "it is nobody else's")
	events := d.Recorded()
	require.Len(t, events, 1)
	require.Equal(t, inbox.StarEvent, events[0].Type)
	require.Empty(t, events[0].Conversation, "the event does not say what was starred")
	require.Nil(t, events[0].After)

	_, err := d.Shelf.SetStar(t.Context(), world.AsMember(world.Stranger), c.ID, true)
	world.Refused(t, err, inbox.PermissionDenied)
	_, err = d.Shelf.SetStar(t.Context(), world.AsMember(world.Me), "nowhere", true)
	world.Refused(t, err, inbox.NotFound)
	_, err = d.Shelf.SetStar(t.Context(), world.AsAgent(world.Bot), c.ID, true)
	world.Refused(t, err, inbox.PermissionDenied)

	d.Member(world.Me, func(m *workspace.Member) { m.Teams = []workspace.TeamID{world.Sales} })
	lost := c
	lost.Assignee = world.Mate
	d.Put(lost)
	require.Empty(t, starred(world.Me), "what is out of sight is in no list")
	_, err = d.Shelf.SetStar(t.Context(), world.AsMember(world.Me), c.ID, false)
	world.Refused(t, err, inbox.PermissionDenied)
	d.Put(c)
	_, err = d.Shelf.SetStar(t.Context(), world.AsMember(world.Me), c.ID, false)
	require.NoError(t, err)
	require.Empty(t, starred(world.Me))
}

// The stars of a member are bounded; those of what went out of sight make room. B:V1
func TestStarsAreBounded(t *testing.T) {
	d := world.New(t)
	var last inbox.Conversation
	for i := range shelf.MaxStars {
		c := world.States(world.Me)["chat: mine"]
		c.ID = inbox.ConversationID(world.Long(i + 1))
		last = d.Put(c)
		_, err := d.Shelf.SetStar(t.Context(), world.AsMember(world.Me), c.ID, true)
		require.NoError(t, err)
	}
	more := world.States(world.Me)["chat: mine"]
	more.ID = "more"
	d.Put(more)
	_, err := d.Shelf.SetStar(t.Context(), world.AsMember(world.Me), more.ID, true)
	require.Equal(t, []string{"conversationId"}, world.Refused(t, err, inbox.InvalidInput).Field)
	last.Assignee, last.Team = world.Stranger, world.Sales
	d.Put(last)
	_, err = d.Shelf.SetStar(t.Context(), world.AsMember(world.Me), more.ID, true)
	require.NoError(t, err)
	all, err := d.Shelf.Starred(t.Context(), world.AsMember(world.Me))
	require.NoError(t, err)
	require.Len(t, all, shelf.MaxStars)
	require.NotContains(t, all, last.ID)

	_, _, err = d.Admin.RemoveMember(t.Context(), world.AsMember(world.Owner), world.Me)
	require.NoError(t, err)
	require.Empty(t, d.Memory.Starred)
}
