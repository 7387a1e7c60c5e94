package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"slices"

	sqlite3 "modernc.org/sqlite/lib"
)

// errReadOnly is a fault in the program: a store that OpenReadOnly opened is written to.
var errReadOnly = errors.New("sqlite: the store was opened for reading only")

// OpenReadOnly opens the data of a folder for reading, also beside a process that
// writes: it sees the last commit. It makes no data; SQLite may leave the files of its
// log, empty, beside it. The error is a *FolderError when there is no data or it cannot
// be read.
func OpenReadOnly(ctx context.Context, c Config) (*Store, error) {
	isNew, err := inspect(c.Dir)
	if err == nil && (isNew || c.Dir == "") {
		err = missingData(c.Dir)
	}
	if err != nil {
		return nil, err
	}
	s, err := openReadOnly(ctx, c.complete(), url.Values{"mode": {"ro"}})
	if slices.Contains([]int{sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}, codeOf(err)) && !hasLog(filepath.Join(c.Dir, FileName)) {
		// The folder cannot be written to, so that nobody here writes to the file.
		s, err = openReadOnly(ctx, c.complete(), url.Values{"mode": {"ro"}, "immutable": {"1"}})
	}
	return s, err
}

func openReadOnly(ctx context.Context, c Config, q url.Values) (*Store, error) {
	q.Set("_txlock", "deferred")
	q["_pragma"] = []string{"busy_timeout(10000)", "temp_store(memory)", "cache_size(-16000)", "query_only(1)"}
	read, err := connect(fileURI(filepath.Join(c.Dir, FileName), q))
	if err != nil {
		return nil, err
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	s := &Store{config: c, read: read, turn: make(chan struct{}, 1), unlock: func() error { return nil }}
	err = s.view(ctx, func(tx *sql.Tx) error {
		version, err := c.recognise(tx)
		switch {
		case err != nil:
			return err
		case version == 0:
			return missingData(c.Dir)
		case version < schemaVersion:
			return olderVersion(filepath.Join(c.Dir, FileName), version)
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(c.unopened(err), s.Close(ctx))
	}
	return s, nil
}
