package sqlite

import (
	"encoding/binary"
	"io"
	"os"
)

// The write-ahead log: https://www.sqlite.org/fileformat.html#the_write_ahead_log
const (
	logHeaderSize   = 32
	logAtPageSize   = 8
	logAtSalts      = 16
	frameHeaderSize = 24
	frameAtSize     = 4 // pages after the commit that a frame ends; 0 within one
	frameAtSalts    = 8
	saltsSize       = 8
	// lockByte is in the one page of a large file that is never written.
	lockByte = 1 << 30
)

// logged is what the log of a file says.
type logged struct {
	pageSize int64
	pages    int64          // of the file after the last commit; 0 without a commit
	written  map[int64]bool // pages that the log holds
}

// readLog reads which pages the log at path holds. SQLite ignores what is behind the
// first frame of another salt. A server may write meanwhile: what was read is the log as
// it was at some commit. A log that is none has no commits.
func readLog(path string) (l logged, err error) {
	file, err := os.Open(path)
	if err != nil {
		return l, err
	}
	defer func() { _ = file.Close() }() // it was only read
	header := make([]byte, logHeaderSize)
	if _, err := io.ReadFull(file, header); err != nil {
		return l, nil //nolint:nilerr // shorter than its header: it holds nothing
	}
	l.pageSize, l.written = int64(binary.BigEndian.Uint32(header[logAtPageSize:])), map[int64]bool{}
	salts, frame := string(header[logAtSalts:logAtSalts+saltsSize]), make([]byte, frameHeaderSize)
	for at := int64(logHeaderSize); ; at += frameHeaderSize + l.pageSize {
		if _, err := file.ReadAt(frame, at); err != nil || string(frame[frameAtSalts:frameAtSalts+saltsSize]) != salts {
			return l, nil //nolint:nilerr // the end
		}
		l.written[int64(binary.BigEndian.Uint32(frame))] = true
		if size := binary.BigEndian.Uint32(frame[frameAtSize:]); size > 0 {
			l.pages = int64(size)
		}
	}
}

// lacks reports whether a file of that size and its log together lack a page: the file
// was cut, or the log is of another file.
func (l logged) lacks(size int64) bool {
	for page := l.pages; page > 0 && page*l.pageSize > size; page-- {
		if !l.written[page] && page != lockByte/l.pageSize+1 {
			return true
		}
	}
	return false
}

// checkLog refuses a file at path that does not belong to the log beside it: SQLite would
// throw such a log away, or write its pages into the file.
func checkLog(path string) error {
	if !hasLog(path) {
		return nil
	}
	l, err := readLog(path + "-wal")
	if err != nil {
		return &FolderError{Reason: ErrUnreadable, Path: path + "-wal", Remedy: "Run this as the user that runs the server, or change the rights.", Cause: err}
	}
	var size int64 // asked after the log was read: a server only makes it longer
	if info, err := os.Stat(path); err == nil {
		size = info.Size()
	}
	if size > 0 && !l.lacks(size) {
		return nil
	}
	return &FolderError{Reason: ErrDamaged, Path: path, Remedy: "It is missing or was cut, or the log beside it, " + FileName + "-wal, is of another file. Keep both. A backup is restored into an empty folder (docs/operating.md, \"Backup and restore of the embedded engine\")."}
}
