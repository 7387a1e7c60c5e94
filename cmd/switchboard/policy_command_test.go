package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// What programs read: one JSON document on stdout, and an exit code for each outcome.
func TestPolicyCommands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "policy")
	require.Equal(t, exitOK, runTest(t, newDeps(), nil, "policy", "init", dir, "--policy-preset", "league").code)
	table := filepath.Join(t.TempDir(), "table.csv")
	require.NoError(t, os.WriteFile(table, []byte("plan,action,verdict\nfree,transfer,deny\nelite,transfer,deny\n"), 0o600))
	wrong := filepath.Join(t.TempDir(), "wrong")
	require.NoError(t, os.CopyFS(wrong, os.DirFS(dir)))
	require.NoError(t, os.WriteFile(filepath.Join(wrong, "features.csv"), []byte("transfre, free\n"), 0o600))
	explain := []string{"policy", "explain", "--json", "--policy-dir", dir, "--plan", "free", "--role", "agent", "--action", "transfer"}
	for name, row := range map[string]struct {
		args []string
		code exitCode
		path string
		want any
	}{
		"a right policy":        {[]string{"policy", "check", "--json", dir}, exitOK, "valid", true},
		"a wrong policy":        {[]string{"policy", "check", "--json", wrong}, exitPolicyInvalid, "valid", false},
		"a folder that is not":  {[]string{"policy", "check", "--json", dir + "-"}, exitPolicyInvalid, "valid", false},
		"a denial":              {append(explain, "--kind", "ticket", "--relation", "mine"), exitOK, "allowed", false},
		"a table":               {[]string{"policy", "test", "--json", "--policy-dir", dir, table}, exitPolicyInvalid, "cases", 2.0},
		"no kind":               {append(explain, "--relation", "mine"), exitUsage, "", nil},
		"no relation":           {append(explain, "--kind", "ticket", "--relation", "his"), exitUsage, "", nil},
		"no such plan":          {append(explain, "--kind", "ticket", "--relation", "mine", "--plan", "pros"), exitUsage, "", nil},
		"a kind of no use":      {[]string{"policy", "explain", "--role", "agent", "--action", "plan.manage", "--kind", "ticket"}, exitUsage, "", nil},
		"no such table":         {[]string{"policy", "test", table + "-"}, exitUsage, "", nil},
		"a table of other plan": {[]string{"policy", "test", table}, exitUsage, "", nil},
		"a folder with a file":  {[]string{"policy", "init", dir}, exitRefused, "", nil},
		"no such preset":        {[]string{"policy", "init", dir + "2", "--policy-preset", "x"}, exitUsage, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := runTest(t, newDeps(), nil, row.args...)
			require.Equal(t, row.code, got.code, got.stderr)
			require.Equal(t, row.code == exitOK, got.stderr == "", got.stderr)
			if row.path == "" {
				require.Empty(t, got.stdout)
				return
			}
			var out map[string]any
			require.NoError(t, json.Unmarshal([]byte(got.stdout), &out), got.stdout)
			require.Equal(t, row.want, out[row.path])
			for key, value := range out {
				require.NotNil(t, value, "%s is a list, and never null", key)
			}
		})
	}
}
