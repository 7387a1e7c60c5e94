package architecture_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func text(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../..", name))
	require.NoError(t, err)
	return string(data)
}

// Binary, schema, changelog and upgrade page are of one version: that of VERSION.
func TestTheVersionIsTheSameEverywhere(t *testing.T) {
	version := strings.TrimSpace(text(t, "VERSION"))
	require.Regexp(t, `^\d+\.\d+\.\d+$`, version)
	for name, pattern := range map[string]string{
		"CHANGELOG.md":                     `(?m)^## (\S+)$`, // the newest comes first
		"cmd/switchboard/info_commands.go": `const release = "([^"]+)"`,
		"graph/schema/schema.graphqls":     `Switchboard (\d+\.\d+\.\d+)\.`,
		"docs/upgrading.md":                `(?m)^## To (\S+)$`,
	} {
		found := regexp.MustCompile(pattern).FindStringSubmatch(text(t, name))
		require.NotNil(t, found, name)
		require.Equal(t, version, found[1], name)
	}
}

// The documents that somebody looks for who takes the project up are there, and lead on.
func TestTheProjectCanBeTakenUp(t *testing.T) {
	require.Contains(t, text(t, "LICENSE"), "Version 2.0, January 2004")
	require.Contains(t, text(t, "LICENSE"), "END OF TERMS AND CONDITIONS")
	require.Contains(t, text(t, "SECURITY.md"), "in private")
	for _, page := range []string{"LICENSE", "SECURITY.md", "CHANGELOG.md", "docs/upgrading.md", "CONTRIBUTING.md"} {
		require.Contains(t, text(t, "README.md"), "("+page+")", "the README links to it")
	}
	workflow := text(t, ".github/workflows/ci.yml")
	for _, command := range regexp.MustCompile(`(?m)- run: make (\S+)$`).FindAllStringSubmatch(workflow, -1) {
		require.Regexp(t, `(?m)^`+command[1]+`:`, text(t, "Makefile"), "the workflow makes what there is")
	}
	require.Contains(t, workflow, "- run: .ci/run")
	bot := text(t, ".github/dependabot.yml")
	packages, err := filepath.Glob("../../*/package.json")
	require.NoError(t, err)
	deeper, err := filepath.Glob("../../*/*/package.json")
	require.NoError(t, err)
	for _, name := range append(packages, deeper...) {
		folder := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(name)), "../..")
		if _, err := os.Stat(filepath.Join(filepath.Dir(name), "package-lock.json")); err == nil {
			require.Regexp(t, regexp.QuoteMeta(folder)+`[,\]]`, bot, "the bot looks at each lock file")
		}
	}
}
