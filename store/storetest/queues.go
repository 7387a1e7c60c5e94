package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// What the rules may hand out of one queue, who waits longest first. B:Q7, B:Q8
func dueOf(t *testing.T, open Opener) {
	d := newDesk(t, open)
	waits, err := d.Waits(soon(t), d.ws)
	require.NoError(t, err)
	require.False(t, waits)

	put := func(since int, edit ...func(*inbox.Conversation)) inbox.Conversation {
		return d.created(func(c *inbox.Conversation) {
			c.Ownership = inbox.Ownership{Status: inbox.Open, AIStopped: true, WaitingSince: at(since)}
			for _, e := range edit {
				e(c)
			}
		})
	}
	last, first, middle := put(9), put(1), put(5)
	tied := put(5)
	ticket := put(2, func(c *inbox.Conversation) { c.Kind = workspace.Ticket })
	team := put(3, func(c *inbox.Conversation) { c.Team = "sales" })
	put(0, func(c *inbox.Conversation) { c.UpForGrabs = true })
	put(0, func(c *inbox.Conversation) { c.Status = inbox.Closed })
	put(0, func(c *inbox.Conversation) { c.Assignee, c.WaitingSince = "mia", time.Time{} })
	put(0, func(c *inbox.Conversation) {
		c.OriginAgent, c.AIStopped, c.WaitingSince = "bot", false, time.Time{}
	})
	if tied.ID < middle.ID {
		middle, tied = tied, middle
	}
	due := func(q inbox.Queue, after *inbox.PageCursor, limit int) []inbox.Conversation {
		found, err := d.Due(soon(t), d.ws, q, after, limit)
		require.NoError(t, err)
		return found
	}
	chats := inbox.Queue{Kind: workspace.Livechat}
	require.Equal(t, []inbox.Conversation{first, middle, tied, last}, due(chats, nil, 9))
	require.Equal(t, []inbox.Conversation{first, middle}, due(chats, nil, 2))
	require.Equal(t, []inbox.Conversation{tied, last}, due(chats, &inbox.PageCursor{At: middle.WaitingSince, ID: string(middle.ID)}, 9))
	require.Equal(t, []inbox.Conversation{ticket}, due(inbox.Queue{Kind: workspace.Ticket}, nil, 9))
	require.Equal(t, []inbox.Conversation{team}, due(inbox.Queue{Team: "sales", Kind: workspace.Livechat}, nil, 9))
	require.Empty(t, due(inbox.Queue{Team: "sales", Kind: workspace.Ticket}, nil, 9))

	d.commit(takeover(first, "mia"))
	require.Equal(t, []inbox.Conversation{middle, tied, last}, due(chats, nil, 9), "what somebody has is no longer due")
	foreign, err := d.Due(soon(t), "other", chats, nil, 9)
	require.NoError(t, err)
	require.Empty(t, foreign)
	for ws, want := range map[workspace.WorkspaceID]bool{d.ws: true, "other": false} {
		waits, err := d.Waits(soon(t), ws)
		require.NoError(t, err)
		require.Equal(t, want, waits)
	}
}
