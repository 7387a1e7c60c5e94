package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var updateDoc = flag.Bool("update", false, "write what the commands of docs/policies.md print into the page")

// page is docs/policies.md while it is being followed, in the folder that it fills.
type page struct {
	t    *testing.T
	out  strings.Builder
	code int
	// shells counts the commands that ran.
	shells int
}

// TestPoliciesPage follows docs/policies.md from an empty folder: its CSV blocks are
// files, its diffs change files, and its commands print what the page shows.
func TestPoliciesPage(t *testing.T) {
	file, err := filepath.Abs("../../docs/policies.md")
	require.NoError(t, err)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	p := &page{t: t}
	p.follow(strings.Split(string(text), "\n"))
	require.GreaterOrEqual(t, p.shells, 10)
	if *updateDoc {
		require.NoError(t, os.WriteFile(file, []byte(p.out.String()), 0o644)) //nolint:gosec // a page that everybody reads
		return
	}
	require.Equal(t, string(text), p.out.String())
}

func (p *page) follow(lines []string) {
	for i := 0; i < len(lines); i++ {
		p.line(lines[i], i == len(lines)-1)
		kind, ok := strings.CutPrefix(lines[i], "```")
		if !ok || kind == "" {
			continue
		}
		end := i + 1
		for lines[end] != "```" {
			end++
		}
		p.block(kind, lines[i+1:end])
		i = end - 1 // the end of the block is a line of the page
		p.line("```", false)
		i++
	}
}

func (p *page) line(text string, last bool) {
	p.out.WriteString(text)
	if !last {
		p.out.WriteString("\n")
	}
}

func (p *page) block(info string, body []string) {
	kind, name, _ := strings.Cut(info, " ")
	if kind == "console" {
		p.console(body)
		return
	}
	for _, line := range body {
		p.line(line, false)
	}
	switch kind {
	case "csv":
		require.NoError(p.t, os.WriteFile(name, []byte(strings.Join(body, "\n")+"\n"), 0o600))
	case "diff":
		p.patch(name, body)
	default:
		p.t.Fatalf("a block %q is not followed", info)
	}
}

// patch puts the lines with + in place of those with - before them.
func (p *page) patch(name string, body []string) {
	data, err := os.ReadFile(name)
	require.NoError(p.t, err)
	text, old, new := string(data), "", ""
	flush := func() {
		require.Contains(p.t, text, "\n"+old)
		text, old, new = strings.Replace(text, "\n"+old, "\n"+new, 1), "", ""
	}
	for _, line := range body {
		switch {
		case strings.HasPrefix(line, "-"):
			if new != "" {
				flush()
			}
			old += line[1:] + "\n"
		case strings.HasPrefix(line, "+"):
			new += line[1:] + "\n"
		}
	}
	flush()
	require.NoError(p.t, os.WriteFile(name, []byte(text), 0o600))
}

func (p *page) console(body []string) {
	for _, line := range body {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		p.line(line, false)
		if command == "echo $?" {
			p.line(fmt.Sprint(p.code), false)
			continue
		}
		args := strings.Fields(command)
		require.Equal(p.t, "switchboard", args[0])
		var both bytes.Buffer
		p.code = run(context.Background(), args[1:], nil, &both, &both)
		p.out.WriteString(both.String())
		p.shells++
	}
}
