package inbox

import (
	"cmp"
	"context"
	"slices"
)

func (n NewContact) seen() NewContact {
	e := n.edit().seen()
	n.Name, n.Email, n.Phone, n.Attributes = deref(e.Name), deref(e.Email), deref(e.Phone), e.Attributes
	return n
}

// edit returns n as a change of an existing contact. Empty fields change nothing.
func (n NewContact) edit() ContactEdit {
	given := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	e := ContactEdit{Name: given(n.Name), Email: given(n.Email), Phone: given(n.Phone), Attributes: n.Attributes}
	if n.EmailVerified {
		e.EmailVerified = &n.EmailVerified
	}
	if n.PhoneVerified {
		e.PhoneVerified = &n.PhoneVerified
	}
	return e
}

func (n NewContact) check() error {
	err := cmp.Or(checkKey("contact.externalId", n.ExternalID), n.edit().check("contact."))
	switch {
	case err != nil:
		return err
	case n.EmailVerified && n.Email == "":
		return Invalid("contact.emailVerified", "emailVerified goes with an email. Give the address that you vouch for.")
	case n.PhoneVerified && n.Phone == "":
		return Invalid("contact.phoneVerified", "phoneVerified goes with a phone. Give the number that you vouch for.")
	}
	return nil
}

// speaksForContacts reports whether the caller's data about a contact is believed:
// that of an API key that feeds conversations of the kind, and of a member who
// manages contacts. B:N3
func (a Access) speaksForContacts(kind Kind) bool {
	return a.feeds(Conversation{Kind: kind}).Allowed || a.May(ContactsManage)
}

// namedContact is the contact of a new conversation.
type namedContact struct {
	contact Contact
	isNew   bool
	// save returns the change of an existing contact; nil if there is none.
	save     *ContactSave
	warnings []Warning
}

// change returns the contact's part of the commit that creates the conversation.
func (k namedContact) change() Change {
	c := Change{Create: true, Contacts: k.save}
	switch {
	case k.isNew:
		c.Contact = &k.contact
	case k.save == nil:
		c.Known = &ContactGuard{k.contact.ID, k.contact.Rev}
	}
	return c
}

// contact finds the contact that n names, by external id or else by a verified
// address or number, or makes a new one that the commit will write. B:N3
func (s *Service) contact(ctx context.Context, a Access, kind Kind, n NewContact) (namedContact, error) {
	if (n.EmailVerified || n.PhoneVerified) && !a.speaksForContacts(kind) {
		return namedContact{}, denied(string(ContactsManage))
	}
	if id := n.ExternalID; id != "" {
		c, err := s.contactByExternalID(ctx, a.Principal.Workspace, id)
		if err == nil {
			err = s.mayName(ctx, a, c)
		}
		if err == nil {
			return s.revised(a, kind, n, c, "")
		}
		if !isNotFound(err) {
			return namedContact{}, err
		}
	}
	c, found, err := s.verifiedContact(ctx, a, n)
	switch {
	case err != nil:
		return namedContact{}, err
	case found:
		return s.revised(a, kind, n, c, n.ExternalID)
	}
	c = n.edit().apply(Contact{
		ID: ContactID(s.nextID()), Workspace: a.Principal.Workspace, ExternalID: n.ExternalID, CreatedAt: s.clock(), Rev: 1,
	})
	return namedContact{contact: c, isNew: true}, c.checkKept("contact.attributes")
}

// revised returns the existing contact c with n's changes. A caller who may not
// speak for contacts changes nothing, and receives a warning. link is an external
// id that c is to be found by from now on; empty for none.
func (s *Service) revised(a Access, kind Kind, n NewContact, c Contact, link string) (namedContact, error) {
	after, out := n.edit().apply(c), namedContact{contact: c}
	if len(c.differing(after)) > 0 {
		if !a.speaksForContacts(kind) {
			out.warnings = []Warning{WarnContactKept}
			return out, nil
		}
		out.warnings = []Warning{WarnContactUpdated}
	}
	var alias []Contact
	if link != "" {
		after, alias = s.linked(after, link)
	}
	if len(out.warnings) == 0 && link == "" {
		return out, nil
	}
	after = c.changed(after)
	out.save = s.saving(a.Principal.Actor, c, &after, alias...)
	out.contact = after
	return out, after.checkKept("contact.attributes")
}

// linked is c after it got one more external id: its first, or one that another
// contact has which is merged into it.
func (s *Service) linked(c Contact, externalID string) (Contact, []Contact) {
	if c.ExternalID == "" && len(c.Merged) == 0 {
		c.ExternalID = externalID
		return c, nil
	}
	alias := Contact{ID: ContactID(s.nextID()), Workspace: c.Workspace, ExternalID: externalID, MergedInto: c.ID, CreatedAt: s.clock(), Rev: 1}
	c.Merged = append(slices.Clone(c.Merged), alias.ID)
	return c, []Contact{alias}
}

// verifiedMatches bounds how many contacts with one address are looked at.
const verifiedMatches = 10

// verifiedContact finds the oldest contact whom the caller may know and who has the
// verified address, else the verified number. An address or number that is not
// verified, now or when it was stored, finds nobody.
func (s *Service) verifiedContact(ctx context.Context, a Access, n NewContact) (Contact, bool, error) {
	var email, phone string
	if n.EmailVerified {
		email = n.Email
	}
	if n.PhoneVerified {
		phone = n.Phone
	}
	if a.Rules().MatchContacts == MatchExternalID || email == "" && phone == "" {
		return Contact{}, false, nil
	}
	all, err := s.store.VerifiedContacts(ctx, a.Principal.Workspace, email, phone, verifiedMatches)
	if err != nil {
		return Contact{}, false, err
	}
	rank := func(c Contact) int {
		if email != "" && c.EmailVerified && SameEmail(c.Email, email) {
			return 0
		}
		return 1
	}
	slices.SortFunc(all, func(x, y Contact) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), x.CreatedAt.Compare(y.CreatedAt), cmp.Compare(x.ID, y.ID))
	})
	for _, c := range all {
		if known, err := s.knows(ctx, a, c.ID); err != nil || known && len(c.Merged) < MaxMerged {
			return c, err == nil, err
		}
	}
	return Contact{}, false, nil
}

// toldAgain applies the contact data of a repeated create to the contact of c, and
// returns c as it is then.
func (s *Service) toldAgain(ctx context.Context, a Access, c Conversation, n NewContact) (Conversation, []Warning, error) {
	for range maxAttempts {
		contact, err := s.liveContact(ctx, c.Workspace, c.Contact)
		if isNotFound(err) {
			return c, nil, nil // erased, or from before contacts were kept
		}
		if err != nil {
			return c, nil, err
		}
		known, err := s.revised(a, c.Kind, n, contact, "")
		if err != nil || known.save == nil {
			return c, known.warnings, err
		}
		err = s.saveContacts(ctx, a.Principal.Actor, *known.save)
		if !isLostRace(err) {
			fresh, readErr := s.store.Conversation(ctx, c.Workspace, c.ID)
			return fresh, known.warnings, cmp.Or(err, readErr)
		}
	}
	return c, nil, tooBusy()
}
