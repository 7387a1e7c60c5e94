package inbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

// A star is one's own, changes nothing about the conversation, and is of what one may
// see alone. B:V1
func TestStars(t *testing.T) {
	d := newDesk(t)
	c := d.stored(t, d.begin(t, "chat: mine").Conversation)
	starred := func(who workspace.MemberID) []inbox.ConversationID {
		page, err := d.Services.Reader.Conversations(t.Context(), asMember(who), access.View{Starred: true}, access.Order{Field: access.ByCreated}, inbox.PageRequest{Limit: 10})
		require.NoError(t, err)
		n, err := d.Reader.Count(t.Context(), asMember(who), access.View{Starred: true})
		require.NoError(t, err)
		require.Len(t, page.Items, n)
		var ids []inbox.ConversationID
		for _, c := range page.Items {
			ids = append(ids, c.ID)
		}
		return ids
	}
	for range 2 { // a repeat changes nothing
		got, err := d.Shelf.SetStar(t.Context(), asMember(me), c.ID, true)
		require.NoError(t, err)
		require.Equal(t, c, got)
	}
	require.Equal(t, c, d.stored(t, c.ID))
	require.Equal(t, []inbox.ConversationID{c.ID}, starred(me))
	require.Empty(t, starred(mate), "it is nobody else's")
	events := d.recorded()
	require.Len(t, events, 1)
	require.Equal(t, inbox.StarEvent, events[0].Type)
	require.Empty(t, events[0].Conversation, "the event does not say what was starred")
	require.Nil(t, events[0].After)

	_, err := d.Shelf.SetStar(t.Context(), asMember(stranger), c.ID, true)
	refused(t, err, inbox.PermissionDenied)
	_, err = d.Shelf.SetStar(t.Context(), asMember(me), "nowhere", true)
	refused(t, err, inbox.NotFound)
	_, err = d.Shelf.SetStar(t.Context(), asAgent(bot), c.ID, true)
	refused(t, err, inbox.PermissionDenied)

	d.member(me, func(m *workspace.Member) { m.Teams = []workspace.TeamID{sales} })
	lost := c
	lost.Assignee = mate
	d.put(lost)
	require.Empty(t, starred(me), "what is out of sight is in no list")
	_, err = d.Shelf.SetStar(t.Context(), asMember(me), c.ID, false)
	refused(t, err, inbox.PermissionDenied)
	d.put(c)
	_, err = d.Shelf.SetStar(t.Context(), asMember(me), c.ID, false)
	require.NoError(t, err)
	require.Empty(t, starred(me))
}

// The stars of a member are bounded; those of what went out of sight make room. B:V1
func TestStarsAreBounded(t *testing.T) {
	d := newDesk(t)
	var last inbox.Conversation
	for i := range shelf.MaxStars {
		c := states(me)["chat: mine"]
		c.ID = inbox.ConversationID(long(i + 1))
		last = d.put(c)
		_, err := d.Shelf.SetStar(t.Context(), asMember(me), c.ID, true)
		require.NoError(t, err)
	}
	more := states(me)["chat: mine"]
	more.ID = "more"
	d.put(more)
	_, err := d.Shelf.SetStar(t.Context(), asMember(me), more.ID, true)
	require.Equal(t, []string{"conversationId"}, refused(t, err, inbox.InvalidInput).Field)
	last.Assignee, last.Team = stranger, sales
	d.put(last)
	_, err = d.Shelf.SetStar(t.Context(), asMember(me), more.ID, true)
	require.NoError(t, err)
	all, err := d.Shelf.Starred(t.Context(), asMember(me))
	require.NoError(t, err)
	require.Len(t, all, shelf.MaxStars)
	require.NotContains(t, all, last.ID)

	_, _, err = d.Admin.RemoveMember(t.Context(), asMember(owner), me)
	require.NoError(t, err)
	require.Empty(t, d.memory.stars)
}
