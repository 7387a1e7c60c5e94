package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// ending is the change that ends the contact tokens of c.
func ending(c inbox.Conversation) commit.Change {
	m := inbox.EndTokens(c, inbox.Command{By: workspace.System(), At: at(9)})
	m.Event.ID, m.Event.After = inbox.EventID(id("e")), &m.After
	return commit.Change{
		Conversation: m.After, EndTokens: true, Guard: commit.Guard{TokenIssue: &c.TokenIssue}, Event: m.Event,
		Audit: &audit.AuditEntry{ID: id("a"), Workspace: c.Workspace, At: at(9), Actor: workspace.System(), Action: audit.AuditTokensRevoke},
	}
}

// Ending tokens moves their issue number, writes its audit entry, and touches
// nothing else; who saw an older number is stale, and a message keeps the number.
func tokensEnd(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.created()
	d.commit(saying(c, "meanwhile"))
	before := d.stored(c.ID)
	d.commit(ending(c))
	want := before
	want.TokenIssue, want.Revision = 1, want.Revision+1
	require.Equal(t, want, d.stored(c.ID))
	require.ErrorIs(t, d.Commit(soon(t), ending(c)), commit.ErrStale, "the number was 0 when it was looked at")
	d.commit(ending(want))
	want.TokenIssue, want.Revision = 2, want.Revision+1
	require.Equal(t, want, d.stored(c.ID))

	for issue, held := range map[int]error{0: commit.ErrStale, 1: commit.ErrStale, 2: nil} {
		late := saying(want, "with a token of an issue")
		late.Guard.TokenIssue = &issue
		if held != nil {
			require.ErrorIs(t, d.Commit(soon(t), late), held)
			continue
		}
		late.Conversation.TokenIssue = 0 // what it saw does not matter
		d.commit(late)
	}
	d.commit(takeover(c, "mia"))
	require.Equal(t, 2, d.stored(c.ID).TokenIssue, "an ownership change keeps it")

	log, err := d.ListAudit(soon(t), audit.AuditQuery{Workspace: d.ws, Page: inbox.PageRequest{Limit: 9}})
	require.NoError(t, err)
	require.Len(t, log.Items, 2, "one entry for each that was written, none for the stale one")
}

// continuing is the change that creates a conversation which continues c.
func continuing(d *fixture, c inbox.Conversation) commit.Change {
	next := d.conversation()
	next.Previous, next.Contact, next.ContactCopyRevision = c.ID, c.Contact, c.ContactCopyRevision
	change := creation(next)
	change.Continues = c.ID
	return change
}

// A closed conversation gets one successor, whoever makes one at the same time.
// B:C4
func oneSuccessor(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.created()
	require.ErrorIs(t, d.Commit(soon(t), continuing(d, c)), commit.ErrStale, "it is not closed")
	missing := d.conversation()
	require.Equal(t, inbox.NotFound, inbox.CodeOf(d.Commit(soon(t), continuing(d, missing))))
	for range rounds / 10 {
		c := d.created(func(c *inbox.Conversation) { c.Status = inbox.Closed })
		all := []commit.Change{continuing(d, c), continuing(d, c), continuing(d, c)}
		errs := together(
			func() error { return d.Commit(soon(t), all[0]) }, func() error { return d.Commit(soon(t), all[1]) }, func() error { return d.Commit(soon(t), all[2]) },
		)
		made := 0
		for i, err := range errs {
			if err != nil {
				require.ErrorIs(t, err, commit.ErrStale)
				_, gone := d.Conversation(soon(t), d.ws, all[i].Conversation.ID)
				require.Equal(t, inbox.NotFound, inbox.CodeOf(gone))
				continue
			}
			made++
			c.Next = all[i].Conversation.ID
			require.Equal(t, *all[i].Event.After, d.stored(c.Next))
			c.Revision++
		}
		require.Equal(t, 1, made)
		require.Equal(t, c, d.stored(c.ID))
	}
	ended := d.created(func(c *inbox.Conversation) { c.Status, c.TokenIssue = inbox.Closed, 3 })
	late := continuing(d, ended)
	late.Guard.TokenIssue = new(int)
	require.ErrorIs(t, d.Commit(soon(t), late), commit.ErrStale)
	*late.Guard.TokenIssue = 3
	d.commit(late)
}
