package blackbox_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"
)

// faultResult is what the run has to say.
type faultResult struct {
	Seed       uint64            `json:"seed"`
	Done       map[string]int    `json:"faults"`
	Order      []string          `json:"order"`
	Skipped    map[string]string `json:"notTried"`
	Mutations  map[string]int    `json:"mutationsByCode"`
	Verbs      map[string]int    `json:"doneByVerb"`
	Retries    int               `json:"retries"`
	Most       int               `json:"mostTries"`
	Late       int               `json:"doneAfterARefusal"`
	Reconnects int               `json:"reconnects"`
	Gaps       int               `json:"gapsTold"`
	Events     int               `json:"events"`
	Waited     string            `json:"queuesSettledAfter"`
	Held       string            `json:"waitedLastFor"`
	Awaited    string            `json:"streamsWaitedLastFor"`
	Took       []string          `json:"took"`
	Checks     []faultVerdict    `json:"checks"`
	Faults     []string          `json:"found"`

	first time.Time
	noted time.Duration
}

type faultVerdict struct {
	Name  string `json:"name"`
	Of    string `json:"of"`
	Wrong int    `json:"wrong"`
}

func newFaultResult(seed uint64) faultResult {
	return faultResult{Seed: seed, Done: map[string]int{}, Skipped: map[string]string{}, Mutations: map[string]int{}, Verbs: map[string]int{}}
}

// did notes a fault, and when after the first it began.
func (f *faultResult) did(kind string, began time.Time) {
	if f.first.IsZero() {
		f.first = began
	}
	if f.Skipped[kind] == "" {
		f.Done[kind]++
		f.Order = append(f.Order, fmt.Sprintf("%v %s", began.Sub(f.first).Round(time.Millisecond), kind))
	}
}

// took notes how long a part of the run took, behind those noted before.
func (f *faultResult) took(part string, began time.Time) {
	now := time.Since(began)
	f.Took = append(f.Took, fmt.Sprintf("%v %s", (now-f.noted).Round(100*time.Millisecond), part))
	f.noted = now
}

func (f *faultResult) skip(kind, why string) { f.Skipped[kind] = why }

func (f *faultResult) fault(of, text string) { f.Faults = append(f.Faults, of+": "+text) }

func (f *faultResult) check(name, of string, wrong int) {
	f.Checks = append(f.Checks, faultVerdict{name, of, wrong})
}

func (f *faultResult) count(a faultAnswer) {
	code := cmp.Or(a.failed, a.code, "done")
	f.Mutations[code]++
	if code == "done" {
		f.Verbs[a.verb]++
	}
	f.Retries += a.tries - 1
	f.Most = max(f.Most, a.tries)
}

func (f *faultResult) listened(s *faultStream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Reconnects += max(s.times-1, 0)
	f.Gaps += s.toldGaps
}

// report prints the result as a table, and writes it where it was asked for.
func (f *faultResult) report(t *testing.T) {
	t.Helper()
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	line := func(cells ...any) { _, _ = fmt.Fprintf(out, "%v\t%v\n", cells...) }
	line("Fault run", fmt.Sprintf("seed %d", f.Seed))
	section := func(title string, counts map[string]int) {
		line("\n"+title, "times")
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			line("  "+name, counts[name])
		}
	}
	section("Faults", f.Done)
	for _, name := range slices.Sorted(maps.Keys(f.Skipped)) {
		line("  "+name, "not tried: "+f.Skipped[name])
	}
	section("Mutations by code", f.Mutations)
	section("Done by verb", f.Verbs)
	line("\nRetries with the same key", f.Retries)
	line("Most attempts at one mutation", f.Most)
	line("Done by a late attempt, after a refusal", f.Late)
	line("Reconnects of subscribers", f.Reconnects)
	line("Gaps told", f.Gaps)
	line("Events", f.Events)
	line("Queues settled after", f.Waited)
	line("Waited last for", cmp.Or(f.Held, "nothing"))
	line("Streams waited last for", cmp.Or(f.Awaited, "nothing"))
	line("Time", strings.Join(f.Took, ", "))
	line("\nChecks", "")
	for _, c := range f.Checks {
		line("  "+c.Name, fmt.Sprintf("%s: %d wrong", c.Of, c.Wrong))
	}
	require.NoError(t, out.Flush())
	printed := map[string]int{}
	for _, found := range f.Faults {
		// The first few of each kind say enough.
		kind := found[:min(len(found), 16)]
		if printed[kind]++; printed[kind] <= 5 {
			fmt.Println("WRONG", found)
		}
	}
	if path := os.Getenv(envFaultsJSON); path != "" {
		faultWrite(t, path, f)
	}
}

func faultWrite(t *testing.T, path string, value any) {
	t.Helper()
	data, err := json.MarshalIndent(value, "", "  ")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(data, '\n'), 0o600))
}
