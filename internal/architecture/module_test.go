package architecture_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// source copies what Go and the scripts need of the repository.
func source(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	require.NoError(t, filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		name := strings.TrimPrefix(filepath.ToSlash(path), "../../")
		if entry.IsDir() {
			if path != "../.." && (strings.HasPrefix(entry.Name(), ".") || regexp.MustCompile(`^(node_modules|bin|data|screenshots)$`).MatchString(entry.Name())) {
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		info, err := entry.Info()
		require.NoError(t, err)
		return os.WriteFile(filepath.Join(to, name), data, info.Mode())
	}))
	return to
}

// contents are the Go files, and what names packages beside them.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		name := filepath.Base(path)
		if name == "module_test.go" { // which speaks of another path
			return err
		}
		if strings.HasSuffix(name, ".go") || name == "go.mod" || name == "gqlgen.yml" {
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			out[strings.TrimPrefix(path, folder)] = string(data)
		}
		return err
	}))
	return out
}

// The module is renamed in one step, in every import, and back; what is called
// switchboard and is not the module stays.
func TestTheModuleCanBeRenamed(t *testing.T) {
	folder := source(t)
	run := func(name string, args ...string) string {
		command := exec.CommandContext(t.Context(), name, args...)
		command.Dir, command.Env = folder, append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off")
		out, err := command.CombinedOutput()
		require.NoError(t, err, string(out))
		return string(out)
	}
	before := contents(t, folder)
	run("/bin/sh", "scripts/module", "example.com/acme/desk-2")
	old := regexp.MustCompile(`(?m)^(import |\s*)([\w.]+ )?"switchboard/|: switchboard/`)
	for name, text := range contents(t, folder) {
		require.False(t, old.MatchString(text), name)
	}
	require.Contains(t, run("go", "list", "-deps", "./..."), "example.com/acme/desk-2"+"/cmd/switchboard", "every import is found")
	run("go", "build", "./inbox/...", "./budget")
	run("/bin/sh", "scripts/module", "switchboard")
	after := contents(t, folder)
	require.Len(t, after, len(before))
	for name, text := range before {
		require.Equal(t, text, after[name], "%s is back again, to the byte", name)
	}
}
