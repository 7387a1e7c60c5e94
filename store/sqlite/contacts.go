package sqlite

import (
	"context"
	"database/sql"

	"switchboard/inbox"
	"switchboard/inbox/contacts"
	"switchboard/inbox/workspace"
	"switchboard/store"
	"switchboard/store/document"
)

// Contacts finds several contacts at once. Ids that do not exist have no entry.
func (s *Store) Contacts(ctx context.Context, ws workspace.WorkspaceID, ids []inbox.ContactID) (map[inbox.ContactID]inbox.Contact, error) {
	out := make(map[inbox.ContactID]inbox.Contact, len(ids))
	err := s.view(ctx, func(tx *sql.Tx) error {
		docs, err := decode[document.Contact](tx.Query("SELECT body FROM contacts WHERE workspace = ? AND id IN (SELECT value FROM json_each(?))", string(ws), list(ids)))
		for _, d := range docs {
			out[d.ID] = d.Contact()
		}
		return err
	})
	return out, fault("read contacts", err)
}

// ContactByExternalID finds the contact that the caller knows by that id. NOT_FOUND
// if there is none.
func (s *Store) ContactByExternalID(ctx context.Context, ws workspace.WorkspaceID, externalID string) (c inbox.Contact, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		docs, err := decode[document.Contact](tx.Query("SELECT body FROM contacts WHERE workspace = ? AND external_id = ?", string(ws), externalID))
		if err != nil {
			return err
		}
		if len(docs) == 0 {
			return inbox.Missing("contact")
		}
		c = docs[0].Contact()
		return nil
	})
	return c, fault("read a contact", err)
}

// VerifiedContacts finds contacts by a verified address or number, up to limit of
// each.
func (s *Store) VerifiedContacts(ctx context.Context, ws workspace.WorkspaceID, email, phone string, limit int) (out []inbox.Contact, err error) {
	known := map[inbox.ContactID]bool{}
	err = s.view(ctx, func(tx *sql.Tx) error {
		for _, by := range []struct{ column, value string }{{"verified_email", workspace.EmailKey(email)}, {"verified_phone", phone}} {
			if by.value == "" {
				continue
			}
			docs, err := decode[document.Contact](tx.Query("SELECT body FROM contacts WHERE workspace = ? AND "+by.column+" = ? ORDER BY id LIMIT ?", string(ws), by.value, limit))
			if err != nil {
				return err
			}
			for _, d := range docs {
				if !known[d.ID] {
					known[d.ID] = true
					out = append(out, d.Contact())
				}
			}
		}
		return nil
	})
	return out, fault("find contacts by verified address or number", err)
}

// ListContacts lists a page of contacts, newest first.
func (s *Store) ListContacts(ctx context.Context, q contacts.ContactQuery) (inbox.Page[inbox.Contact], error) {
	var page inbox.Page[document.Contact]
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		page, err = readPage(tx, contactListing(q))
		return err
	})
	return store.Convert(page, document.Contact.Contact), fault("list contacts", err)
}

// CountContacts counts the contacts that q would list, up to limit.
func (s *Store) CountContacts(ctx context.Context, q contacts.ContactQuery, limit int) (n int, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		n, err = contactListing(q).count(tx, limit)
		return err
	})
	return n, fault("count contacts", err)
}

func contactListing(q contacts.ContactQuery) listing[document.Contact] {
	where := []clause{{"workspace = ?", []any{string(q.Workspace)}}, {"listed", nil}}
	for _, prefix := range q.Search {
		where = append(where, clause{
			"id IN (SELECT contact FROM contact_words WHERE workspace = ? AND word >= ? AND word < ?)",
			[]any{string(q.Workspace), prefix, document.EndOfPrefix(prefix)},
		})
	}
	return listing[document.Contact]{from: "contacts", where: where, keys: byTime("created_at"), cursor: atTime, desc: true, page: q.Page}
}

// SpreadingContacts lists contacts whose last change not all of their conversations
// have, the longest pending first.
func (s *Store) SpreadingContacts(ctx context.Context, limit int) (out []inbox.Contact, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		docs, err := decode[document.Contact](tx.Query("SELECT body FROM contacts WHERE spreading_since IS NOT NULL ORDER BY spreading_since, id LIMIT ?", limit))
		out = make([]inbox.Contact, 0, len(docs))
		for _, d := range docs {
			out = append(out, d.Contact())
		}
		return err
	})
	return out, fault("list contacts that are being copied", err)
}
