package architecture_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// machine is a PATH with the named tools alone, each of which answers with a version.
func machine(t *testing.T, tools map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, says := range tools {
		script := "#!/bin/sh\necho '" + says + "'\n"
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(script), 0o700))
	}
	return folder
}

// Whoever comes with an empty machine learns at once everything that it lacks, and from
// where to get it; an optional thing is a note, and nothing is said that is there.
func TestWhatAMachineLacksIsSaidAtOnce(t *testing.T) {
	sh, err := exec.LookPath("sh")
	require.NoError(t, err)
	whole := map[string]string{"go": "go1.26.1", "node": "v22.1.0", "npm": "10", "cc": "", "python3": ""}
	without := func(names ...string) map[string]string {
		out := map[string]string{}
		for name, says := range whole {
			out[name] = says
		}
		for _, name := range names {
			delete(out, name)
		}
		return out
	}
	old := without()
	old["go"], old["node"] = "go1.20.4", "v18.20.1"
	for _, row := range []struct {
		name, target string
		tools        map[string]string
		env          []string
		fails        bool
		says         []string
	}{
		{"all there", "test", whole, nil, false, nil},
		{"nothing there", "test", nil, nil, true, []string{"missing: Go 1.26", "missing: Node 20.19", "missing: a C compiler", "note: missing Python"}},
		{"nothing there to build with", "build", nil, nil, true, []string{"missing: Go 1.26", "missing: Node 20.19", "make build-api"}},
		{"the API alone", "api", map[string]string{"go": "go1.26.1"}, nil, false, nil},
		{"the API alone, without Go", "api", nil, nil, true, []string{"missing: Go 1.26"}},
		{"old ones", "build", old, nil, true, []string{"(found go1.20.4)", "(found v18.20.1)"}},
		{"no npm", "build", without("npm"), nil, true, []string{"missing: npm"}},
		{"no compiler", "test", without("cc"), nil, true, []string{"missing: a C compiler", "gcc"}},
		{"no compiler to build", "build", without("cc"), nil, false, nil},
		{"no Python", "test", without("python3"), nil, false, []string{"note: missing Python 3.10", "embedded engine alone"}},
		{"no Python, required", "test", without("python3"), []string{"SWITCHBOARD_TEST_REQUIRE_MONGODB=1"}, true, []string{"missing: Python 3.10", "apt-get install python3"}},
		{"no Python, a database that is named", "test", without("python3"), []string{"SWITCHBOARD_TEST_MONGODB_URI=x"}, false, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), sh, "../../scripts/requirements", row.target)
			command.Env = append([]string{"PATH=" + machine(t, row.tools), "SWITCHBOARD_CACHE=" + t.TempDir()}, row.env...)
			out, err := command.CombinedOutput()
			require.Equal(t, row.fails, err != nil, string(out))
			for _, part := range row.says {
				require.Contains(t, string(out), part)
			}
			if row.says == nil {
				require.Empty(t, string(out))
			}
			for line := range strings.Lines(string(out)) {
				require.Regexp(t, `(https://|apt-get install).*; macOS: `, line, "each line says how to get it")
			}
		})
	}
}
