package architecture_test

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pages are the Markdown files for readers of this repository.
func pages(t *testing.T) (out []string) {
	t.Helper()
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/decisions/*.md", "web/client/*.md"} {
		found, err := filepath.Glob("../../" + pattern)
		require.NoError(t, err)
		out = append(out, found...)
	}
	require.NotEmpty(t, out)
	return out
}

// Every link and picture of a page leads to something that is there.
func TestLinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			_, err := os.Stat(filepath.Join(filepath.Dir(page), found[1]))
			assert.NoError(t, err, "%s links to %s", page, found[1])
		}
	}
}

// Every drawing is well-formed XML with a title and a description for readers who
// cannot see it.
func TestPicturesAreDrawings(t *testing.T) {
	files, err := filepath.Glob("../../docs/pictures/*.svg")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var drawing struct {
			XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
			Title   string   `xml:"title"`
			Desc    string   `xml:"desc"`
		}
		require.NoError(t, xml.Unmarshal(text, &drawing), file)
		require.NotEmpty(t, drawing.Title, file)
		require.NotEmpty(t, drawing.Desc, file)
	}
}

// The index of decisions has one line for each page, with its title, and names the
// numbers that no page has. scripts/decisions writes it.
func TestTheIndexOfDecisionsIsComplete(t *testing.T) {
	index, err := os.ReadFile("../../docs/decisions/README.md")
	require.NoError(t, err)
	files, err := filepath.Glob("../../docs/decisions/[0-9]*.md")
	require.NoError(t, err)
	heading := regexp.MustCompile(`^# ([0-9]+)\. (\S.*)\n\n(Superseded by|Amended by|\*\*What\.\*\*)`)
	last := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		name, number := filepath.Base(file), 0
		found := heading.FindStringSubmatch(string(text))
		if !assert.NotNil(t, found, "%s begins with \"# N. Title\", an empty line, and **What.** or the decision that supersedes or amends it", name) {
			continue
		}
		_, err = fmt.Sscan(found[1], &number)
		require.NoError(t, err)
		assert.Truef(t, strings.HasPrefix(name, fmt.Sprintf("%04d-", number)), "%s is headed %s", name, found[1])
		for _, part := range []string{"**What.**", "**Why.**", "**What it costs.**"} {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s has no part %s", name, part)
			}
		}
		requireInIndex(t, string(index), fmt.Sprintf("| [%04d](%s) | %s |", number, name, found[2]))
		for last++; last < number; last++ {
			requireInIndex(t, string(index), fmt.Sprintf("%04d", last))
		}
	}
	assert.Equal(t, len(files), strings.Count(string(index), "\n| ["), "run scripts/decisions: the index has a line for each page and no other")
}

func requireInIndex(t *testing.T, index, text string) {
	t.Helper()
	if !strings.Contains(index, text) {
		t.Errorf("run scripts/decisions: the index of decisions does not have %q", text)
	}
}

// A recipe that names a file which was moved sends its reader nowhere.
func TestContributingNamesFilesThatExist(t *testing.T) {
	page, err := os.ReadFile("../../CONTRIBUTING.md")
	require.NoError(t, err)
	named := regexp.MustCompile("`([a-z][A-Za-z]*/[A-Za-z0-9_/.*-]*)`").FindAllSubmatch(page, -1)
	require.NotEmpty(t, named)
	for _, name := range named {
		found, err := filepath.Glob("../../" + string(name[1]))
		require.NoError(t, err)
		require.NotEmpty(t, found, "CONTRIBUTING.md names %s, which does not exist", name[1])
	}
}

// A command of a page that names a package that was moved measures nothing.
func TestCommandsNamePackagesThatExist(t *testing.T) {
	command := regexp.MustCompile("go (?:test|run)[^`\n]*? \\./([A-Za-z0-9_/-]+)")
	seen := 0
	for _, path := range append(pages(t), "../../Makefile") {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, name := range command.FindAllSubmatch(text, -1) {
			seen++
			found, err := filepath.Glob("../../" + string(name[1]) + "/*.go")
			require.NoError(t, err)
			require.NotEmpty(t, found, "%s names the package %s, which does not exist", path, name[1])
		}
	}
	require.Greater(t, seen, 5)
}
