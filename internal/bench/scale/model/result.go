package model

import (
	"cmp"
	"math"
	"slices"
)

// Result is what the model says of a scenario.
type Result struct {
	Scenario
	// Uses are the shares of all resources, the greatest first.
	Uses []Use `json:"uses"`
	// Carries is how many verbs a second use up the first resource, as people grow alike.
	Carries float64 `json:"carriesVerbsPerSecond"`
	// Memory is that of one server, in MB.
	Memory float64 `json:"serverMemoryMB"`
	// Verb and Delivery are from the request to its answer, and to the screen; nil when a
	// resource that they wait for is used up, so that they grow without end.
	Verb     *Percentiles `json:"verb"`
	Delivery *Percentiles `json:"delivery"`
}

// Percentiles are in milliseconds.
type Percentiles struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// full is the share above which a resource is used up. A simulation of a queue above it
// would only show how long it ran.
const full = 0.95

// Run returns the result of each scenario. The same seed gives the same results.
func Run(f Figures, all []Scenario, seed uint64) []Result {
	out := make([]Result, 0, len(all))
	for _, s := range all {
		r := Load(f, s)
		if r.flows() {
			seen := simulate(newLoad(f, s), seed)
			r.Verb, r.Delivery = seen.verb.percentiles(), seen.delivery.percentiles()
		}
		out = append(out, r)
	}
	return out
}

// Load returns the result of a scenario without latencies.
func Load(f Figures, s Scenario) Result {
	l := newLoad(f, s)
	r := Result{Scenario: s, Uses: l.uses(), Memory: l.memory()}
	slices.SortStableFunc(r.Uses, func(a, b Use) int { return cmp.Compare(b.Share, a.Share) })
	r.Carries = s.Verbs / r.First().Share
	return r
}

// flows reports whether nothing is used up that a verb or its delivery waits for.
func (r Result) flows() bool {
	return !slices.ContainsFunc(r.Uses, func(u Use) bool {
		return u.Share > full && slices.Contains(waitedFor(), u.Resource)
	})
}

// First is the resource that breaks first.
func (r Result) First() Use { return r.Uses[0] }

// Breaks reports whether a resource is used up.
func (r Result) Breaks() bool { return r.First().Share > full }

// spread collects times with how often they were met.
type spread struct {
	times []timed
	count int
}

type timed struct {
	nanos int64
	count int
}

func (s *spread) add(nanos int64, count int) {
	s.times = append(s.times, timed{nanos, count})
	s.count += count
}

// percentiles is nil when nothing was met.
func (s *spread) percentiles() *Percentiles {
	if s.count == 0 {
		return nil
	}
	slices.SortFunc(s.times, func(a, b timed) int { return cmp.Compare(a.nanos, b.nanos) })
	return &Percentiles{P50: s.at(0.5), P99: s.at(0.99)}
}

// at is the time that the given share does not exceed, in ms.
func (s *spread) at(share float64) float64 {
	left := int(math.Ceil(share * float64(s.count)))
	for _, t := range s.times {
		if left -= t.count; left <= 0 {
			return float64(t.nanos) / 1e6
		}
	}
	return 0
}
