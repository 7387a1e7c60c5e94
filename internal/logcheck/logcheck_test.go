package logcheck_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/internal/logcheck"
)

// logOf makes a log of the lanes of its records.
func logOf(lanes []string) (l logcheck.Log) {
	versions := map[string]int{}
	for i, lane := range lanes {
		versions[lane]++
		l = append(l, logcheck.Record{
			Sequence: int64(i + 1), ID: fmt.Sprint("e", i+1), Kind: logcheck.Ownership, Lane: lane,
			State: logcheck.State{Owner: fmt.Sprint("owner", i), Status: "OPEN", Version: versions[lane]},
		})
	}
	return l
}

// delivery reads what runs.csv says of one.
func delivery(t *testing.T, l logcheck.Log, word string) (d logcheck.Delivery) {
	t.Helper()
	number := func(text string) int64 {
		end := strings.IndexFunc(text, func(c rune) bool { return c < '0' || c > '9' })
		if end < 0 {
			end = len(text)
		}
		n, err := strconv.ParseInt(text[:end], 10, 64)
		require.NoError(t, err, word)
		return n
	}
	d.Sequence = number(word)
	id := d.Sequence
	if _, of, other := strings.Cut(word, "="); other {
		id = number(of)
	}
	d.ID = fmt.Sprint("e", id)
	if id > 0 && id <= int64(len(l)) {
		state := l[id-1].State
		d.State = &state
	}
	if _, previous, named := strings.Cut(word, "<"); named {
		d.Previous = number(previous)
	}
	if strings.Contains(word, "~") {
		d.State.Owner = "somebody else"
	}
	if strings.Contains(word, "*") {
		d.Replay = "again"
	}
	d.Refused = strings.Contains(word, "!")
	return d
}

func rulesOf(faults []logcheck.Fault) (out []string) {
	for _, f := range faults {
		if !slices.Contains(out, string(f.Rule)) {
			out = append(out, string(f.Rule))
		}
	}
	return out
}

// out leaves out what is in a lane of these.
func out(unseen []string) func(logcheck.Record) logcheck.Want {
	return func(r logcheck.Record) logcheck.Want {
		if slices.Contains(unseen, r.Lane) {
			return logcheck.Never
		}
		return logcheck.Always
	}
}

// Whatever is wrong with what somebody got of the log is found, and nothing else. B:V12
func TestCheck(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/runs.csv")
	require.NoError(t, err)
	defer file.Close()
	rows := csv.NewReader(file)
	rows.Comment, rows.TrimLeadingSpace, rows.FieldsPerRecord = '#', true, 8
	all, err := rows.ReadAll()
	require.NoError(t, err)
	broken := map[string]bool{}
	for _, row := range all {
		t.Run(row[0], func(t *testing.T) {
			l := logOf(strings.Fields(row[5]))
			r := logcheck.Receiver{Name: "crm", Order: logcheck.Order(row[1]), Once: row[2] == "true", Chained: row[3] == "true", Wants: out(strings.Fields(row[4]))}
			for word := range strings.FieldsSeq(row[6]) {
				r.Got = append(r.Got, delivery(t, l, word))
			}
			faults := l.Check(r)
			require.Equal(t, strings.Fields(row[7]), append([]string{}, rulesOf(faults)...), faults)
			for _, f := range faults {
				broken[string(f.Rule)] = true
				require.Contains(t, f.String(), "to crm, record ")
			}
		})
	}
	require.Len(t, broken, 8, "each rule is broken by some run: %v", broken)
}

// right draws what a receiver in lanes gets that fails now and then, and may be sent again
// what it took.
func right(t *rapid.T, l logcheck.Log, wants func(logcheck.Record) logcheck.Want) (got []logcheck.Delivery) {
	queues, previous := map[string][]logcheck.Delivery{}, int64(0)
	var lanes []string
	for _, r := range l {
		if wants(r) != logcheck.Always {
			continue
		}
		state := r.State
		queues[r.Lane] = append(queues[r.Lane], logcheck.Delivery{ID: r.ID, Sequence: r.Sequence, Previous: previous, State: &state})
		previous = r.Sequence
		if !slices.Contains(lanes, r.Lane) {
			lanes = append(lanes, r.Lane)
		}
	}
	for len(lanes) > 0 {
		lane := rapid.SampledFrom(lanes).Draw(t, "lane")
		one := queues[lane][0]
		one.Refused = rapid.IntRange(0, 2).Draw(t, "fails") == 0
		got = append(got, one)
		if one.Refused {
			continue
		}
		if rapid.IntRange(0, 9).Draw(t, "again") == 0 {
			got = append(got, one)
		}
		if queues[lane] = queues[lane][1:]; len(queues[lane]) == 0 {
			lanes = slices.DeleteFunc(lanes, func(l string) bool { return l == lane })
		}
	}
	return got
}

// Whatever is right is found right, and any fault that is planted into it is found. B:V12
func TestPlantedFaultsAreFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := logOf(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "unseen"}), 4, 40).Draw(t, "log"))
		r := logcheck.Receiver{Name: "crm", Order: logcheck.InLanes, Chained: true, Wants: out([]string{"unseen"})}
		r.Got = right(t, l, r.Wants)
		require.Empty(t, l.Check(r))
		if len(r.Got) == 0 {
			return
		}
		victim := rapid.SampledFrom(r.Got).Draw(t, "victim")
		for rule, plant := range map[logcheck.Rule]func([]logcheck.Delivery) []logcheck.Delivery{
			logcheck.Missing: func(all []logcheck.Delivery) []logcheck.Delivery {
				return slices.DeleteFunc(all, func(d logcheck.Delivery) bool { return d.Sequence == victim.Sequence && !d.Refused })
			},
			logcheck.Number: func(all []logcheck.Delivery) []logcheck.Delivery {
				double := victim
				double.ID = "another"
				return append(all, double)
			},
			logcheck.Chain: func(all []logcheck.Delivery) []logcheck.Delivery {
				hole := victim
				hole.Previous++
				return append(all, hole)
			},
			logcheck.Foreign: func(all []logcheck.Delivery) []logcheck.Delivery {
				at := slices.IndexFunc(l, func(one logcheck.Record) bool { return one.Lane == "unseen" })
				if at < 0 {
					l = append(l, logcheck.Record{Sequence: int64(len(l) + 1), ID: "new", Kind: logcheck.Ownership, Lane: "unseen"})
					at = len(l) - 1
				}
				return append(all, logcheck.Delivery{ID: l[at].ID, Sequence: l[at].Sequence})
			},
		} {
			planted := r
			planted.Got = plant(slices.Clone(r.Got))
			require.Contains(t, rulesOf(l.Check(planted)), string(rule))
		}
		swapped := r
		swapped.Got = slices.Clone(r.Got)
		slices.Reverse(swapped.Got)
		if lane := l[victim.Sequence-1].Lane; len(slices.DeleteFunc(slices.Clone(l), func(one logcheck.Record) bool { return one.Lane != lane })) > 1 {
			require.Contains(t, rulesOf(l.Check(swapped)), string(logcheck.Ordered))
		}
	})
}
