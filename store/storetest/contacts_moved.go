package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// What was decided before the contact changed is not written: it would be found by
// the address from before. B:N3, B:V1
func contactsMoved(t *testing.T, open Opener) {
	d := newDesk(t, open)
	found := func(email string) int {
		q := everything(d.ws)
		q.View.ContactEmails = []string{workspace.EmailKey(email)}
		n, err := d.CountConversations(soon(t), q, 10)
		require.NoError(t, err)
		return n
	}
	for name, edit := range map[string]func(into, from *inbox.Contact){
		"updated": func(_, from *inbox.Contact) { from.CopyRevision, from.Email = 1, "new@example.test" },
		"erased": func(_, from *inbox.Contact) {
			*from = inbox.Contact{ID: from.ID, Workspace: d.ws, Erased: true, CopyRevision: 1}
		},
		"merged": func(into, from *inbox.Contact) {
			into.Merged = []inbox.ContactID{from.ID}
			*from = inbox.Contact{ID: from.ID, Workspace: d.ws, MergedInto: into.ID}
		},
	} {
		into := d.newContact(func(c *inbox.Contact) { c.Email = "into@example.test" })
		from := d.newContact(func(c *inbox.Contact) { c.Email = "old@example.test" })
		stale := d.created(func(c *inbox.Conversation) { c.Contact, c.ContactName, c.ContactEmail = from.ID, from.Name, from.Email })
		require.Equal(t, 1, found("old@example.test"), name)
		edit(&into, &from)
		into.Rev, from.Rev = 2, 2
		copied := from
		if len(into.Merged) > 0 {
			copied = into
		}
		_, err := d.SaveContacts(soon(t), commit.ContactSave{Workspace: d.ws, Contacts: []inbox.Contact{into, from}, Copy: copying(copied)})
		require.NoError(t, err)
		require.Zero(t, found("old@example.test"), name)
		require.ErrorIs(t, d.Commit(soon(t), takeover(stale, "mia")), commit.ErrStale, name)
		require.Zero(t, found("old@example.test"), name)
		d.commit(takeover(d.stored(stale.ID), "mia"))
		require.Zero(t, found("old@example.test"), name)
	}
}
