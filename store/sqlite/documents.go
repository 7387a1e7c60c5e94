package sqlite

import (
	"database/sql"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/commit"
)

// collection names documents of one kind in the table documents. The names are those
// of store/mongo's collections.
type collection string

// stored is one row of the table documents.
type stored struct {
	ID, Workspace string
	Rev           int
	Doc           any
}

// get reads a document; ok is false when there is none.
func get[D any](tx *sql.Tx, in collection, id string) (doc D, ok bool, err error) {
	var body []byte
	err = tx.QueryRow("SELECT body FROM documents WHERE collection = ? AND id = ?", string(in), id).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return doc, false, nil
	}
	if err != nil {
		return doc, false, err
	}
	return doc, true, bson.Unmarshal(body, &doc)
}

// all reads the documents of a workspace, by id.
func all[D any](tx *sql.Tx, in collection, workspace string) ([]D, error) {
	rows, err := tx.Query("SELECT body FROM documents WHERE collection = ? AND workspace = ? ORDER BY id", string(in), workspace)
	return decode[D](rows, err)
}

// decode reads all rows of one body each, and closes them.
func decode[D any](rows *sql.Rows, err error) ([]D, error) { return collect(rows, err, scanBody[D]) }

// put writes a document, in the place of the one before it.
func put(tx *sql.Tx, in collection, d stored) error {
	body, err := bson.Marshal(d.Doc)
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO documents (collection, id, workspace, rev, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (collection, id) DO UPDATE SET workspace = excluded.workspace, rev = excluded.rev, body = excluded.body",
		string(in), d.ID, d.Workspace, d.Rev, body)
	return err
}

// replace writes revision d.Rev in the place of the one before it, or inserts the
// first. ErrStale when the stored one is not the one before, or is of another workspace.
func replace(tx *sql.Tx, in collection, d stored) error {
	rev, workspace := 0, d.Workspace
	err := tx.QueryRow("SELECT rev, workspace FROM documents WHERE collection = ? AND id = ?", string(in), d.ID).Scan(&rev, &workspace)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if rev != d.Rev-1 || workspace != d.Workspace {
		return commit.ErrStale
	}
	return put(tx, in, d)
}

// remove deletes a document, if it is there.
func remove(tx *sql.Tx, in collection, id string) error {
	_, err := tx.Exec("DELETE FROM documents WHERE collection = ? AND id = ?", string(in), id)
	return err
}
