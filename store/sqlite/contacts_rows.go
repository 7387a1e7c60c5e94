package sqlite

import (
	"database/sql"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// insertContact writes a new row. ErrDuplicateKey when the id is taken, or the external
// id.
func insertContact(tx *sql.Tx, d document.Contact) error {
	return writeContactRow(tx, d, `INSERT INTO contacts (workspace, rev, created_at, listed, external_id, verified_email, verified_phone, spreading_since, body, id)
		VALUES (`+marks(10)+`)`)
}

// updateContact replaces the row of d's id.
func updateContact(tx *sql.Tx, d document.Contact) error {
	return writeContactRow(tx, d, `UPDATE contacts SET workspace = ?, rev = ?, created_at = ?, listed = ?, external_id = ?, verified_email = ?, verified_phone = ?,
		spreading_since = ?, body = ? WHERE id = ?`)
}

func writeContactRow(tx *sql.Tx, d document.Contact, statement string) error {
	body, err := bson.Marshal(d)
	if err != nil {
		return err
	}
	listed := d.MergedInto == "" && !d.Erased
	_, err = tx.Exec(statement, string(d.Workspace), max(d.Rev, document.FirstRev), d.CreatedAt.UnixMilli(), listed, orNull(d.ExternalID), orNull(d.VerifiedEmail), orNull(d.VerifiedPhone),
		timeOrNull(d.SpreadingSince), body, string(d.ID))
	if isDuplicate(err) {
		return commit.ErrDuplicateKey
	}
	if err != nil {
		return err
	}
	return indexWords(tx, d)
}

// indexWords writes the words that a contact is found by.
func indexWords(tx *sql.Tx, d document.Contact) error {
	if _, err := tx.Exec("DELETE FROM contact_words WHERE contact = ?", string(d.ID)); err != nil {
		return err
	}
	for _, w := range d.Words {
		if _, err := tx.Exec("INSERT INTO contact_words (contact, word, workspace) VALUES (?, ?, ?)", string(d.ID), w, string(d.Workspace)); err != nil {
			return err
		}
	}
	return nil
}
