package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	sqlite3 "modernc.org/sqlite/lib"
)

// prepare makes the folder and keeps other processes out of it, unless it must not be
// opened.
func (c Config) prepare() (unlock func() error, err error) {
	if c.Dir == "" {
		return func() error { return nil }, nil
	}
	if info, err := os.Stat(c.Dir); err == nil && !info.IsDir() {
		return nil, &FolderError{Reason: ErrUnwritable, Path: c.Dir, Remedy: "It is not a folder. Choose another."}
	}
	isNew, err := inspect(c.Dir)
	if err == nil && isNew && c.MustExist {
		err = missingData(c.Dir)
	}
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, unwritable(c.Dir, err)
	}
	unlock, err = lock(filepath.Join(c.Dir, FileName+".lock"))
	if err != nil {
		return nil, err
	}
	if err := writable(filepath.Join(c.Dir, FileName)); err != nil {
		return nil, errors.Join(err, unlock())
	}
	return unlock, nil
}

func missingData(dir string) error {
	return &FolderError{Reason: ErrMissing, Path: dir, Remedy: "Name the folder of a server, which holds " + FileName + "."}
}

// writable opens the file for writing, without changing it: SQLite would open one that
// is not writable for reading, and fail later. A new one is made for its owner alone, as
// it holds secrets; SQLite gives the log the same rights.
func writable(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return unwritable(path, err)
	}
	return file.Close()
}

// unwritable says why something could not be made or opened for writing.
func unwritable(path string, cause error) error {
	if errors.Is(cause, syscall.ENOSPC) {
		return full(path, cause)
	}
	return &FolderError{Reason: ErrUnwritable, Path: path, Remedy: "Change its rights for the user that runs the server, or choose another folder.", Cause: cause}
}

func full(path string, cause error) error {
	return &FolderError{Reason: ErrFull, Path: path, Remedy: "Free some space: what was stored is still there.", Cause: cause}
}

// unopened says why SQLite did not open the file.
func (c Config) unopened(err error) error {
	var known *FolderError
	path := filepath.Join(c.Dir, FileName)
	switch code := codeOf(err); {
	case errors.As(err, &known):
		return err
	case code == sqlite3.SQLITE_CORRUPT, code == sqlite3.SQLITE_NOTADB:
		return &FolderError{Reason: ErrDamaged, Path: path, Remedy: remedyDamaged, Cause: err}
	case c.Dir == "":
		return err
	case code == sqlite3.SQLITE_FULL, (code == sqlite3.SQLITE_IOERR || code == sqlite3.SQLITE_CANTOPEN) && noSpace(c.Dir):
		return full(path, err)
	case code == sqlite3.SQLITE_READONLY, code == sqlite3.SQLITE_CANTOPEN, code == sqlite3.SQLITE_PERM:
		return unwritable(path, err)
	}
	return err
}

// noSpace reports whether a page more cannot be written into the folder. SQLite says of
// some writes to a full disk only that they failed.
func noSpace(dir string) bool {
	file, err := os.CreateTemp(dir, "space-")
	if err != nil {
		return errors.Is(err, syscall.ENOSPC)
	}
	_, err = file.Write(make([]byte, 1<<16))
	return errors.Is(errors.Join(err, file.Close(), os.Remove(file.Name())), syscall.ENOSPC)
}
