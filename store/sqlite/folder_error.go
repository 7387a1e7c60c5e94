package sqlite

import "errors"

// The reasons of a FolderError.
var (
	// ErrMissing is a folder without data, where a command needs some.
	ErrMissing = errors.New("there is no data")
	// ErrInUse is a folder that another process has open for writing.
	ErrInUse = errors.New("another process uses the data")
	// ErrUnwritable is a folder or file that cannot be made or written to.
	ErrUnwritable = errors.New("the data cannot be written to")
	// ErrUnreadable is a file that cannot be read for want of rights.
	ErrUnreadable = errors.New("the data cannot be read")
	// ErrFull is a disk without space.
	ErrFull = errors.New("the disk is full")
	// ErrDamaged is a file that was cut or overwritten.
	ErrDamaged = errors.New("the data is damaged")
	// ErrFormerEngine is a file of the engine before this one.
	ErrFormerEngine = errors.New("the data is of the engine before this one")
	// ErrOtherVersion is a file that a newer version of the program wrote.
	ErrOtherVersion = errors.New("the data is of a newer version")
	// ErrOlderVersion is a file that was not brought up to date since an update.
	ErrOlderVersion = errors.New("the data is of an older version")
	// ErrForeign is a file that another program wrote.
	ErrForeign = errors.New("the file is of another program")
)

// FolderError is something about the data folder that an operator has to mend. Nothing
// in the folder was changed.
type FolderError struct {
	// Reason is one of the errors above.
	Reason error
	// Path is the folder, or the file in it.
	Path string
	// Remedy says what to do.
	Remedy string
	// Cause is the error of the system or of SQLite; nil if there is none.
	Cause error
}

// Error returns what is wrong, where, and what to do.
func (e *FolderError) Error() string {
	text := "sqlite: " + e.Reason.Error() + ": " + e.Path + ". " + e.Remedy
	if e.Cause != nil {
		text += " (" + e.Cause.Error() + ")"
	}
	return text
}

// Unwrap gives the reason and the cause.
func (e *FolderError) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Reason}
	}
	return []error{e.Reason, e.Cause}
}

// remedyDamaged is what to do about a damaged file.
const remedyDamaged = `Keep it, and restore a backup into another folder (docs/operating.md, "Backup and restore of the embedded engine").`
