package architecture_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every direct dependency has a reason in docs/dependencies.md, and nothing else
// is there.
func TestEveryDependencyHasAReason(t *testing.T) {
	document, err := os.ReadFile("../../docs/dependencies.md")
	require.NoError(t, err)
	explained := explainedNames(t, string(document))
	used := append(goModules(t), npmPackages(t)...)
	require.NotEmpty(t, used)
	for _, name := range used {
		require.Contains(t, explained, name, "docs/dependencies.md has no row for it")
	}
	for _, name := range explained {
		require.Contains(t, used, name, "docs/dependencies.md has a row for it, and nobody uses it")
	}
}

var inBackticks = regexp.MustCompile("`([^`]+)`")

// explainedNames are the names in the first column of the tables.
func explainedNames(t *testing.T, document string) []string {
	t.Helper()
	var out []string
	for line := range strings.Lines(document) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 {
			continue
		}
		for _, match := range inBackticks.FindAllStringSubmatch(cells[1], -1) {
			require.NotEmpty(t, strings.TrimSpace(cells[len(cells)-2]), "%s has no reason", match[1])
			out = append(out, match[1])
		}
	}
	return out
}

// goModules are what go.mod requires and does not mark as indirect.
func goModules(t *testing.T) []string {
	t.Helper()
	file, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	required := regexp.MustCompile(`^\s+(\S+) v\S+$`)
	var out []string
	for line := range strings.Lines(string(file)) {
		if match := required.FindStringSubmatch(strings.TrimRight(line, "\n")); match != nil {
			out = append(out, match[1])
		}
	}
	return out
}

// npmPackages are what the packages of this repository name.
func npmPackages(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, folder := range []string{"web", "web/client", "transport/interop", "graph/schema/check"} {
		file, err := os.ReadFile(filepath.Join("../..", folder, "package.json"))
		require.NoError(t, err)
		var p struct{ Dependencies, DevDependencies map[string]string }
		require.NoError(t, json.Unmarshal(file, &p))
		out = slices.AppendSeq(out, maps.Keys(p.Dependencies))
		out = slices.AppendSeq(out, maps.Keys(p.DevDependencies))
		for name, version := range p.DevDependencies {
			require.Regexp(t, `^\d`, version, "%s of %s is not pinned", name, folder)
		}
		for name, version := range p.Dependencies {
			require.Regexp(t, `^\d`, version, "%s of %s is not pinned", name, folder)
		}
	}
	return out
}
