package storetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// newContact saves a contact and gives it back.
func (d *fixture) newContact(edit ...func(*inbox.Contact)) inbox.Contact {
	d.t.Helper()
	c := inbox.Contact{ID: inbox.ContactID(id("p")), Workspace: d.ws, Name: "Ada", CreatedAt: at(1), Rev: 1}
	for _, e := range edit {
		e(&c)
	}
	_, err := d.SaveContacts(soon(d.t), commit.ContactSave{Workspace: d.ws, Contacts: []inbox.Contact{c}})
	require.NoError(d.t, err)
	return c
}

func (d *fixture) contact(id inbox.ContactID) inbox.Contact {
	d.t.Helper()
	found, err := d.Contacts(soon(d.t), d.ws, []inbox.ContactID{id})
	require.NoError(d.t, err)
	return found[id]
}

// A list of contacts is what filtering and sorting in memory gives. B:N3
func contactListProperty(t *testing.T, open Opener) {
	d := newDesk(t, open)
	names := []string{"Ada Lovelace", "Zoë Évrard", "東京 太郎", "किताब", "Ann", "", "Ирина", "أحمد", "😀"}
	var all []inbox.Contact
	for i := range 30 {
		all = append(all, d.newContact(func(c *inbox.Contact) {
			c.Name, c.CreatedAt = names[i%len(names)], at(i%4)
			switch i % 5 {
			case 1:
				c.Email = fmt.Sprintf("ann%d@example.test", i)
			case 2:
				c.Phone = fmt.Sprintf("+4930%07d", i)
			case 3:
				c.MergedInto = "another"
			case 4:
				c.Erased = i%2 == 0
			}
		}))
	}
	elsewhere := *d
	elsewhere.ws = workspace.WorkspaceID(id("ws"))
	elsewhere.newContact()
	some := 0
	rapid.Check(t, func(rt *rapid.T) {
		q := contacts.ContactQuery{Workspace: d.ws, Search: few(rt, "search", "ad", "evr", "東京", "京", "कि", "ann1", "4930", "example", "ири", "احمد", "😀", "nobody")}
		q.Page = anyPage(all, contacts.ContactCursor).Draw(rt, "page")
		var match []inbox.Contact
		for _, c := range all {
			if q.Matches(c, document.Words) {
				match = append(match, c)
			}
		}
		want := pageOf(match, contacts.ContactCursor, true, q.Page)
		got, err := d.ListContacts(soon(t), q)
		require.NoError(rt, err)
		require.Equal(rt, want, got)
		n, err := d.CountContacts(soon(t), q, 5)
		require.NoError(rt, err)
		require.Equal(rt, min(5, len(match)), n)
		some += min(1, len(q.Search)*len(match))
	})
	require.Positive(t, some, "no search found anything: the test tests nothing")
}

// A contact is written whole where its revision is the one before, with its event
// and its entry of the audit log, or not at all. B:N3
func contactsSaved(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ada := d.newContact(func(c *inbox.Contact) { c.ExternalID, c.Email, c.EmailVerified = "ada", "Ada@example.test", true })
	bob := d.newContact(func(c *inbox.Contact) { c.ExternalID, c.Phone, c.PhoneVerified = "bob", "+49301234567", true })
	require.Equal(t, ada, d.contact(ada.ID))
	verified := func(email, phone string) (ids []inbox.ContactID) {
		found, err := d.VerifiedContacts(soon(t), d.ws, email, phone, 5)
		require.NoError(t, err)
		for _, c := range found {
			ids = append(ids, c.ID)
		}
		return ids
	}
	require.Equal(t, []inbox.ContactID{ada.ID}, verified("aDA@Example.test", ""))
	require.Equal(t, []inbox.ContactID{ada.ID, bob.ID}, verified("ada@example.test", "+49301234567"))
	require.Empty(t, verified("", ""))
	require.Empty(t, verified("ad\u212a@example.test", "+4930123456"))

	ada.Rev, ada.EmailVerified, ada.Attributes = 2, false, []inbox.Attribute{{Key: "plan", Value: "gold"}}
	entry := auditEntry(d.ws)
	save := commit.ContactSave{Workspace: d.ws, Contacts: []inbox.Contact{ada}, Audit: &entry, Event: inbox.Event{
		ID: inbox.EventID(id("e")), Workspace: d.ws, Type: inbox.ContactEvent, Contact: ada.ID, Actor: workspace.System(), At: at(2),
		Key: inbox.IdempotencyKey{Actor: workspace.System(), Key: "once", Request: "r"},
	}}
	_, err := d.SaveContacts(soon(t), save)
	require.NoError(t, err)
	require.Equal(t, ada, d.contact(ada.ID))
	require.Empty(t, verified("ada@example.test", ""), "it is not verified any more")
	e, err := d.EventByKey(soon(t), d.ws, workspace.System(), "once")
	require.NoError(t, err)
	require.Equal(t, save.Event, e)

	_, err = d.SaveContacts(soon(t), save)
	require.ErrorIs(t, err, commit.ErrStale, "that was revision 1")
	bob.Rev = 2
	_, err = d.SaveContacts(soon(t), commit.ContactSave{Workspace: d.ws, Contacts: []inbox.Contact{bob}, Event: save.Event})
	require.ErrorIs(t, err, commit.ErrDuplicateKey)
	bob.ExternalID = "ada"
	_, err = d.SaveContacts(soon(t), commit.ContactSave{Workspace: d.ws, Contacts: []inbox.Contact{bob}})
	require.ErrorIs(t, err, commit.ErrDuplicateKey, "somebody else has that id")
	require.Equal(t, "bob", d.contact(bob.ID).ExternalID)
	bob.ExternalID, bob.Erased = "", true
	_, err = d.SaveContacts(soon(t), commit.ContactSave{Workspace: d.ws, Contacts: []inbox.Contact{bob}})
	require.NoError(t, err)
	_, err = d.ContactByExternalID(soon(t), d.ws, "bob")
	require.Equal(t, inbox.NotFound, inbox.CodeOf(err))
	next := d.newContact(func(c *inbox.Contact) { c.ExternalID = "bob" })
	found, err := d.ContactByExternalID(soon(t), d.ws, "bob")
	require.NoError(t, err)
	require.Equal(t, next, found, "the id is free again")
}

// copying brings conversations up to date, two in each transaction.
func copying(c inbox.Contact) *commit.ContactCopying {
	return &commit.ContactCopying{Contact: c, Limit: 2, Follow: func(old inbox.Conversation) commit.Change {
		after := old
		after.Contact, after.ContactName, after.ContactEmail, after.ContactPhone, after.ContactCopyRevision = c.ID, c.Name, c.Email, c.Phone, c.CopyRevision
		was := inbox.ContactCopy{Contact: old.Contact, Name: old.ContactName, Email: old.ContactEmail, Phone: old.ContactPhone, CopyRevision: old.ContactCopyRevision}
		e := ownershipEvent(after, old.Ownership, "")
		e.Type, e.Contact = inbox.ContactEvent, c.ID
		if !c.Erased {
			e.WasContact = &was
		}
		e.At = at(5)
		change := commit.Change{Conversation: after, Event: e, Guard: commit.Guard{TokenIssue: &old.TokenIssue}}
		if old.Contact != c.ID || c.Erased {
			after.TokenIssue++
			change.Conversation, change.EndTokens = after, true
			change.Event.After = &after
		}
		return change
	}}
}

func (d *fixture) searched(word string) int {
	d.t.Helper()
	q := everything(d.ws)
	q.View.Search = document.Terms(word)
	n, err := d.CountConversations(soon(d.t), q, 100)
	require.NoError(d.t, err)
	return n
}

// Conversations follow their contact in batches, whoever else writes them, and are
// found by what it is called now. B:N3, B:V1
func contactsFollowed(t *testing.T, open Opener) {
	d := newDesk(t, open)
	into, from := d.newContact(), d.newContact(func(c *inbox.Contact) { c.Name = "Bob" })
	of := func(c inbox.Contact) func(*inbox.Conversation) {
		return func(v *inbox.Conversation) { v.Contact, v.ContactName = c.ID, c.Name }
	}
	var all []inbox.Conversation
	for range 3 {
		all = append(all, d.created(of(into)), d.created(of(from)))
	}
	other := d.created(func(c *inbox.Conversation) { c.ContactName = "Bob" })
	require.Equal(t, 4, d.searched("bob"))

	into.Rev, into.CopyRevision, into.Name, into.Email, into.Merged, into.PropagatingSince = 2, 1, "Grace", "grace@example.test", []inbox.ContactID{from.ID}, at(3)
	from = inbox.Contact{ID: from.ID, Workspace: d.ws, MergedInto: into.ID, CreatedAt: from.CreatedAt, Rev: 2}
	spread, err := d.SaveContacts(soon(t), commit.ContactSave{Workspace: d.ws, Contacts: []inbox.Contact{into, from}, Copy: copying(into)})
	require.NoError(t, err)
	require.Len(t, spread.Events, 2)
	require.False(t, spread.Done)
	pending, err := d.SpreadingContacts(soon(t), 100)
	require.NoError(t, err)
	require.Contains(t, pending, into)
	for !spread.Done {
		all[0] = d.commit(saying(d.stored(all[0].ID), "meanwhile"))
		spread, err = d.SaveContacts(soon(t), commit.ContactSave{Workspace: d.ws, Copy: copying(into)})
		require.NoError(t, err)
	}
	require.True(t, d.contact(into.ID).PropagatingSince.IsZero())
	for i, c := range all {
		got := d.stored(c.ID)
		require.Equal(t, [3]string{string(into.ID), "Grace", "grace@example.test"}, [3]string{string(got.Contact), got.ContactName, got.ContactEmail})
		require.Equal(t, i%2, got.TokenIssue, "those that another contact had end")
		require.Equal(t, c.Version, got.Version)
	}
	require.Equal(t, other, d.stored(other.ID))
	require.Equal(t, 1, d.searched("bob"))
	require.Equal(t, 6, d.searched("grace"))
	require.Equal(t, 6, d.searched("grace@exa"))
	stale := copying(into)
	stale.Contact.Rev = 1
	_, err = d.SaveContacts(soon(t), commit.ContactSave{Workspace: d.ws, Copy: stale})
	require.ErrorIs(t, err, commit.ErrStale, "the contact changed since")
}

// Nothing that is stored of a conversation names an erased contact. B:N3
func contactsErased(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ada := d.newContact(func(c *inbox.Contact) { c.Name, c.Email, c.ExternalID = "SECRET", "secret@example.test", "secret" })
	c := d.created(func(c *inbox.Conversation) {
		c.Contact, c.ContactName, c.ContactEmail, c.ContactPhone = ada.ID, ada.Name, ada.Email, "+49301234567"
	})
	c = d.commit(saying(c, "hi"))
	c = d.commit(takeover(c, "mia"))
	erased := inbox.Contact{ID: ada.ID, Workspace: d.ws, Erased: true, CreatedAt: ada.CreatedAt, Rev: 2, CopyRevision: 1}
	spread, err := d.SaveContacts(soon(t), commit.ContactSave{Workspace: d.ws, Contacts: []inbox.Contact{erased}, Copy: copying(erased)})
	require.NoError(t, err)
	require.True(t, spread.Done)
	require.Equal(t, erased, d.contact(ada.ID))
	got := d.stored(c.ID)
	require.Empty(t, got.ContactName+got.ContactEmail+got.ContactPhone)
	require.Equal(t, 1, got.TokenIssue)
	history, err := d.ListHistory(soon(t), desk.HistoryQuery{Workspace: d.ws, Conversation: c.ID, Limit: 10})
	require.NoError(t, err)
	require.Len(t, history.Items, 2)
	for _, e := range append(history.Items, spread.Events...) {
		stored, err := d.Event(soon(t), d.ws, e.ID)
		require.NoError(t, err)
		require.Empty(t, stored.After.ContactName+stored.After.ContactEmail+stored.After.ContactPhone)
		require.Nil(t, stored.WasContact)
	}
	require.Zero(t, d.searched("secret"))
}

// A conversation that begins with a contact as it was before a change is refused,
// and so is one that continues a conversation of another contact. B:N3
func contactsGuarded(t *testing.T, open Opener) {
	d := newDesk(t, open)
	ada := d.newContact()
	begin := func(rev int) error {
		c := creation(d.conversation())
		c.Known = &commit.ContactGuard{ID: ada.ID, Rev: rev}
		return d.Commit(soon(t), c)
	}
	require.NoError(t, begin(1))
	require.NoError(t, begin(1))
	ada.Rev = 2
	_, err := d.SaveContacts(soon(t), commit.ContactSave{Workspace: d.ws, Contacts: []inbox.Contact{ada}})
	require.NoError(t, err)
	before := d.searched("hello")
	require.ErrorIs(t, begin(1), commit.ErrStale)
	require.Equal(t, before, d.searched("hello"), "nothing of it is left")
	require.NoError(t, begin(2))

	old := d.created(func(c *inbox.Conversation) { c.Status = inbox.Closed })
	for _, edit := range []func(*inbox.Conversation){
		func(c *inbox.Conversation) { c.Contact = "another" }, func(c *inbox.Conversation) { c.ContactCopyRevision = 3 },
	} {
		next := continuing(d, old)
		edit(&next.Conversation)
		require.ErrorIs(t, d.Commit(soon(t), next), commit.ErrStale)
	}
	require.NoError(t, d.Commit(soon(t), continuing(d, old)))
}
