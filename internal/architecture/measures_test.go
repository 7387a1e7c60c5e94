package architecture_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"switchboard/internal/measure"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// limits are what measures.txt says.
type limits struct {
	limit  map[string]int
	except map[string]int // by "measure name"
}

func parseLimits(text string) (limits, error) {
	out := limits{limit: map[string]int{}, except: map[string]int{}}
	for number, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		into, last := out.limit, len(words)-1
		if words[0] == "except" {
			into = out.except
		}
		name, value := strings.Join(words[1:last], " "), 0
		_, err := fmt.Sscan(words[last], &value)
		known := words[0] == "limit" && len(words) == 3 || words[0] == "except" && len(words) == 4
		if _, twice := into[name]; err != nil || !known || twice {
			return limits{}, fmt.Errorf("line %d: %q is neither a limit nor an exception, or repeats one", number+1, line)
		}
		into[name] = value
	}
	return out, nil
}

// violations returns a sentence for each package, type and length that is too large,
// and for each exception that nothing needs.
func (l limits) violations(packages []measure.Package) (found []string) {
	needed := map[string]bool{}
	check := func(name, of string, value int) {
		limit, key := l.limit[name], name+" "+of
		if value < limit {
			return
		}
		needed[key] = true
		if most, excepted := l.except[key]; !excepted || value > most {
			found = append(found, fmt.Sprintf("%s of %s: %d, and the limit is %d", name, of, value, max(limit, most)))
		}
	}
	for _, p := range packages {
		check("exported", p.Folder, p.Exported)
		for of, count := range p.Methods {
			check("methods", p.Folder+"."+of, count)
		}
	}
	all := measure.Sum("all", packages)
	for kind, lengths := range map[string][]int{"file": all.Files, "function": all.Funcs} {
		spread := measure.SpreadOf(lengths)
		check(kind+"-p50", all.Folder, spread.P50)
		check(kind+"-p90", all.Folder, spread.P90)
		check(kind+"-max", all.Folder, spread.Max)
	}
	check("long-lines", all.Folder, all.Long)
	for key := range l.except {
		if !needed[key] {
			found = append(found, fmt.Sprintf("the exception %q is not needed any more: remove its line", key))
		}
	}
	return found
}

// Packages, types, files and functions stay as small as measures.txt says.
func TestMeasures(t *testing.T) {
	text, err := os.ReadFile("measures.txt")
	require.NoError(t, err)
	held, err := parseLimits(string(text))
	require.NoError(t, err)
	packages, err := measure.Module(os.DirFS("../.."))
	require.NoError(t, err)
	for _, violation := range held.violations(packages) {
		assert.Fail(t, violation, "see internal/architecture/measures.txt and make measure")
	}
}

func TestMeasuresFindViolations(t *testing.T) {
	held, err := parseLimits("limit exported 3\nlimit methods 2\nlimit file-max 50\nlimit function-max 9\nlimit file-p50 9\nlimit file-p90 9\n" +
		"limit function-p50 9\nlimit function-p90 9\nlimit long-lines 9\nexcept exported big 4\nexcept exported gone 9\nexcept file-max all 80")
	require.NoError(t, err)
	found := held.violations([]measure.Package{
		{Folder: "big", Exported: 5},
		{Folder: "small", Exported: 2, Files: []int{1, 2, 80}, Funcs: []int{1, 9}, Methods: map[string]int{"Store": 2}},
	})
	require.ElementsMatch(t, []string{
		"exported of big: 5, and the limit is 4",
		"methods of small.Store: 2, and the limit is 2",
		"file-p90 of all: 80, and the limit is 9",
		"function-p90 of all: 9, and the limit is 9",
		"function-max of all: 9, and the limit is 9",
		`the exception "exported gone" is not needed any more: remove its line`,
	}, found)
}

func TestMeasuresRefuseUnknownLines(t *testing.T) {
	for _, line := range []string{"limit exported", "limits exported 3", "limit exported many", "limit a 1\nlimit a 2", "except exported 3"} {
		_, err := parseLimits(line)
		require.Error(t, err, "%q", line)
	}
}
