package sqlite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The header of an SQLite file: https://www.sqlite.org/fileformat.html
const (
	headerSize     = 100
	headerMagic    = "SQLite format 3\x00"
	atPageSize     = 16
	atPageCount    = 28
	atUserVersion  = 60
	atApplication  = 68
	maxPageSize    = 65536
	pageSizeOfOne  = 1 // stands for maxPageSize
	bsonLengthSize = 4
)

// applicationID marks the files of this program: "Swbd".
const applicationID = 0x53776264

// inspect looks at the file in dir without changing anything, and refuses it when this
// program must not open it. New says that there is no data yet.
func inspect(dir string) (isNew bool, err error) {
	path := filepath.Join(dir, FileName)
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, checkLog(path)
	case err != nil:
		return false, &FolderError{Reason: ErrUnreadable, Path: path, Remedy: "Run this as the user that runs the server, or change the rights.", Cause: err}
	}
	defer func() { _ = file.Close() }() // it was only read
	info, err := file.Stat()
	if err != nil {
		return false, fmt.Errorf("sqlite: look at %s: %w", path, err)
	}
	header := make([]byte, headerSize)
	n, err := io.ReadFull(file, header)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return true, checkLog(path) // SQLite takes an empty file for a new one
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return false, &FolderError{Reason: ErrUnreadable, Path: path, Remedy: "Check the disk and the rights.", Cause: err}
	}
	if err := judge(path, header[:n], info.Size()); err != nil {
		return false, err
	}
	return false, checkLog(path)
}

// judge says what is wrong with a file that begins so.
func judge(path string, header []byte, size int64) error {
	number := binary.BigEndian.Uint32
	switch {
	case !bytes.HasPrefix(header, []byte(headerMagic)):
		return notOurs(path, header, size)
	case len(header) < headerSize || !hasLog(path) && size < pageBytes(header)*int64(number(header[atPageCount:])):
		return &FolderError{Reason: ErrDamaged, Path: path, Remedy: "It was cut: a part is missing. " + remedyDamaged}
	case number(header[atApplication:]) != applicationID && !hasLog(path):
		return &FolderError{Reason: ErrForeign, Path: path, Remedy: "Choose another folder."}
	case number(header[atUserVersion:]) > schemaVersion:
		return otherVersion(path, int(number(header[atUserVersion:])))
	}
	return nil
}

// notOurs tells the engine before, which wrote one BSON document, from damage.
func notOurs(path string, header []byte, size int64) error {
	if len(header) >= bsonLengthSize && int64(binary.LittleEndian.Uint32(header)) == size {
		return &FolderError{Reason: ErrFormerEngine, Path: path, Remedy: "No release wrote such files, and this program does not read them. Choose another folder, or move the file away to begin anew."}
	}
	return &FolderError{Reason: ErrDamaged, Path: path, Remedy: "It does not begin as a file of this program does. " + remedyDamaged}
}

func otherVersion(path string, version int) error {
	return &FolderError{Reason: ErrOtherVersion, Path: path, Remedy: fmt.Sprintf("It has version %d, and this program reads version %d. Use the program that wrote it, or a newer one.", version, schemaVersion)}
}

// olderVersion is a file that was not opened for writing since an update of the program.
func olderVersion(path string, version int) error {
	return &FolderError{Reason: ErrOlderVersion, Path: path, Remedy: fmt.Sprintf("It has version %d, and this program reads version %d. Start the server once, or run switchboard migrate, which brings it up to date.", version, schemaVersion)}
}

func pageBytes(header []byte) int64 {
	size := int64(binary.BigEndian.Uint16(header[atPageSize:]))
	if size == pageSizeOfOne {
		return maxPageSize
	}
	return size
}

// hasLog reports whether a write-ahead log holds commits that the file lacks, so that
// the header is not the last word.
func hasLog(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}
