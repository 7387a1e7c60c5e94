package inbox

import (
	"slices"
	"strings"
	"time"
)

// NamelessContact is how a contact without a name is called.
const NamelessContact = "Visitor"

// Contact is the visitor on the other side.
type Contact struct {
	ID        ContactID
	Workspace WorkspaceID
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
	// Face grows by one with every change of a field that conversations copy.
	Face int
	// SpreadingSince is when a change began to be copied to the contact's
	// conversations; zero when all of them have it.
	SpreadingSince time.Time
}

// Attribute is one thing that a workspace knows of a contact.
type Attribute struct {
	Key, Value string
}

// ContactCopy holds the fields of a contact that its conversations copy.
type ContactCopy struct {
	Contact            ContactID
	Name, Email, Phone string
	Face               int
}

func (k ContactCopy) copyTo(c *Conversation) {
	c.Contact, c.ContactName, c.ContactEmail, c.ContactPhone, c.ContactFace = k.Contact, k.Name, k.Email, k.Phone, k.Face
}

// contactCopy returns c's copy of its contact.
func (c Conversation) contactCopy() ContactCopy {
	return ContactCopy{c.Contact, c.ContactName, c.ContactEmail, c.ContactPhone, c.ContactFace}
}

func (c Contact) copyTo(to *Conversation) {
	ContactCopy{c.ID, c.Name, c.Email, c.Phone, c.Face}.copyTo(to)
}

// contactOf is the contact of c as far as c keeps a copy.
func contactOf(c Conversation) Contact {
	return Contact{ID: c.Contact, Name: c.ContactName, Email: c.ContactEmail, Phone: c.ContactPhone, Face: c.ContactFace}
}

// Gone reports whether the contact was merged into another one or erased.
func (c Contact) Gone() bool { return c.MergedInto != "" || c.Erased }

// SearchText is the text that a search of contacts covers. Stores index its folded
// words.
func (c Contact) SearchText() string { return strings.Join([]string{c.Name, c.Email, c.Phone}, " ") }

// ContactEdit holds changes of a contact. Nil leaves a field as it is; a text that
// looks empty removes it. Attributes are set one by one, and removed by a value
// that looks empty.
type ContactEdit struct {
	Name, Email, Phone           *string
	EmailVerified, PhoneVerified *bool
	Attributes                   []Attribute
}

// Bounds of the stored fields of a contact.
const (
	MaxAttributes     = 50
	MaxAttributeKey   = 64    // characters
	MaxAttributeValue = 1_024 // bytes
	MaxMerged         = 100   // contacts merged into one
)

// apply is c as e says, without the bookkeeping. An address or a number that
// changes is not verified unless e says so.
func (e ContactEdit) apply(c Contact) Contact {
	if e.Name != nil {
		c.Name = *e.Name
	}
	if e.Email != nil {
		c.EmailVerified = c.EmailVerified && SameEmail(c.Email, *e.Email)
		c.Email = *e.Email
	}
	if e.Phone != nil {
		c.PhoneVerified = c.PhoneVerified && c.Phone == *e.Phone
		c.Phone = *e.Phone
	}
	if e.EmailVerified != nil {
		c.EmailVerified = *e.EmailVerified && c.Email != ""
	}
	if e.PhoneVerified != nil {
		c.PhoneVerified = *e.PhoneVerified && c.Phone != ""
	}
	c.Attributes = withAttributes(c.Attributes, e.Attributes)
	return c
}

func withAttributes(has, given []Attribute) []Attribute {
	if len(given) == 0 {
		return has
	}
	has = slices.Clone(has)
	for _, a := range given {
		at, found := slices.BinarySearchFunc(has, a.Key, func(h Attribute, key string) int { return strings.Compare(h.Key, key) })
		if found {
			has = slices.Delete(has, at, at+1)
		}
		if a.Value != "" {
			has = slices.Insert(has, at, a)
		}
	}
	return slices.Clip(has[:len(has):len(has)])
}

// differing names the fields in which two states of a contact differ, as the API
// calls them.
func (c Contact) differing(o Contact) (fields []string) {
	for _, f := range []struct {
		name string
		same bool
	}{
		{"name", c.Name == o.Name},
		{"email", c.Email == o.Email}, {"emailVerified", c.EmailVerified == o.EmailVerified},
		{"phone", c.Phone == o.Phone}, {"phoneVerified", c.PhoneVerified == o.PhoneVerified},
		{"attributes", slices.Equal(c.Attributes, o.Attributes)},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// changed returns after with the numbers that follow from its differences to
// before.
func (c Contact) changed(after Contact) Contact {
	after.Rev = c.Rev + 1
	if c.Name != after.Name || c.Email != after.Email || c.Phone != after.Phone || after.Erased != c.Erased {
		after.Face = c.Face + 1
	}
	return after
}

// follow returns the conversation after an update of an outdated copy of its
// contact. The tokens of its contact end if the contact became another one, or was
// erased. The result is the same at any time, so that interrupted copying can go
// on.
func (c Contact) follow(old Conversation, t Turn) Move {
	after := old
	c.copyTo(&after)
	e := Event{
		Workspace: old.Workspace, Type: ContactEvent, Conversation: old.ID, Contact: c.ID, Actor: t.By,
		From: old.Ownership, To: old.Ownership, Version: old.Version, Epoch: old.Epoch, At: t.At,
	}
	if old.Contact != c.ID || c.Erased {
		after.TokenIssue++
	}
	if !c.Erased {
		was := old.contactCopy()
		e.WasContact = &was
	}
	return Move{After: after, Event: e}
}
