package sqlite

import (
	"database/sql"

	"switchboard/inbox/commit"
	"switchboard/store/document"
)

// rowOf is the row of an entity in the table documents.
func rowOf(d document.Entity) stored { return stored{d.ID, string(d.Workspace), d.Rev, d.Doc} }

// insertEntity gives ErrStale when there is an entity of that id, in whatever workspace.
func insertEntity(tx *sql.Tx, d document.Entity) error {
	var there bool
	err := tx.QueryRow("SELECT EXISTS (SELECT 1 FROM documents WHERE collection = ? AND id = ?)", d.Collection, d.ID).Scan(&there)
	if err == nil && there {
		err = commit.ErrStale
	}
	if err == nil {
		err = put(tx, collection(d.Collection), rowOf(d))
	}
	if err == nil {
		err = offboard(tx, d)
	}
	return err
}

// writeEntity gives ErrStale when the revision is not one more than the stored one.
func writeEntity(tx *sql.Tx, d document.Entity) error {
	if d.Rev == 1 {
		return insertEntity(tx, d)
	}
	if err := replace(tx, collection(d.Collection), rowOf(d)); err != nil {
		return err
	}
	return offboard(tx, d)
}

// whyStale finds out why an entity was not written.
func whyStale(tx *sql.Tx, d document.Entity) error {
	var there bool
	err := tx.QueryRow("SELECT EXISTS (SELECT 1 FROM documents WHERE collection = ? AND id = ? AND workspace = ?)", d.Collection, d.ID, string(d.Workspace)).Scan(&there)
	if err != nil {
		return err
	}
	return d.WhyStale(there)
}

// offboard notes whether conversations of the entity have to be reassigned.
func offboard(tx *sql.Tx, d document.Entity) (err error) {
	if d.Since.IsZero() {
		_, err = tx.Exec("DELETE FROM offboardings WHERE collection = ? AND id = ?", d.Collection, d.ID)
		return err
	}
	_, err = tx.Exec("INSERT OR REPLACE INTO offboardings (collection, id, workspace, since) VALUES (?, ?, ?, ?)", d.Collection, d.ID, string(d.Workspace), d.Since.UnixMilli())
	return err
}
