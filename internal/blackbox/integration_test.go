package blackbox_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/testdb"
)

// block is a command of a page, with the answer that stands below it, if any.
type block struct{ command, answer string }

var fenced = regexp.MustCompile("(?s)```(sh|json)\n(.*?)```")

// blocksOf takes the commands out of a page.
func blocksOf(t *testing.T, page string) []block {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	var out []block
	for _, found := range fenced.FindAllStringSubmatch(string(text), -1) {
		if found[1] == "sh" {
			out = append(out, block{command: found[2]})
			continue
		}
		require.NotEmpty(t, out, "an answer without a command")
		out[len(out)-1].answer = found[2]
	}
	return out
}

// The page on integration is run as it stands, and answers what it says.
func TestThePageOnIntegrationIsTrue(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"sh", "curl", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s here", tool)
		}
	}
	for name, arguments := range map[string]func(*testing.T) []string{
		"embedded": func(t *testing.T) []string { testdb.Record(t, testdb.Embedded); return []string{"--memory"} },
		"wire":     func(t *testing.T) []string { return []string{"--mongodb-uri", database(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := demo(t, arguments(t)...)
			blocks := blocksOf(t, "../../docs/integration.md")
			require.Greater(t, len(blocks), 5)
			answers := s.shell(t, blocks, "URL=http://"+s.addr+"/graphql", "OWNER="+s.tokens["demo owner@demo.test"])
			for i, b := range blocks {
				if b.answer != "" {
					requireAnswer(t, b, answers[i])
				}
			}
		})
	}
}

// shell runs the commands in one shell, which stops at the first that fails, and
// gives what each said.
func (s *server) shell(t *testing.T, blocks []block, variables ...string) []string {
	t.Helper()
	const mark = "=== next ==="
	var script strings.Builder
	script.WriteString("set -eu\n")
	for _, b := range blocks {
		script.WriteString(b.command + "echo '" + mark + "'\n")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	run := exec.CommandContext(ctx, "sh", "-c", script.String())
	run.Dir, run.Env = t.TempDir(), append([]string{"PATH=" + os.Getenv("PATH"), "NO_PROXY=127.0.0.1"}, variables...)
	said, err := run.Output()
	require.NoError(t, err, "%s", said)
	answers := strings.Split(string(said), mark+"\n")
	require.Len(t, answers, len(blocks)+1, "%s", said)
	return answers
}

// requireAnswer compares what was said with what the page says. "..." stands for
// any text.
func requireAnswer(t *testing.T, b block, said string) {
	t.Helper()
	var want, got any
	require.NoError(t, json.Unmarshal([]byte(b.answer), &want), "%s", b.answer)
	require.NoError(t, json.Unmarshal([]byte(said), &got), "%s answered: %s", b.command, said)
	require.Equal(t, want, likewise(want, got), "%s", b.command)
}

// likewise is got with "..." wherever want has it and got has a text.
func likewise(want, got any) any {
	switch got := got.(type) {
	case string:
		if want == "..." && got != "" {
			return want
		}
	case object:
		wanted, _ := want.(object)
		for field := range got {
			got[field] = likewise(wanted[field], got[field])
		}
	case []any:
		wanted, _ := want.([]any)
		for i := range min(len(got), len(wanted)) {
			got[i] = likewise(wanted[i], got[i])
		}
	}
	return got
}
