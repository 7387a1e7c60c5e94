package contacts

import (
	"context"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// MergeContacts merges one contact into another, which needs contacts.manage:
// missing fields of the other are filled from the one, and conversations and
// external ids move. The contact tokens of the conversations that move end. B:N3
func (s *Service) MergeContacts(ctx context.Context, p inbox.Principal, into, from inbox.ContactID, key string) (inbox.Contact, error) {
	return s.onContact(ctx, p, contactAct{
		name: "mergeContacts", key: key, args: []any{into, from}, action: audit.AuditContactMerge,
		decide: func(ctx context.Context) (contactChange, error) { return s.mergeContact(ctx, p.Workspace, into, from) },
	})
}

func (s *Service) mergeContact(ctx context.Context, ws workspace.WorkspaceID, into, from inbox.ContactID) (contactChange, error) {
	before, err := s.liveContact(ctx, ws, into)
	if err != nil {
		return contactChange{}, err
	}
	gone, err := s.liveContact(ctx, ws, from)
	switch {
	case inbox.IsNotFound(err):
		return contactChange{}, inbox.Missing("contact", "mergeId")
	case err != nil:
		return contactChange{}, err
	case gone.ID == before.ID:
		return contactChange{}, inbox.Invalid("mergeId", "Both ids are of one contact. Give two different ones.")
	}
	others, err := s.mergedAway(ctx, before, gone)
	after := absorb(before, gone)
	if err == nil {
		err = checkKept(after, "mergeId")
	}
	return contactChange{before: before, after: after, others: others, fields: append([]string{"merged"}, differing(before, after)...)}, err
}

// absorb returns c with its missing fields filled from the other, which is merged
// into it.
func absorb(c inbox.Contact, other inbox.Contact) inbox.Contact {
	if c.Name == "" {
		c.Name = other.Name
	}
	if c.Email == "" {
		c.Email = other.Email
	}
	if c.Phone == "" {
		c.Phone = other.Phone
	}
	// A value that both have and one of them verified is verified in the remaining
	// contact.
	c.EmailVerified = c.EmailVerified || other.EmailVerified && workspace.SameEmail(c.Email, other.Email)
	c.PhoneVerified = c.PhoneVerified || other.PhoneVerified && c.Phone == other.Phone
	c.Attributes = withAttributes(other.Attributes, c.Attributes)
	c.Merged = append(append(slices.Clone(c.Merged), other.ID), other.Merged...)
	return c
}

// mergedAway are the contacts that lead to into from now on: the one that is merged,
// and those that were merged into that one. Nothing is left of them but their
// external ids.
func (s *Service) mergedAway(ctx context.Context, into, gone inbox.Contact) ([]inbox.Contact, error) {
	if len(into.Merged)+len(gone.Merged)+1 > MaxMerged {
		return nil, inbox.Invalid("mergeId", "More than %d contacts would be merged into one. Merge into another contact.", MaxMerged)
	}
	before, err := s.store.Contacts(ctx, into.Workspace, gone.Merged)
	if err != nil {
		return nil, err
	}
	out := []inbox.Contact{gone}
	for _, id := range gone.Merged {
		out = append(out, before[id])
	}
	for i, c := range out {
		out[i] = inbox.Contact{
			ID: c.ID, Workspace: c.Workspace, ExternalID: c.ExternalID, MergedInto: into.ID, CreatedAt: c.CreatedAt, Rev: c.Rev + 1, CopyRevision: c.CopyRevision,
		}
	}
	return out, nil
}
