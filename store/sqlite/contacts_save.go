package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// SaveContacts writes one change of contacts in one transaction.
func (s *Store) SaveContacts(ctx context.Context, save commit.ContactSave) (spread commit.Propagation, err error) {
	err = s.update(ctx, func(tx *sql.Tx) error {
		spread, err = s.writeContacts(tx, save)
		return err
	})
	return spread, fault("save contacts", err)
}

func (s *Store) writeContacts(tx *sql.Tx, save commit.ContactSave) (none commit.Propagation, err error) {
	for _, c := range save.Contacts {
		if c.Workspace != save.Workspace {
			return none, errors.New("sqlite: save contacts: a contact is of another workspace")
		}
		if err := writeContact(tx, c); err != nil {
			return none, err
		}
	}
	if save.Audit != nil {
		if err := writeAudit(tx, *save.Audit); err != nil {
			return none, err
		}
	}
	if save.Event.ID != "" {
		if err := record(tx, save.Event); err != nil {
			return none, err
		}
	}
	if save.Copy == nil {
		return commit.Propagation{Done: true}, nil
	}
	return s.copyContact(tx, *save.Copy)
}

// writeContact gives ErrStale unless the stored revision is the one before, and
// ErrDuplicateKey when the id of a new contact or its external id belongs to another.
func writeContact(tx *sql.Tx, c inbox.Contact) error {
	d := document.OfContact(c)
	if c.Rev == document.FirstRev {
		return insertContact(tx, d)
	}
	if err := holdContact(tx, c.Workspace, commit.ContactGuard{ID: c.ID, Rev: c.Rev - 1}); err != nil {
		return err
	}
	return updateContact(tx, d)
}

// holdContact gives ErrStale unless the contact is of the revision. Nothing changes it
// before the transaction ends.
func holdContact(tx *sql.Tx, ws workspace.WorkspaceID, g commit.ContactGuard) error {
	var rev int
	err := tx.QueryRow("SELECT rev FROM contacts WHERE id = ? AND workspace = ?", string(g.ID), string(ws)).Scan(&rev)
	if errors.Is(err, sql.ErrNoRows) || err == nil && rev != max(g.Rev, document.FirstRev) {
		return commit.ErrStale
	}
	return err
}

// keepContact inserts c unless it is there. ErrDuplicateKey when its external id
// belongs to another contact, or its id to one of another workspace: the conversation
// names c by id and would name nobody.
func keepContact(tx *sql.Tx, c inbox.Contact) error {
	var ws workspace.WorkspaceID
	err := tx.QueryRow("SELECT workspace FROM contacts WHERE id = ?", string(c.ID)).Scan(&ws)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return insertContact(tx, document.OfContact(c))
	case err == nil && ws != c.Workspace:
		return commit.ErrDuplicateKey
	}
	return err
}

// settleContact notes that all conversations of a contact have its last change.
func settleContact(tx *sql.Tx, id inbox.ContactID) error {
	docs, err := decode[document.Contact](tx.Query("SELECT body FROM contacts WHERE id = ? AND spreading_since IS NOT NULL", string(id)))
	if err != nil || len(docs) == 0 {
		return err
	}
	c := docs[0].Contact()
	c.PropagatingSince = inbox.Contact{}.PropagatingSince
	return updateContact(tx, document.OfContact(c))
}
