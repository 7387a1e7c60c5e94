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
	"testing"

	"github.com/stretchr/testify/require"
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
	for _, prepared := range [][]*exec.Cmd{nodeExamples(t)} {
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

// nodeExamples writes the examples of the page into a folder in which @switchboard/client is installed, as `npm pack`
// builds it, beside the libraries.
func nodeExamples(t *testing.T) []*exec.Cmd {
	t.Helper()
	folder := t.TempDir()
	installClient(t, folder)
	page, err := os.ReadFile("../../docs/clients.md")
	require.NoError(t, err)
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	write("package.json", `{"type": "module"}`)
	_, section, _ := strings.Cut(string(page), "## With your library\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var out []*exec.Cmd
	for _, part := range strings.Split(section, "\n### ")[1:] {
		title, body, _ := strings.Cut(part, "\n")
		blocks := fences(body, "js")
		require.NotEmpty(t, blocks, title)
		if len(blocks) > 1 {
			write("operations.js", blocks[0])
			compileRelay(t, folder)
		}
		name := strings.ReplaceAll(strings.ToLower(title), " ", "-") + ".js"
		write(name, blocks[len(blocks)-1])
		command := exec.CommandContext(context.Background(), "node", name)
		command.Dir = folder
		out = append(out, command)
	}
	require.Len(t, out, 5)
	return out
}

// fences are the fenced blocks of a language in a text.
func fences(text, language string) (out []string) {
	for _, found := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(text, -1) {
		out = append(out, found[1])
	}
	return out
}

func installClient(t *testing.T, folder string) {
	t.Helper()
	const libraries = "../../transport/interop/node_modules"
	for _, needed := range []string{libraries + "/relay-compiler", "../../web/node_modules/typescript"} {
		if _, err := os.Stat(needed); err != nil {
			skipWithout(t, "SWITCHBOARD_TEST_REQUIRE_NODE", "the TypeScript examples were not run: run npm ci in web and in transport/interop first")
		}
	}
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
	require.NoError(t, os.WriteFile(filepath.Join(folder, "schema.graphql"), []byte(succeed(t, "schema")), 0o600))
	config := `{"src": ".", "schema": "./schema.graphql", "language": "javascript", "eagerEsModules": true, "excludes": ["**/node_modules/**", "**/__generated__/**"]}`
	require.NoError(t, os.WriteFile(filepath.Join(folder, "relay.config.json"), []byte(config), 0o600))
	tool(t, folder, "node_modules/.bin/relay-compiler", "relay.config.json")
}

func tool(t *testing.T, folder, name string, arguments ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir = folder
	said, err := command.CombinedOutput()
	require.NoError(t, err, "%s %v: %s", name, arguments, said)
}

// skipWithout skips the test, or fails it if the variable is set.
func skipWithout(t *testing.T, variable, why string) {
	t.Helper()
	require.Empty(t, os.Getenv(variable), why)
	t.Skip(why)
}
