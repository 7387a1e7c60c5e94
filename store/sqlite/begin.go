package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
)

// begin makes the tables of a new file, and refuses one that this program does not
// know.
func (s *Store) begin(ctx context.Context) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		isNew, err := s.config.recognise(tx)
		if err != nil || !isNew {
			return err
		}
		if _, err := tx.Exec(schema); err != nil {
			return err
		}
		_, err = tx.Exec(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, schemaVersion))
		return err
	})
}

// recognise reads of whom a file is, and looks at the first row of each table: a damaged
// file often shows there. New says that it holds nothing yet.
func (c Config) recognise(tx *sql.Tx) (isNew bool, err error) {
	var version, application int
	if err := tx.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return false, err
	}
	if err := tx.QueryRow("PRAGMA application_id").Scan(&application); err != nil {
		return false, err
	}
	tables, err := tables(tx)
	if err != nil || version == 0 && application == 0 && len(tables) == 0 {
		return true, err
	}
	path := filepath.Join(c.Dir, FileName)
	switch {
	case application != applicationID:
		return false, &FolderError{Reason: ErrForeign, Path: path, Remedy: "Choose another folder."}
	case version != schemaVersion:
		return false, otherVersion(path, version)
	}
	for _, table := range tables {
		if _, err := countUpTo(tx, table, nil, 1); err != nil {
			return false, err
		}
	}
	return false, nil
}

// tables are the names of all tables.
func tables(tx *sql.Tx) ([]string, error) {
	rows, err := tx.Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	return collect(rows, err, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) })
}
