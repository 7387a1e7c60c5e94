package streamcheck_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/streamcheck"
)

// told reads "a b | c / d": texts in order, | for a gap, / where it began anew.
func told(text string) (items []streamcheck.Item) {
	for word := range strings.FieldsSeq(text) {
		if word == "|" || word == "/" {
			items = append(items, streamcheck.Item{Gap: true, Anew: word == "/"})
			continue
		}
		items = append(items, streamcheck.Item{Text: word})
	}
	return items
}

// What is shown may be newer than what was due, and never older. B:V8b
func TestRevisions(t *testing.T) {
	t.Parallel()
	text := func(revision int) string { return streamcheck.ChangeText("UPDATED", "c", revision) }
	for name, test := range map[string]struct {
		want, got []int
		rule      streamcheck.Rule
	}{
		"as due":                     {[]int{1, 2, 3}, []int{1, 2, 3}, ""},
		"newer, as it was missed":    {[]int{1, 2, 3}, []int{3, 3, 3}, ""},
		"older":                      {[]int{1, 2, 3}, []int{1, 1, 3}, streamcheck.Older},
		"not shown, and was due":     {[]int{1, 2}, []int{1, 0}, streamcheck.Foreign},
		"shown, and not to be shown": {[]int{1, 0}, []int{1, 2}, streamcheck.Repeated},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := streamcheck.Record{}
			for i := range test.want {
				r.Want, r.Got = append(r.Want, text(test.want[i])), append(r.Got, streamcheck.Item{Text: text(test.got[i])})
			}
			fault, ok := r.Check()
			require.Equal(t, test.rule == "", ok, fault.String())
			require.Equal(t, test.rule, fault.Rule)
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		want, got string
		rule      streamcheck.Rule // empty when all is well
		at        int
	}{
		"nothing happened":                  {"", "", "", 0},
		"everything":                        {"a b c", "a b c", "", 0},
		"equal things":                      {"a b a b", "a b a b", "", 0},
		"nothing was told":                  {"a b", "", streamcheck.Missing, 0},
		"the first is missing":              {"a b c", "b c", streamcheck.Missing, 0},
		"one is missing":                    {"a b c", "a c", streamcheck.Missing, 1},
		"the last is missing":               {"a b c", "a b", streamcheck.Missing, 2},
		"one of two equal things":           {"a b a", "a b", streamcheck.Missing, 2},
		"one again":                         {"a b c", "a a b c", streamcheck.Repeated, 1},
		"one again much later":              {"a b c", "a b c a", streamcheck.Repeated, 3},
		"in another order":                  {"a b c", "a c b", streamcheck.Missing, 1},
		"what nobody did":                   {"a b", "a x b", streamcheck.Foreign, 1},
		"what nobody did, at the end":       {"a b", "a b x", streamcheck.Foreign, 2},
		"a gap":                             {"a b c d", "a | c d", "", 0},
		"a gap in which nothing was":        {"a b", "a | b", "", 0},
		"a gap first":                       {"a b c", "| c", "", 0},
		"a gap last":                        {"a b c", "a |", "", 0},
		"two gaps":                          {"a b c d e", "a | c | e", "", 0},
		"two gaps at once":                  {"a b c", "a | | c", "", 0},
		"equal things behind a gap":         {"a b a b", "| a b", "", 0},
		"equal things between gaps":         {"a b a b c", "| a b | c", "", 0},
		"a gap, and one is missing behind":  {"a b c d e", "a | c e", streamcheck.Missing, 3},
		"a gap, and one is missing before":  {"a b c d e", "b | d e", streamcheck.Missing, 0},
		"a gap, and the last is missing":    {"a b c d", "a | c", streamcheck.Missing, 3},
		"a gap, and back before it":         {"a b c d", "a b | a b c d", streamcheck.Repeated, 3},
		"a gap, and again what came before": {"a b c d", "a b | b c d", streamcheck.Repeated, 3},
		"begun anew, further on":            {"a b c d", "a / d", "", 0},
		"begun anew, before":                {"a b c d", "a b c / b c d", "", 0},
		"begun anew, before, and more":      {"a b c d e", "a b c / b c / e", "", 0},
		"begun anew, and one is missing":    {"a b c d", "a b c / b d", streamcheck.Missing, 5},
		"begun anew, and one again":         {"a b c d", "a b / b b c d", streamcheck.Repeated, 4},
		"a gap, and what nobody did":        {"a b c d", "a | x c d", streamcheck.Foreign, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := streamcheck.Record{Subscriber: "ann", Want: strings.Fields(test.want), Got: told(test.got)}
			fault, ok := r.Check()
			require.Equal(t, test.rule == "", ok, fault.String())
			require.Equal(t, test.rule, fault.Rule, fault.String())
			require.Equal(t, strings.Count(test.got, "|")+strings.Count(test.got, "/"), r.Gaps())
			if !ok {
				require.Equal(t, test.at, fault.At, fault.String())
				require.Contains(t, fault.String(), "to ann")
			}
		})
	}
}
