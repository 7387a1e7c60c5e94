package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// The messages of a conversation, a page at a time, in the order in which they
// were committed and whatever their times say. Their sequences have no gaps, for
// the contact neither. B:V8a
func messageProperty(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c, other := d.created(), d.created()
	var all []inbox.Message
	for i := range 25 {
		say := saying(c, "hello")
		m := &say.Event.Messages[0]
		m.At, m.Internal = at(i*7%5), i%4 == 0 // clocks differ, and several share a moment
		c = d.commit(say)
		all = append(all, *m)
		require.Equal(t, i+1, m.Sequence)
		require.Equal(t, m.Sequence, c.MessageCount)
		require.Equal(t, m.PublicSequence, map[bool]int{false: c.PublicMessageCount}[m.Internal])
		require.Equal(t, i+1-(i/4+1), c.PublicMessageCount)
		require.Equal(t, c, d.stored(c.ID))
	}
	d.commit(saying(other, "elsewhere"))
	position := inbox.Message.PageCursor
	ctx := soon(t)
	rapid.Check(t, func(rt *rapid.T) {
		q := desk.MessageQuery{
			Workspace: d.ws, Conversation: c.ID, PublicOnly: rapid.Bool().Draw(rt, "public"),
			Page: anyPage(all, position).Draw(rt, "page"),
		}
		var visible []inbox.Message
		for _, m := range all {
			if !q.PublicOnly || !m.Internal {
				visible = append(visible, m)
			}
		}
		got, err := d.ListMessages(ctx, q)
		require.NoError(rt, err)
		require.Equal(rt, pageOf(visible, position, false, q.Page), got)
	})

	empty, err := d.ListMessages(ctx, desk.MessageQuery{Workspace: d.ws, Conversation: d.created().ID, Page: inbox.PageRequest{Limit: 3}})
	require.NoError(t, err)
	require.Empty(t, empty.Items)
}

// B:V2
func history(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.conversation()
	first := creation(c)
	d.commit(first)
	newest := []inbox.Event{first.Event}
	for _, m := range []workspace.MemberID{"mia", "noa", "mia", "zoe"} {
		change := takeover(c, m)
		change.Event.Note, change.Event.Reason = "note for "+string(m), "because"
		c = d.commit(change)
		newest = append([]inbox.Event{change.Event}, newest...)
		d.commit(saying(c, "messages are no part of it"))
		d.commit(takeover(d.created(), m))
	}
	for name, q := range map[string]struct {
		limit, before int
		want          []inbox.Event
		next, prev    bool
	}{
		"all":                                    {10, 0, newest, false, false},
		"exactly all":                            {5, 0, newest, false, false},
		"first page":                             {2, 0, newest[:2], true, false},
		"second page":                            {2, 4, newest[2:4], true, true},
		"last page":                              {2, 2, newest[4:], false, true},
		"behind it all":                          {2, 1, nil, false, true},
		"before a version that is not there yet": {2, 9, newest[:2], true, false},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := d.ListHistory(soon(t), desk.HistoryQuery{Workspace: d.ws, Conversation: c.ID, Limit: q.limit, Before: q.before})
			require.NoError(t, err)
			require.Equal(t, inbox.Page[inbox.Event]{Items: q.want, HasNext: q.next, HasPrev: q.prev}, page)
		})
	}
}
