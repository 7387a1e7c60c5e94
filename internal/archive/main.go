// Command archive packs a folder so that the same files always give the same bytes: sorted,
// without owners, and all of one time. It writes FOLDER.tar.gz into a folder, and
// FOLDER.zip for a folder with an .exe in it.
//
//	archive FOLDER INTO
package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "archive:", err)
		os.Exit(1)
	}
}

// file is one to pack; its mode is 0755 if anybody may execute it, else 0644.
type file struct {
	name, path string
	mode       os.FileMode
	size       int64
}

func run(args []string) (err error) {
	if len(args) != 2 {
		return errors.New("usage: archive FOLDER INTO")
	}
	folder, ending, pack := args[0], ".tar.gz", packTar
	files, err := list(folder)
	if err != nil {
		return err
	}
	for _, f := range files {
		if strings.HasSuffix(f.name, ".exe") {
			ending, pack = ".zip", packZip
		}
	}
	out, err := os.Create(filepath.Join(args[1], filepath.Base(folder)+ending))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return pack(out, files)
}

// list names the files of a folder in order, below the folder's own name.
func list(folder string) (out []file, err error) {
	entries, err := os.ReadDir(folder) // sorted
	for _, entry := range entries {
		info, failed := entry.Info()
		if failed != nil {
			return nil, failed
		}
		mode := os.FileMode(0o644)
		if info.Mode()&0o111 != 0 {
			mode = 0o755
		}
		out = append(out, file{filepath.Base(folder) + "/" + entry.Name(), filepath.Join(folder, entry.Name()), mode, info.Size()})
	}
	return out, err
}

// moment is the time of every file: the first that zip knows.
func moment() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }

func packTar(to io.Writer, files []file) error {
	squeezed, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(squeezed)
	for _, f := range files {
		header := &tar.Header{Name: f.name, Mode: int64(f.mode), Size: f.size, ModTime: moment(), Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if err := put(archive, f.path); err != nil {
			return err
		}
	}
	return errors.Join(archive.Close(), squeezed.Close())
}

func packZip(to io.Writer, files []file) error {
	archive := zip.NewWriter(to)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: moment()}
		header.SetMode(f.mode)
		entry, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if err := put(entry, f.path); err != nil {
			return err
		}
	}
	return archive.Close()
}

func put(to io.Writer, path string) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close() // it was only read
	_, err = io.Copy(to, from)
	return err
}
