package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// backupPages is how many pages are copied between two looks at the context, and two
// calls of progress.
const backupPages = 1000

// Backup writes all data as it is at one moment to a new file, while others read and
// write. progress, if not nil, is called with the pages that are done and their total.
// The file is complete and on the disk when Backup returns nil, and absent otherwise. An
// existing file is not touched: the error wraps fs.ErrExist. A full disk is a *FolderError.
// To restore a backup, put it
// into an empty folder as FileName; feeds answer ErrHistoryLost to positions from before.
func (s *Store) Backup(ctx context.Context, to string, progress func(done, total int)) error {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("sqlite: back up to %s: %w", to, errors.Join(err, fs.ErrExist))
	}
	partial, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+".partial-")
	if err != nil {
		return fmt.Errorf("sqlite: back up to %s: %w", to, err)
	}
	defer func() { _ = os.Remove(partial.Name()) }() // it has another name by then
	err = errors.Join(partial.Close(), s.copyTo(ctx, partial.Name(), progress))
	if err == nil {
		err = renew(partial.Name())
	}
	if err == nil {
		err = publish(partial.Name(), to)
	}
	if codeOf(err) == sqlite3.SQLITE_FULL || err != nil && noSpace(filepath.Dir(to)) {
		return &FolderError{
			Reason: ErrFull, Path: to, Cause: err,
			Remedy: "Free some space, or name a file on another disk. The data is as it was.",
		}
	}
	if err != nil {
		return fmt.Errorf("sqlite: back up to %s: %w", to, err)
	}
	return nil
}

// copyTo copies all pages within one transaction that reads, so that no commit makes the
// copy begin again.
func (s *Store) copyTo(ctx context.Context, path string, progress func(done, total int)) error {
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return s.closedOr(err)
	}
	defer func() { _ = conn.Close() }() // it goes back to its pool
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	var version int
	if err := tx.QueryRow("PRAGMA schema_version").Scan(&version); err != nil { // begins to read
		return errors.Join(err, tx.Rollback())
	}
	err = conn.Raw(func(c any) error { return copyPages(ctx, c, path, progress) })
	return errors.Join(err, tx.Rollback())
}

func copyPages(ctx context.Context, c any, path string, progress func(done, total int)) error {
	if wrapped, ok := c.(interface{ Unwrap() driver.Conn }); ok {
		c = wrapped.Unwrap()
	}
	source, ok := c.(interface {
		NewBackup(string) (*sqlite.Backup, error)
	})
	if !ok {
		return fmt.Errorf("the driver's connection is a %T", c)
	}
	backup, err := source.NewBackup(path)
	if err != nil {
		return err
	}
	for more := true; more && err == nil; {
		if more, err = backup.Step(backupPages); err == nil && progress != nil {
			progress(backup.PageCount()-backup.Remaining(), backup.PageCount())
		}
		if err == nil {
			err = ctx.Err()
		}
	}
	return errors.Join(err, backup.Finish())
}

// renew makes a copy another installation: after it was restored, it gives the numbers
// of events a second time, and a position of the feed from before must be known to be
// that. Cursors from before the restore get a gap.
func renew(path string) error {
	db, err := connect(fileURI(path, url.Values{"_pragma": {"synchronous(full)"}}))
	if err != nil {
		return err
	}
	_, err = db.Exec("UPDATE installation SET id = lower(hex(randomblob(8)))")
	return errors.Join(err, db.Close())
}

// publish gives a complete file its name, once it is on the disk.
func publish(partial, to string) error {
	if err := flush(partial); err != nil {
		return err
	}
	if err := os.Link(partial, to); errors.Is(err, fs.ErrExist) {
		return err
	} else if err != nil { // a file system without links
		if err := os.Rename(partial, to); err != nil {
			return err
		}
	}
	return flush(filepath.Dir(to))
}

// flush waits until the disk has a file, or the names in a folder.
func flush(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
