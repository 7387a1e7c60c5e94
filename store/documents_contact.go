package store

import (
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"switchboard/inbox"
	"switchboard/inbox/contacts"
	"switchboard/inbox/workspace"
)

// contactDoc is a contact. A field has omitempty if an index skips empty values or
// if earlier versions did not write it.
type contactDoc struct {
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

func contactToDoc(c inbox.Contact) contactDoc {
	d := contactDoc{
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

func (d contactDoc) contact() inbox.Contact {
	c := inbox.Contact{
		ID: d.ID, Workspace: d.Workspace, Name: d.Name, Email: d.Email, EmailVerified: d.EmailVerified,
		Phone: d.Phone, PhoneVerified: d.PhoneVerified, ExternalID: d.ExternalID, Merged: d.Merged, MergedInto: d.MergedInto,
		Erased: d.Erased, CreatedAt: d.CreatedAt, Rev: max(d.Rev, firstRev), CopyRevision: d.Face, PropagatingSince: d.SpreadingSince,
	}
	for _, a := range d.Attributes {
		c.Attributes = append(c.Attributes, inbox.Attribute(a))
	}
	return c
}

// firstRev is the revision of a new contact, and of those from before there were
// revisions.
const firstRev = 1

// ofRevision demands a revision.
func ofRevision(rev int) bson.E {
	if rev > firstRev {
		return bson.E{Key: "rev", Value: rev}
	}
	return bson.E{Key: "rev", Value: bson.D{{Key: "$in", Value: bson.A{firstRev, nil}}}}
}

// sameCopyRevision demands the face of a contact's copy, and otherCopyRevision another one. Documents
// may hold none while it is 0.
func sameCopyRevision(face int) bson.E {
	return bson.E{Key: "contactFace", Value: bson.D{{Key: "$in", Value: copyRevisions(face)}}}
}
func otherCopyRevision(face int) bson.E {
	return bson.E{Key: "contactFace", Value: bson.D{{Key: "$nin", Value: copyRevisions(face)}}}
}

func copyRevisions(face int) bson.A {
	if face == 0 {
		return bson.A{0, nil}
	}
	return bson.A{face}
}

// contactFields are the fields of a conversation that follow its contact.
func contactFields(c inbox.Conversation) bson.D {
	return bson.D{
		{Key: "contact", Value: c.Contact}, {Key: "contactName", Value: c.ContactName}, {Key: "contactEmail", Value: c.ContactEmail},
		{Key: "contactPhone", Value: c.ContactPhone}, {Key: "contactFace", Value: c.ContactCopyRevision}, {Key: "words", Value: Words(c.SearchText())},
		{Key: "places", Value: derive(c).Places}, // of the conversation as it is in the transaction
	}
}

func (d contactDoc) position(string) inbox.PageCursor {
	return contacts.ContactCursor(d.contact())
}
