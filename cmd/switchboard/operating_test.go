package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tableNames are the names in backticks in the first column of the tables of
// docs/operating.md that begin so.
func tableNames(t *testing.T, prefix string) []string {
	t.Helper()
	document, err := os.ReadFile("../../docs/operating.md")
	require.NoError(t, err)
	name := regexp.MustCompile("`(" + regexp.QuoteMeta(prefix) + "[a-z0-9_-]+)`")
	var out []string
	for line := range strings.Lines(string(document)) {
		if cells := strings.Split(line, "|"); len(cells) > 3 {
			for _, match := range name.FindAllStringSubmatch(cells[1], -1) {
				out = append(out, match[1])
			}
		}
	}
	return out
}

// Every setting of the server is explained, and nothing that is none.
func TestEverySettingIsExplained(t *testing.T) {
	var line commandLine
	parser, err := newParser(t.Context(), &line, &invocation{}, func(int) {})
	require.NoError(t, err)
	var flags []string
	for _, command := range parser.Model.Children {
		if command.Name == "serve" {
			for _, flag := range command.Flags {
				flags = append(flags, "--"+flag.Name)
			}
		}
	}
	require.Greater(t, len(flags), 20)
	require.ElementsMatch(t, flags, tableNames(t, "--"))
}

// Every metric is explained, and nothing that is none.
func TestEveryMetricIsExplained(t *testing.T) {
	srv := assembled(t)
	require.NoError(t, srv.admin.show(srv))
	srv.admin.metrics.Operation("query", "OK", 0)
	srv.admin.metrics.Refused("LIMIT_EXCEEDED")
	srv.admin.metrics.ConnectionRefused("address")
	srv.admin.metrics.SocketClosed("1013")
	var shownNames []string
	for _, match := range regexp.MustCompile(`(?m)^# TYPE (switchboard_[a-z_]+) `).FindAllStringSubmatch(shown(t, srv), -1) {
		shownNames = append(shownNames, match[1])
	}
	require.Greater(t, len(shownNames), 10)
	require.ElementsMatch(t, shownNames, tableNames(t, "switchboard_"))
}
