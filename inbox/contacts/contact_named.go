package contacts

import (
	"cmp"
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Visible is n without texts that look empty.
func (n NewContact) Visible() NewContact {
	e := n.edit().Visible()
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

// Check gives INVALID_INPUT for what cannot be kept of a contact.
func (n NewContact) Check() error {
	err := cmp.Or(inbox.CheckKey("contact.externalId", n.ExternalID), n.edit().check("contact."))
	switch {
	case err != nil:
		return err
	case n.EmailVerified && n.Email == "":
		return inbox.Invalid("contact.emailVerified", "emailVerified goes with an email. Give the address that you vouch for.")
	case n.PhoneVerified && n.Phone == "":
		return inbox.Invalid("contact.phoneVerified", "phoneVerified goes with a phone. Give the number that you vouch for.")
	}
	return nil
}

// speaksForContacts reports whether the caller's data about a contact is believed:
// that of an API key that feeds conversations of the kind, and of a member who
// manages contacts. B:N3
func speaksForContacts(a access.Access, kind workspace.Kind) bool {
	return access.FeedsKind(a, kind).Allowed || a.May(workspace.ContactsManage)
}

// Named is the contact of a new conversation.
type Named struct {
	Contact inbox.Contact
	isNew   bool
	// Save returns the change of an existing contact; nil if there is none.
	Save     *commit.ContactSave
	Warnings []inbox.Warning
}

// Change returns the contact's part of the commit that creates the conversation.
func (k Named) Change() commit.Change {
	c := commit.Change{Create: true, Contacts: k.Save}
	switch {
	case k.isNew:
		c.Contact = &k.Contact
	case k.Save == nil:
		c.Known = &commit.ContactGuard{ID: k.Contact.ID, Rev: k.Contact.Rev}
	}
	return c
}

// Named finds the contact that n names, by external id or else by a verified
// address or number, or makes a new one that the commit will write. B:N3
func (s *Service) Named(ctx context.Context, a access.Access, kind workspace.Kind, n NewContact) (Named, error) {
	if (n.EmailVerified || n.PhoneVerified) && !speaksForContacts(a, kind) {
		return Named{}, access.Denied(string(workspace.ContactsManage))
	}
	if id := n.ExternalID; id != "" {
		c, err := s.ContactByExternalID(ctx, a.Principal.Workspace, id)
		if err == nil {
			err = s.mayName(ctx, a, c)
		}
		if err == nil {
			return s.revised(a, kind, n, c, "")
		}
		if !inbox.IsNotFound(err) {
			return Named{}, err
		}
	}
	c, found, err := s.verifiedContact(ctx, a, n)
	switch {
	case err != nil:
		return Named{}, err
	case found:
		return s.revised(a, kind, n, c, n.ExternalID)
	}
	c = n.edit().apply(inbox.Contact{
		ID: inbox.ContactID(s.base.NewID()), Workspace: a.Principal.Workspace, ExternalID: n.ExternalID, CreatedAt: s.base.Clock(), Rev: 1,
	})
	return Named{Contact: c, isNew: true}, checkKept(c, "contact.attributes")
}

// revised returns the existing contact c with n's changes. A caller who may not
// speak for contacts changes nothing, and receives a warning. link is an external
// id that c is to be found by from now on; empty for none.
func (s *Service) revised(a access.Access, kind workspace.Kind, n NewContact, c inbox.Contact, link string) (Named, error) {
	after, out := n.edit().apply(c), Named{Contact: c}
	if len(differing(c, after)) > 0 {
		if !speaksForContacts(a, kind) {
			out.Warnings = []inbox.Warning{inbox.WarnContactKept}
			return out, nil
		}
		out.Warnings = []inbox.Warning{inbox.WarnContactUpdated}
	}
	var alias []inbox.Contact
	if link != "" {
		after, alias = s.linked(after, link)
	}
	if len(out.Warnings) == 0 && link == "" {
		return out, nil
	}
	after = changed(c, after)
	out.Save = s.saving(a.Principal.Actor, c, &after, alias...)
	out.Contact = after
	return out, checkKept(after, "contact.attributes")
}

// linked is c after it got one more external id: its first, or one that another
// contact has which is merged into it.
func (s *Service) linked(c inbox.Contact, externalID string) (inbox.Contact, []inbox.Contact) {
	if c.ExternalID == "" && len(c.Merged) == 0 {
		c.ExternalID = externalID
		return c, nil
	}
	alias := inbox.Contact{ID: inbox.ContactID(s.base.NewID()), Workspace: c.Workspace, ExternalID: externalID, MergedInto: c.ID, CreatedAt: s.base.Clock(), Rev: 1}
	c.Merged = append(slices.Clone(c.Merged), alias.ID)
	return c, []inbox.Contact{alias}
}

// verifiedMatches bounds how many contacts with one address are looked at.
const verifiedMatches = 10

// verifiedContact finds the oldest contact whom the caller may know and who has the
// verified address, else the verified number. An address or number that is not
// verified, now or when it was stored, finds nobody.
func (s *Service) verifiedContact(ctx context.Context, a access.Access, n NewContact) (inbox.Contact, bool, error) {
	var email, phone string
	if n.EmailVerified {
		email = n.Email
	}
	if n.PhoneVerified {
		phone = n.Phone
	}
	if a.Rules().MatchContacts == workspace.MatchExternalID || email == "" && phone == "" {
		return inbox.Contact{}, false, nil
	}
	all, err := s.store.VerifiedContacts(ctx, a.Principal.Workspace, email, phone, verifiedMatches)
	if err != nil {
		return inbox.Contact{}, false, err
	}
	rank := func(c inbox.Contact) int {
		if email != "" && c.EmailVerified && workspace.SameEmail(c.Email, email) {
			return 0
		}
		return 1
	}
	slices.SortFunc(all, func(x, y inbox.Contact) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), x.CreatedAt.Compare(y.CreatedAt), cmp.Compare(x.ID, y.ID))
	})
	for _, c := range all {
		if known, err := s.means(ctx, a, c.ID); err != nil || known && len(c.Merged) < MaxMerged {
			return c, err == nil, err
		}
	}
	return inbox.Contact{}, false, nil
}

// ToldAgain applies the contact data of a repeated create to the contact of c, and
// returns c as it is then.
func (s *Service) ToldAgain(ctx context.Context, a access.Access, c inbox.Conversation, n NewContact) (inbox.Conversation, []inbox.Warning, error) {
	for range commit.MaxAttempts {
		contact, err := s.liveContact(ctx, c.Workspace, c.Contact)
		if inbox.IsNotFound(err) {
			return c, nil, nil // erased, or from before contacts were kept
		}
		if err != nil {
			return c, nil, err
		}
		known, err := s.revised(a, c.Kind, n, contact, "")
		if err != nil || known.Save == nil {
			return c, known.Warnings, err
		}
		err = s.saveContacts(ctx, a.Principal.Actor, *known.Save)
		if !commit.IsLostRace(err) {
			fresh, readErr := s.store.Conversation(ctx, c.Workspace, c.ID)
			return fresh, known.Warnings, cmp.Or(err, readErr)
		}
	}
	return c, nil, commit.TooBusy()
}
