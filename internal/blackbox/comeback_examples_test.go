package blackbox_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// example is a program of docs/clients.md, running. It prints its list whenever that changes, and each event once.
type example struct {
	name string
	out  text
}

func (e *example) lines(kind string) (out []string) {
	for line := range strings.Lines(e.out.String()) {
		if rest, ok := strings.CutSuffix(line, "\n"); ok && (rest == kind || strings.HasPrefix(rest, kind+" ")) {
			out = append(out, rest)
		}
	}
	return out
}

// rows is its list as it last printed it; empty if it has none yet.
func (e *example) rows() string {
	lines := e.lines("rows")
	if len(lines) == 0 {
		return ""
	}
	return lines[len(lines)-1]
}

func (e *example) heardOneOf(events []string) bool {
	return slices.ContainsFunc(events, func(id string) bool { return strings.Contains(e.out.String(), "event "+id+"\n") })
}

func (e *example) heardAll(events []string) bool {
	said := e.out.String()
	return !slices.ContainsFunc(events, func(id string) bool { return !strings.Contains(said, "event "+id+"\n") })
}

func (e *example) neverTwiceNorBack(t *testing.T) {
	t.Helper()
	require.NotContains(t, e.out.String(), "missed", e.name)
	require.NotContains(t, e.out.String(), "ended", e.name)
	heard := map[string]bool{}
	for _, line := range e.lines("event") {
		require.False(t, heard[line], "%s delivers %s twice", e.name, line)
		heard[line] = true
	}
	newest := map[string]int{}
	for _, line := range e.lines("rows") {
		for _, row := range strings.Fields(line)[1:] {
			id, revision, _ := strings.Cut(row, ":")
			number, err := strconv.Atoi(revision)
			require.NoError(t, err, "%s: %s", e.name, line)
			require.GreaterOrEqual(t, number, newest[id], "%s: a row goes back", e.name)
			newest[id] = number
		}
	}
}

func all(examples []*example, is func(*example) bool) bool {
	return !slices.ContainsFunc(examples, func(e *example) bool { return !is(e) })
}

// startExamples starts every example that this machine can run, each with one of the tokens.
func startExamples(t *testing.T, url string, tokens ...string) []*example {
	t.Helper()
	var out []*example
	parts := examplesOf(t)
	for _, prepared := range [][]*exec.Cmd{nodeExamples(t, parts), goExample(t, parts), pythonExample(t, parts)} {
		for _, command := range prepared {
			e := &example{name: filepath.Base(command.Args[len(command.Args)-1])}
			command.Stdout, command.Stderr = &e.out, os.Stderr
			command.Env = append(command.Environ(), "URL="+url, "TOKEN="+tokens[len(out)%len(tokens)])
			require.NoError(t, command.Start())
			t.Cleanup(func() {
				_ = command.Process.Kill()
				_ = command.Wait()
				if t.Failed() {
					t.Logf("%s said:\n%s", e.name, e.out.String())
				}
			})
			out = append(out, e)
		}
	}
	require.NotEmpty(t, out)
	return out
}

// part is an example as the page shows it.
type part struct{ title, body string }

func examplesOf(t *testing.T) (out []part) {
	t.Helper()
	page, err := os.ReadFile("../../docs/clients.md")
	require.NoError(t, err)
	_, section, _ := strings.Cut(string(page), "## With your library\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, text := range strings.Split(section, "\n### ")[1:] {
		title, body, _ := strings.Cut(text, "\n")
		out = append(out, part{title, body})
	}
	require.Len(t, out, 7)
	return out
}

// nodeExamples writes those in JavaScript into a folder in which @switchboard/client is installed, as `npm pack` builds it,
// beside the libraries.
func nodeExamples(t *testing.T, parts []part) (out []*exec.Cmd) {
	t.Helper()
	if !have(t, "SWITCHBOARD_TEST_REQUIRE_NODE", "npm ci in web and in transport/interop", "../../transport/interop/node_modules/relay-compiler", "../../web/node_modules/typescript") {
		return nil
	}
	folder := t.TempDir()
	installClient(t, folder)
	writeFile(t, folder, "package.json", `{"type": "module"}`)
	for _, p := range parts {
		blocks := fences(p.body, "js")
		if len(blocks) == 0 {
			continue
		}
		if len(blocks) > 1 {
			writeFile(t, folder, "operations.js", blocks[0])
			compileRelay(t, folder)
		}
		name := strings.ReplaceAll(strings.ToLower(p.title), " ", "-") + ".js"
		writeFile(t, folder, name, blocks[len(blocks)-1])
		out = append(out, inFolder(folder, "node", name))
	}
	require.Len(t, out, 5)
	return out
}

// goExample builds client/example, which is what the page shows.
func goExample(t *testing.T, parts []part) []*exec.Cmd {
	t.Helper()
	source, err := os.ReadFile("../../client/example/main.go")
	require.NoError(t, err)
	require.Equal(t, string(source), onlyFence(t, parts, "go"), "the page shows client/example/main.go")
	binary := filepath.Join(t.TempDir(), "go-example")
	tool(t, ".", "go", "build", "-o", binary, "switchboard/client/example")
	return []*exec.Cmd{inFolder(filepath.Dir(binary), binary)}
}

func pythonExample(t *testing.T, parts []part) []*exec.Cmd {
	t.Helper()
	cache := os.Getenv(testdb.EnvCache)
	if cache == "" {
		cache = ".cache"
	}
	if !filepath.IsAbs(cache) {
		cache = filepath.Join("../..", cache)
	}
	python := filepath.Join(cache, "bin/python-client")
	if !have(t, "SWITCHBOARD_TEST_REQUIRE_PYTHON", "scripts/python-client", python) {
		return nil
	}
	folder := t.TempDir()
	writeFile(t, folder, "example.py", onlyFence(t, parts, "python"))
	return []*exec.Cmd{inFolder(folder, python, "example.py")}
}

func onlyFence(t *testing.T, parts []part, language string) (out string) {
	t.Helper()
	for _, p := range parts {
		for _, block := range fences(p.body, language) {
			require.Empty(t, out, "one example in %s", language)
			out = block
		}
	}
	require.NotEmpty(t, out, language)
	return out
}

func inFolder(folder, name string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(context.Background(), name, arguments...)
	command.Dir = folder
	return command
}

func writeFile(t *testing.T, folder, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
}

// fences are the fenced blocks of a language in a text.
func fences(text, language string) (out []string) {
	for _, found := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(text, -1) {
		out = append(out, found[1])
	}
	return out
}

// packing keeps two tests from building the package in its folder at once.
var packing sync.Mutex

func installClient(t *testing.T, folder string) {
	t.Helper()
	packing.Lock()
	defer packing.Unlock()
	const libraries = "../../transport/interop/node_modules"
	tool(t, "../../web/client", "npm", "pack", "--silent", "--pack-destination", folder)
	archives, err := filepath.Glob(filepath.Join(folder, "*.tgz"))
	require.NoError(t, err)
	require.Len(t, archives, 1)
	tool(t, folder, "tar", "xzf", archives[0])
	modules := filepath.Join(folder, "node_modules")
	require.NoError(t, os.MkdirAll(filepath.Join(modules, "@switchboard"), 0o700))
	require.NoError(t, os.Rename(filepath.Join(folder, "package"), filepath.Join(modules, "@switchboard/client")))
	installed, err := os.ReadDir(libraries)
	require.NoError(t, err)
	for _, entry := range installed {
		path, err := filepath.Abs(filepath.Join(libraries, entry.Name()))
		require.NoError(t, err)
		require.NoError(t, os.Symlink(path, filepath.Join(modules, entry.Name())))
	}
}

func compileRelay(t *testing.T, folder string) {
	t.Helper()
	writeFile(t, folder, "schema.graphql", succeed(t, "schema"))
	config := `{"src": ".", "schema": "./schema.graphql", "language": "javascript", "eagerEsModules": true, "excludes": ["**/node_modules/**", "**/__generated__/**"]}`
	writeFile(t, folder, "relay.config.json", config)
	tool(t, folder, "node_modules/.bin/relay-compiler", "relay.config.json")
}

func tool(t *testing.T, folder, name string, arguments ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir = folder
	said, err := command.CombinedOutput()
	require.NoError(t, err, "%s %v: %s", name, arguments, said)
}

// have reports whether everything is there that some examples need. If not, it says so aloud, or fails the test if the
// variable is set.
func have(t *testing.T, variable, run string, needed ...string) bool {
	t.Helper()
	for _, path := range needed {
		if _, err := os.Stat(path); err != nil {
			require.Empty(t, os.Getenv(variable), "%s is not there: run %s", path, run)
			t.Logf("NOT TESTED: examples that need %s. Run %s first", path, run)
			return false
		}
	}
	return true
}
