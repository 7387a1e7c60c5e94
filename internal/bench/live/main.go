// Command live measures the cost of sending one event to many subscribers: beside a
// raw broadcast, which is one write(2) of one prebuilt frame to each, and beside
// gqlgen's own WebSocket transport on the same schema and resolvers. Servers and
// clients are processes of their own, on different processors if there is more than
// one and taskset is there. Everything is measured in turn, several times, and
// reported as medians and ratios. Run it with `make bench-live`.
package main

import (
	"flag"
	"fmt"
	"os"

	"switchboard/internal/bench/report"
)

func main() {
	raiseLimit()
	if len(os.Args) > 2 && os.Args[1] == "child" {
		child(os.Args[2:])
		return
	}
	rounds := flag.Int("rounds", 5, "how often everything is measured; the median is printed")
	events := flag.Int("events", 10, "events a round")
	asJSON := flag.Bool("json", false, "print JSON")
	only := flag.String("only", "", "measure only this: fanout, selections, stalled or idle")
	flag.Parse()
	b := &bench{rounds: *rounds, events: *events, only: *only}
	if err := b.run(); err != nil {
		fmt.Fprintln(os.Stderr, "live:", err)
		os.Exit(1)
	}
	if err := report.Print(b.lines, *asJSON); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, part := range b.left {
		fmt.Fprintln(os.Stderr, "not run:", part)
	}
}

// line is one result: its name, the figure, its unit and the target.
type line struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Wanted string  `json:"wanted,omitempty"`
}

func (l line) String() string {
	text := fmt.Sprintf("%-62s %10.2f %s", l.Name, l.Value, l.Unit)
	if l.Wanted != "" {
		text += "   (wanted: " + l.Wanted + ")"
	}
	return text
}
