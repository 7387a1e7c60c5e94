package document

import (
	"time"

	"switchboard/inbox"
	"switchboard/inbox/contacts"
	"switchboard/inbox/workspace"
)

// Contact is a contact. A field has omitempty if an index skips empty values or
// if earlier versions did not write it.
type Contact struct {
	ID             inbox.ContactID       `bson:"_id,omitempty"`
	Workspace      workspace.WorkspaceID `bson:"workspace"`
	Name           string                `bson:"name"`
	Email          string                `bson:"email"`
	EmailVerified  bool                  `bson:"emailVerified"`
	Phone          string                `bson:"phone"`
	PhoneVerified  bool                  `bson:"phoneVerified"`
	Attributes     []attributeDoc        `bson:"attributes,omitempty"`
	ExternalID     string                `bson:"externalId,omitempty"`
	Merged         []inbox.ContactID     `bson:"merged,omitempty"`
	MergedInto     inbox.ContactID       `bson:"mergedInto,omitempty"`
	Erased         bool                  `bson:"erased,omitempty"`
	CreatedAt      time.Time             `bson:"createdAt"`
	Rev            int                   `bson:"rev,omitempty"`
	Face           int                   `bson:"face,omitempty"`
	SpreadingSince time.Time             `bson:"emptyingSince,omitempty"`

	Words         []string `bson:"words,omitempty"`         // folded, of its search text
	VerifiedEmail string   `bson:"verifiedEmail,omitempty"` // as inbox.EmailKey has it
	VerifiedPhone string   `bson:"verifiedPhone,omitempty"`
}

type attributeDoc struct {
	Key   string `bson:"key"`
	Value string `bson:"value"`
}

// OfContact is the document of c, with the fields that lists and searches use.
func OfContact(c inbox.Contact) Contact {
	d := Contact{
		ID: c.ID, Workspace: c.Workspace, Name: c.Name, Email: c.Email, EmailVerified: c.EmailVerified,
		Phone: c.Phone, PhoneVerified: c.PhoneVerified, ExternalID: c.ExternalID, Merged: c.Merged, MergedInto: c.MergedInto,
		Erased: c.Erased, CreatedAt: c.CreatedAt, Rev: c.Rev, Face: c.CopyRevision, SpreadingSince: c.PropagatingSince,
	}
	for _, a := range c.Attributes {
		d.Attributes = append(d.Attributes, attributeDoc(a))
	}
	if c.Gone() {
		return d
	}
	d.Words = Words(c.SearchText())
	if c.EmailVerified {
		d.VerifiedEmail = workspace.EmailKey(c.Email)
	}
	if c.PhoneVerified {
		d.VerifiedPhone = c.Phone
	}
	return d
}

// Contact is the contact of the document.
func (d Contact) Contact() inbox.Contact {
	c := inbox.Contact{
		ID: d.ID, Workspace: d.Workspace, Name: d.Name, Email: d.Email, EmailVerified: d.EmailVerified,
		Phone: d.Phone, PhoneVerified: d.PhoneVerified, ExternalID: d.ExternalID, Merged: d.Merged, MergedInto: d.MergedInto,
		Erased: d.Erased, CreatedAt: d.CreatedAt, Rev: max(d.Rev, FirstRev), CopyRevision: d.Face, PropagatingSince: d.SpreadingSince,
	}
	for _, a := range d.Attributes {
		c.Attributes = append(c.Attributes, inbox.Attribute(a))
	}
	return c
}

// FirstRev is the revision of a new contact, and of those from before there were
// revisions.
const FirstRev = 1

// Position is where the contact stands in lists, which are sorted by creation.
func (d Contact) Position(string) inbox.PageCursor {
	return contacts.ContactCursor(d.Contact())
}
