package inbox

import (
	"strings"
	"time"

	"switchboard/inbox/workspace"
)

// NamelessContact is how a contact without a name is called.
const NamelessContact = "Visitor"

// Contact is the visitor on the other side.
type Contact struct {
	ID        ContactID
	Workspace workspace.WorkspaceID
	Name      string
	Email     string
	// EmailVerified means that a caller who may speak for contacts vouched for the
	// address, and PhoneVerified for the number. Contacts are found by verified
	// ones only.
	EmailVerified bool
	// Phone is in international form: a plus and digits.
	Phone         string
	PhoneVerified bool
	// Attributes are sorted by key, each key once.
	Attributes []Attribute
	// ExternalID is the caller's own id, unique in the workspace when set.
	ExternalID string
	// Merged are the contacts that were merged into this one. They keep their
	// external ids, by which this one is found.
	Merged []ContactID
	// MergedInto is the contact that this one was merged into; empty for a contact of
	// its own. A merged contact is nothing but its external id.
	MergedInto ContactID
	// Erased says that everything that was known of the contact was erased.
	Erased    bool
	CreatedAt time.Time
	// Rev grows by one with every change, so that of two at once one is decided again.
	// It is 1 for a new contact, and 0 for one that was made before there were any.
	Rev int
	// CopyRevision grows by one with every change of a field that conversations copy.
	CopyRevision int
	// PropagatingSince is when a change began to be copied to the contact's
	// conversations; zero when all of them have it.
	PropagatingSince time.Time
}

// Attribute is one thing that a workspace knows of a contact.
type Attribute struct {
	Key, Value string
}

// ContactCopy holds the fields of a contact that its conversations copy.
type ContactCopy struct {
	Contact            ContactID
	Name, Email, Phone string
	CopyRevision       int
}

func (k ContactCopy) copyTo(c *Conversation) {
	c.Contact, c.ContactName, c.ContactEmail, c.ContactPhone, c.ContactCopyRevision = k.Contact, k.Name, k.Email, k.Phone, k.CopyRevision
}

// ContactCopy returns c's copy of its contact.
func (c Conversation) ContactCopy() ContactCopy {
	return ContactCopy{c.Contact, c.ContactName, c.ContactEmail, c.ContactPhone, c.ContactCopyRevision}
}

// CopyTo writes into a conversation what it keeps of its contact.
func (c Contact) CopyTo(to *Conversation) {
	ContactCopy{c.ID, c.Name, c.Email, c.Phone, c.CopyRevision}.copyTo(to)
}

// ContactOf is the contact of c as far as c keeps a copy.
func ContactOf(c Conversation) Contact {
	return Contact{ID: c.Contact, Name: c.ContactName, Email: c.ContactEmail, Phone: c.ContactPhone, CopyRevision: c.ContactCopyRevision}
}

// Gone reports whether the contact was merged into another one or erased.
func (c Contact) Gone() bool { return c.MergedInto != "" || c.Erased }

// SearchText is the text that a search of contacts covers. Stores index its folded
// words.
func (c Contact) SearchText() string { return strings.Join([]string{c.Name, c.Email, c.Phone}, " ") }

// ExternalIDs returns all external ids by which c is found: its own first, then those
// of merged, which holds the contacts that were merged into it.
func (c Contact) ExternalIDs(merged map[ContactID]Contact) []string {
	var out []string
	for _, one := range append([]ContactID{c.ID}, c.Merged...) {
		id := merged[one].ExternalID
		if one == c.ID {
			id = c.ExternalID
		}
		if id != "" {
			out = append(out, id)
		}
	}
	return out
}
