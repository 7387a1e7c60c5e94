package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"switchboard/internal/bench/report"
	"switchboard/store/sqlite"
)

type bench struct {
	small, large, rounds int
	dir, only            string
	lines                []line
}

func (b *bench) run(ctx context.Context) error {
	if b.dir == "" {
		dir, err := os.MkdirTemp("", "switchboard-bench-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		b.dir = dir
	}
	if b.only != "commits" {
		if err := b.lists(ctx); err != nil {
			return err
		}
	}
	if b.only != "lists" {
		return b.commits(ctx)
	}
	return nil
}

// lists measures every list of both stores, in turn.
func (b *bench) lists(ctx context.Context) error {
	small, err := b.open(ctx, b.small)
	if err != nil {
		return err
	}
	defer func() { _ = small.store.Close(ctx) }()
	large, err := b.open(ctx, b.large)
	if err != nil {
		return err
	}
	defer func() { _ = large.store.Close(ctx) }()
	for _, l := range listings() {
		if err := b.compare(ctx, l, small, large); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	debug.FreeOSMemory()
	b.lines = append(b.lines, line{Name: fmt.Sprintf("memory of both stores after %d and %d", b.small, b.large), Value: residentMiB(), Unit: "MiB", Wanted: "at most 400"})
	return nil
}

// compare runs a list on both stores in turn. Each takes some milliseconds a round.
func (b *bench) compare(ctx context.Context, l listing, small, large *filled) error {
	var ratios, ours, theirs []float64
	for range b.rounds {
		s, err := timed(ctx, l, small)
		if err != nil {
			return err
		}
		t, err := timed(ctx, l, large)
		if err != nil {
			return err
		}
		ratios, ours, theirs = append(ratios, t/s), append(ours, s), append(theirs, t)
	}
	b.lines = append(b.lines, line{Name: l.name, Small: report.Median(ours), Large: report.Median(theirs), Value: report.Median(ratios), Unit: "times", Wanted: "at most 1.5"})
	return nil
}

// timed is how many microseconds the list takes, as the mean of several runs for each
// of some members and contacts.
func timed(ctx context.Context, l listing, f *filled) (float64, error) {
	const runs = 8
	begin := time.Now()
	for i := range runs {
		n, err := l.run(ctx, f, i)
		if err != nil {
			return 0, err
		}
		if n < l.least {
			return 0, fmt.Errorf("it has %d, and %d are expected: it measures nothing", n, l.least)
		}
	}
	return float64(time.Since(begin).Microseconds()) / runs, nil
}

// open opens a store of n conversations, and fills it unless it is there.
func (b *bench) open(ctx context.Context, n int) (*filled, error) {
	dir := filepath.Join(b.dir, strconv.Itoa(n))
	s, err := sqlite.Open(ctx, sqlite.Config{Dir: dir, Durability: sqlite.Relaxed, Timeout: time.Hour})
	if err != nil {
		return nil, err
	}
	f := &filled{store: s, n: n}
	return f, f.fill(ctx)
}

// residentMiB is the memory of this process that the system keeps.
func residentMiB() float64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for l := range strings.Lines(string(data)) {
		var kb float64
		if _, err := fmt.Sscanf(l, "VmRSS: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	return 0
}
