package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"switchboard/store/sqlite"
)

// comparePages notes how many pages of the write-ahead log a commit of each writes.
func (b *bench) comparePages(ctx context.Context, ours, bare func(context.Context) error, durability sqlite.Durability) error {
	mine, err := pages(ctx, ours, filepath.Join(b.dir, "commits-"+string(durability)))
	if err != nil {
		return err
	}
	theirs, err := pages(ctx, bare, bareDir(b.dir, durability))
	if err != nil {
		return err
	}
	b.lines = append(b.lines, line{
		Name: "pages of 4 KiB that a commit writes, " + string(durability), Value: mine / theirs, Unit: "times", Wanted: fmt.Sprintf("the same; %.1f and %.1f", mine, theirs),
	})
	return nil
}

// pages is the mean over a block of steps.
func pages(ctx context.Context, step func(context.Context) error, dir string) (float64, error) {
	var sum, steps, last uint32
	for range block {
		if err := step(ctx); err != nil {
			return 0, err
		}
		now, err := logged(dir)
		if err != nil {
			return 0, err
		}
		if last > 0 && now > last { // else the log began anew
			sum, steps = sum+now-last, steps+1
		}
		last = now
	}
	return float64(sum) / float64(steps), nil
}

// logged is the number of pages in the write-ahead log, as its index has it.
func logged(dir string) (uint32, error) {
	const at = 16 // mxFrame in the header of the index
	f, err := os.Open(filepath.Join(dir, sqlite.FileName+"-shm"))
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	var header [at + 4]byte
	_, err = f.ReadAt(header[:], 0)
	return binary.NativeEndian.Uint32(header[at:]), err
}
