package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
)

// deliveriesByState finds the deliveries of an endpoint by their state, which is in rev. A
// program that does not know the index keeps it up to date all the same, so that it is no
// other version of the schema.
const deliveriesByState = "CREATE INDEX IF NOT EXISTS deliveries_by_state ON documents (rev, id) WHERE " + delivery

// begin makes the tables of a new file and those that an older one lacks, and refuses one
// that this program does not know.
func (s *Store) begin(ctx context.Context) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		if err := s.config.raise(tx); err != nil {
			return err
		}
		_, err := tx.Exec(deliveriesByState)
		return err
	})
}

// raise brings the schema to this program's version.
func (c Config) raise(tx *sql.Tx) error {
	version, err := c.recognise(tx)
	if err != nil || version == schemaVersion {
		return err
	}
	if version == 0 {
		_, err = tx.Exec(schema)
	}
	if err == nil && version < 3 {
		_, err = tx.Exec(schema3)
	}
	if err == nil {
		err = keepFeeders(tx)
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, schemaVersion))
	return err
}

// recognise reads of whom a file is, and looks at the first row of each table: a damaged
// file often shows there. It returns the version of its schema; 0 if it holds nothing yet.
func (c Config) recognise(tx *sql.Tx) (version int, err error) {
	var application int
	if err := tx.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return 0, err
	}
	if err := tx.QueryRow("PRAGMA application_id").Scan(&application); err != nil {
		return 0, err
	}
	tables, err := tables(tx)
	if err != nil || version == 0 && application == 0 && len(tables) == 0 {
		return 0, err
	}
	path := filepath.Join(c.Dir, FileName)
	switch {
	case application != applicationID:
		return 0, &FolderError{Reason: ErrForeign, Path: path, Remedy: "Choose another folder."}
	case version < 1 || version > schemaVersion:
		return 0, otherVersion(path, version)
	}
	for _, table := range tables {
		if _, err := countUpTo(tx, table, nil, 1); err != nil {
			return 0, err
		}
	}
	return version, nil
}

// tables are the names of all tables.
func tables(tx *sql.Tx) ([]string, error) {
	rows, err := tx.Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	return collect(rows, err, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) })
}
