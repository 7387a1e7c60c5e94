package contacts

import (
	"slices"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// ContactEdit holds changes of a contact. Nil leaves a field as it is; a text that
// looks empty removes it. Attributes are set one by one, and removed by a value
// that looks empty.
type ContactEdit struct {
	Name, Email, Phone           *string
	EmailVerified, PhoneVerified *bool
	Attributes                   []inbox.Attribute
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
func (e ContactEdit) apply(c inbox.Contact) inbox.Contact {
	if e.Name != nil {
		c.Name = *e.Name
	}
	if e.Email != nil {
		c.EmailVerified = c.EmailVerified && workspace.SameEmail(c.Email, *e.Email)
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

func withAttributes(has, given []inbox.Attribute) []inbox.Attribute {
	if len(given) == 0 {
		return has
	}
	has = slices.Clone(has)
	for _, a := range given {
		at, found := slices.BinarySearchFunc(has, a.Key, func(h inbox.Attribute, key string) int { return strings.Compare(h.Key, key) })
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
func differing(c inbox.Contact, o inbox.Contact) (fields []string) {
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
func changed(c inbox.Contact, after inbox.Contact) inbox.Contact {
	after.Rev = c.Rev + 1
	if c.Name != after.Name || c.Email != after.Email || c.Phone != after.Phone || after.Erased != c.Erased {
		after.CopyRevision = c.CopyRevision + 1
	}
	return after
}

// follow returns the conversation after an update of an outdated copy of its
// contact. The tokens of its contact end if the contact became another one, or was
// erased. The result is the same at any time, so that interrupted copying can go
// on.
func follow(c inbox.Contact, old inbox.Conversation, t inbox.Command) inbox.Move {
	after := old
	c.CopyTo(&after)
	e := inbox.Event{
		Workspace: old.Workspace, Type: inbox.ContactEvent, Conversation: old.ID, Contact: c.ID, Actor: t.By,
		From: old.Ownership, To: old.Ownership, Version: old.Version, Epoch: old.Epoch, At: t.At,
	}
	if old.Contact != c.ID || c.Erased {
		after.TokenIssue++
	}
	if !c.Erased {
		was := old.ContactCopy()
		e.WasContact = &was
	}
	return inbox.Move{After: after, Event: e}
}
