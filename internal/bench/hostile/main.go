// Command hostile measures the effect of hostile visitors on honest people: the
// 99th percentile of their request times beside six visitors, divided by the same
// without them, in turn on one server. Server, honest people and visitors are
// processes of their own, the server on a processor of its own if there is more
// than one, and the visitors with the lowest priority on the other: in reality they
// would have their own machines. Run it with `make bench-hostile`.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"
)

// plan describes the measurement.
type plan struct {
	pairs, people, visitors int
	lasting                 time.Duration
	uri                     string
}

// round is one pair of runs.
type round struct {
	Without, With result
	Ratio         float64 // of the p99s
	Megabytes     float64 // most of the server with the visitors
	Asked         int     // probes
	Answered      int
	Hostile       map[string]int
}

// result is the measurement of the honest people.
type result struct {
	Requests int
	P50, P99 float64            // ms
	P99Of    map[string]float64 // ms, by what was asked
	Failures map[string]int
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "child" {
		child(os.Args[2], os.Args[3:])
		return
	}
	var p plan
	flag.IntVar(&p.pairs, "pairs", 5, "pairs of runs; the median of their ratios is printed")
	flag.IntVar(&p.people, "people", 50, "honest people")
	flag.IntVar(&p.visitors, "visitors", 6, "hostile visitors")
	flag.DurationVar(&p.lasting, "lasting", 20*time.Second, "how long each run is")
	flag.StringVar(&p.uri, "mongodb-uri", "", "database for the server; else the embedded engine, in memory")
	flag.Parse()
	rounds, err := p.measure()
	if err != nil {
		fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
	ratios := make([]float64, len(rounds))
	for i, r := range rounds {
		ratios[i] = r.Ratio
		_ = json.NewEncoder(os.Stdout).Encode(r)
		fmt.Printf("p99 %.1f ms without, %.1f ms with: %.2f; p50 %.1f and %.1f; at most %.0f MB; probes %d of %d\n",
			r.Without.P99, r.With.P99, r.Ratio, r.Without.P50, r.With.P50, r.Megabytes, r.Answered, r.Asked)
	}
	slices.Sort(ratios)
	fmt.Printf("p99 of honest people beside %d hostile visitors over without: %.2f   (wanted: at most 1.5)\n", p.visitors, ratios[len(ratios)/2])
}
