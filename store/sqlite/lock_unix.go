//go:build unix

package sqlite

import (
	"errors"
	"os"
	"syscall"
)

// lock keeps the file at path for this process until unlock, or until it ends.
func lock(path string) (unlock func() error, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unwritable(path, err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(&FolderError{Reason: ErrInUse, Path: path, Remedy: "Stop it, or choose another folder: another process uses the folder, and two would overwrite each other's work.", Cause: err}, file.Close())
	}
	return file.Close, nil
}
