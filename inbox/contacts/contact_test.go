package contacts_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// knownContact puts a contact with n chats into the desk.
func knownContact(d *world.Inbox, n int, edit ...func(*inbox.Contact)) inbox.Contact {
	c := inbox.Contact{ID: inbox.ContactID(d.NewID()), Workspace: world.Home, Name: "Ada", Rev: 1, CreatedAt: world.Start()}
	for _, e := range edit {
		e(&c)
	}
	d.Memory.Mu.Lock()
	d.People[c.ID] = c
	d.Memory.Mu.Unlock()
	for range n {
		d.Put(chatOf(d, c))
	}
	return c
}

func chatOf(d *world.Inbox, c inbox.Contact) inbox.Conversation {
	chat := world.NewConversation(workspace.Livechat)
	chat.ID, chat.Contact, chat.ContactName, chat.ContactCopyRevision = inbox.ConversationID(d.NewID()), c.ID, c.Name, c.CopyRevision
	return chat
}

func contactNames(d *world.Inbox, contact inbox.ContactID) map[string]int {
	out := map[string]int{}
	for _, c := range d.Sorted() {
		if c.Contact == contact {
			out[c.ContactName]++
		}
	}
	return out
}

// A number is kept in one form, and refused in any but the international one. B:N3
func TestPhoneNumbers(t *testing.T) {
	d := world.New(t)
	c := knownContact(d, 0)
	set := func(phone string) (string, error) {
		after, err := d.Services.Contacts.UpdateContact(t.Context(), world.AsMember(world.Manager), c.ID, contacts.ContactEdit{Phone: &phone}, nil, "")
		return after.Phone, err
	}
	for given, kept := range map[string]string{
		"+4930123456": "+4930123456", "+49 30 123456": "+4930123456", "+49 (0)": "", "+1 (415) 555-0100": "+14155550100", "+49 (0)30 123456": "+4930123456",
		"+49.30/123-456": "+4930123456", "": "", " \u200b\u3164": "", "+999999999999999": "+999999999999999",
	} {
		got, err := set(given)
		if given == "+49 (0)" {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err, "%q", given)
		require.Equal(t, kept, got, "%q", given)
	}
	for _, none := range []string{
		"030 123456", "0049 30 123456", "+", "+0301234567", "+123456", "+1234567890123456", "+49 30 12345a", "++4930123456", "4930123456",
		"+\uff14\uff19\uff13\uff10\uff11\uff12\uff13\uff14", "+٤٩٣٠١٢٣٤٥", "+49\u200b30123456", "+49\u00a030123456", "+4930123456\n", "+4930123456;ext=1", strings.Repeat("+49 ", 100),
	} {
		_, err := set(none)
		require.Equal(t, []string{"phone"}, world.Refused(t, err, inbox.InvalidInput).Field, "%q", none)
	}
}

// Attributes are set and removed one by one, within their bounds. B:N3
func TestAttributesOfAContact(t *testing.T) {
	d := world.New(t)
	c := knownContact(d, 0)
	set := func(all ...inbox.Attribute) (inbox.Contact, error) {
		return d.Services.Contacts.UpdateContact(t.Context(), world.AsMember(world.Manager), c.ID, contacts.ContactEdit{Attributes: all}, nil, "")
	}
	after, err := set(inbox.Attribute{Key: "b", Value: "2"}, inbox.Attribute{Key: "a", Value: "1"})
	require.NoError(t, err)
	require.Equal(t, []inbox.Attribute{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}}, after.Attributes)
	after, err = set(inbox.Attribute{Key: "a", Value: "\u200b "}, inbox.Attribute{Key: "c", Value: strings.Repeat("x", contacts.MaxAttributeValue)})
	require.NoError(t, err)
	require.Equal(t, []string{"b", "c"}, []string{after.Attributes[0].Key, after.Attributes[1].Key})
	for name, all := range map[string][]inbox.Attribute{
		"an empty key": {{Key: "", Value: "x"}}, "a blank key": {{Key: "\u3164", Value: "x"}}, "two lines": {{Key: "a\nb", Value: "x"}},
		"a long key": {{Key: strings.Repeat("k", contacts.MaxAttributeKey+1), Value: "x"}}, "a long value": {{Key: "a", Value: strings.Repeat("x", contacts.MaxAttributeValue+1)}},
		"a control character": {{Key: "a", Value: "\x00"}}, "one key twice": {{Key: "a", Value: "1"}, {Key: "a", Value: "2"}},
	} {
		_, err := set(all...)
		world.Refused(t, err, inbox.InvalidInput)
		require.Equal(t, after.Attributes, d.People[c.ID].Attributes, name)
	}
	many := func(from, n int) (all []inbox.Attribute) {
		for i := range n {
			all = append(all, inbox.Attribute{Key: fmt.Sprint("key", from+i), Value: "x"})
		}
		return all
	}
	_, err = set(many(0, contacts.MaxAttributes+1)...)
	world.Refused(t, err, inbox.InvalidInput)
	after, err = set(many(0, contacts.MaxAttributes-2)...)
	require.NoError(t, err)
	require.Len(t, after.Attributes, contacts.MaxAttributes)
	_, err = set(many(100, 1)...)
	world.Refused(t, err, inbox.InvalidInput)
}

// A contact of many conversations changes in batches, all of which are done before
// the answer; what a server that died left is done by another one. B:N3
func TestAContactOfManyConversations(t *testing.T) {
	d := world.New(t)
	c := knownContact(d, 250)
	name := "Grace"
	after, err := d.Services.Contacts.UpdateContact(t.Context(), world.AsMember(world.Manager), c.ID, contacts.ContactEdit{Name: &name}, nil, "")
	require.NoError(t, err)
	require.Equal(t, 1, after.CopyRevision)
	require.Equal(t, map[string]int{"Grace": 250}, contactNames(d, c.ID))
	require.True(t, d.People[c.ID].PropagatingSince.IsZero())

	plan := []inbox.Attribute{{Key: "plan", Value: "gold"}}
	events := len(d.Recorded())
	_, err = d.Services.Contacts.UpdateContact(t.Context(), world.AsMember(world.Manager), c.ID, contacts.ContactEdit{Attributes: plan}, nil, "")
	require.NoError(t, err)
	require.Len(t, d.Recorded(), events+1, "what conversations do not copy moves none of them")

	died := knownContact(d, 230, func(c *inbox.Contact) { c.Name = "Bob" })
	died.Name, died.Rev, died.CopyRevision, died.PropagatingSince = "Robert", 2, 1, d.Clock()
	d.Memory.Mu.Lock()
	d.People[died.ID] = died
	d.Memory.Mu.Unlock()
	require.NoError(t, d.Services.Contacts.PropagatePending(t.Context()))
	require.Equal(t, map[string]int{"Bob": 230}, contactNames(d, died.ID), "whoever began may still be at it")
	d.Pass(time.Minute)
	require.NoError(t, d.Services.Contacts.PropagatePending(t.Context()))
	require.Equal(t, map[string]int{"Robert": 230}, contactNames(d, died.ID))
	require.True(t, d.People[died.ID].PropagatingSince.IsZero())
}

// What begins while its contact changes begins with the contact as it is then. B:N3
func TestAContactChangesWhileAConversationBegins(t *testing.T) {
	rename := func(d *world.Inbox, c, _ inbox.Contact) func(context.Context) error {
		name := "Grace"
		return func(ctx context.Context) error {
			_, err := d.Services.Contacts.UpdateContact(ctx, world.AsMember(world.Manager), c.ID, contacts.ContactEdit{Name: &name}, nil, "")
			return err
		}
	}
	merge := func(d *world.Inbox, c, into inbox.Contact) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := d.Services.Contacts.MergeContacts(ctx, world.AsMember(world.Manager), into.ID, c.ID, "")
			return err
		}
	}
	erase := func(d *world.Inbox, c, _ inbox.Contact) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := d.Services.Contacts.EraseContact(ctx, world.AsMember(world.Manager), c.ID, "")
			return err
		}
	}
	for name, row := range map[string]struct {
		change func(d *world.Inbox, c, other inbox.Contact) func(context.Context) error
		begin  string
		named  string // what the contact is called then
	}{
		"a start, renamed":        {rename, "start", "Grace"},
		"a start, merged":         {merge, "start", "Other"},
		"a start, erased":         {erase, "start", ""},
		"a successor, renamed":    {rename, "successor", "Grace"},
		"a successor, merged":     {merge, "successor", "Other"},
		"a successor, erased":     {erase, "successor", ""},
		"a repeat that says more": {rename, "say more", "Augusta"},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			c, other := knownContact(d, 0, func(c *inbox.Contact) { c.ExternalID = "ada" }), knownContact(d, 0, func(c *inbox.Contact) { c.Name = "Other" })
			old := chatOf(d, c)
			old.Status = inbox.Closed
			d.Put(old)
			d.MeanwhileDo(t, row.change(d, c, other))
			var id inbox.ConversationID
			switch row.begin {
			case "successor":
				sent, err := d.Messages.StartNew(t.Context(), world.AsMember(world.Manager), old.ID, "Once more", "")
				require.NoError(t, err)
				id = sent.Conversation.ID
			default:
				n := desk.NewConversation{Contact: contacts.NewContact{ExternalID: "ada"}}
				if row.begin == "say more" {
					n.Contact.Name = "Augusta"
				}
				out, err := d.Intake.StartLivechat(t.Context(), world.AsPartner(), n)
				require.NoError(t, err)
				id = out.Conversation.ID
			}
			begun := d.Stored(t, id)
			require.Equal(t, row.named, begun.ContactName)
			require.Equal(t, d.People[begun.Contact].CopyRevision, begun.ContactCopyRevision, "its copy is up to date")
			require.Empty(t, d.People[begun.Contact].MergedInto)
		})
	}
}

// A repeat answers with the contact as it is by then. B:N3
func TestActsOnContactsAreRepeated(t *testing.T) {
	d := world.New(t)
	a, b, c := knownContact(d, 1), knownContact(d, 1), knownContact(d, 1)
	name := "Grace"
	update := func() (inbox.Contact, error) {
		return d.Services.Contacts.UpdateContact(t.Context(), world.AsMember(world.Manager), a.ID, contacts.ContactEdit{Name: &name}, nil, "update")
	}
	merge := func() (inbox.Contact, error) {
		return d.Services.Contacts.MergeContacts(t.Context(), world.AsMember(world.Manager), b.ID, a.ID, "merge")
	}
	erase := func() (inbox.Contact, error) {
		return d.Services.Contacts.EraseContact(t.Context(), world.AsMember(world.Manager), b.ID, "erase")
	}
	same := func(act func() (inbox.Contact, error), want inbox.ContactID) {
		t.Helper()
		for range 2 {
			got, err := act()
			require.NoError(t, err)
			require.Equal(t, want, got.ID)
		}
	}
	same(update, a.ID)
	same(merge, b.ID)
	same(update, b.ID)
	require.Equal(t, map[string]int{"Ada": 2}, contactNames(d, b.ID), "what it has is not replaced")
	same(erase, b.ID)
	for _, act := range []func() (inbox.Contact, error){update, merge} {
		_, err := act()
		world.Refused(t, err, inbox.NotFound)
	}
	require.Len(t, d.AuditLog, 3)
	require.Equal(t, map[string]int{"Ada": 1}, contactNames(d, c.ID))
}
