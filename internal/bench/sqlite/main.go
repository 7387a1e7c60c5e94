// Command sqlite measures store/sqlite: every list of a small store beside the same
// list of a large one, the memory that the large one takes, and a commit beside a
// transaction that writes as much into the same tables with the driver alone.
// Everything is measured in turn, several times, and reported as medians and ratios.
// Run it with `make bench-sqlite`; docs/performance.md says with which flags its figures
// were made. -large 1000000 takes an hour and 15 GB.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"switchboard/internal/bench/report"
)

func main() {
	var b bench
	flag.IntVar(&b.small, "small", 10_000, "conversations of the small store")
	flag.IntVar(&b.large, "large", 100_000, "conversations of the large store")
	flag.IntVar(&b.rounds, "rounds", 15, "how often everything is measured; the median is printed")
	flag.StringVar(&b.dir, "dir", "", "folder that keeps the stores for the next run; a temporary one if empty")
	flag.StringVar(&b.only, "only", "", "measure only this: lists or commits")
	asJSON := flag.Bool("json", false, "print JSON")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := b.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench sqlite:", err)
		os.Exit(1)
	}
	if err := report.Print(b.lines, *asJSON); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// line is one result: its name, the figures, and the target.
type line struct {
	Name   string  `json:"name"`
	Small  float64 `json:"small,omitempty"` // microseconds
	Large  float64 `json:"large,omitempty"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Wanted string  `json:"wanted,omitempty"`
}

func (l line) String() string {
	text := fmt.Sprintf("%-44s %10.2f %-6s", l.Name, l.Value, l.Unit)
	if l.Small > 0 {
		text += fmt.Sprintf(" %9.0f µs and %9.0f µs", l.Small, l.Large)
	}
	if l.Wanted != "" {
		text += "   (wanted: " + l.Wanted + ")"
	}
	return text
}
