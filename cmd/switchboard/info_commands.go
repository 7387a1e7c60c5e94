package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/alecthomas/kong"
)

type schemaCommand struct{}

// Run prints the schema.
func (schemaCommand) Run(in *invocation) error {
	sdl, err := in.deps.sdl()
	if err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	_, err = io.WriteString(in.stdout, sdl)
	return err
}

type versionCommand struct{}

// Run prints version, commit and the version of Go.
func (c versionCommand) Run(in *invocation) error { return c.print(in.stdout) }

func (versionCommand) print(w io.Writer) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this binary carries no build information; build it with module support")
	}
	_, err := fmt.Fprintln(w, describeBuild(version, info))
	return err
}

// release is the version of this source, as in the file VERSION; a test compares them.
const release = "0.2.0"

// version is set by the linker to the release and the commit, as the Makefile passes
// them; the linker can only set a variable.
var version string

// versionFlag prints what the command version prints, and ends the program.
type versionFlag bool

// BeforeReset prints the version before anything else of the command line counts.
func (versionFlag) BeforeReset(app *kong.Kong) error {
	if err := (versionCommand{}).print(app.Stdout); err != nil {
		return err
	}
	app.Exit(0)
	return nil
}

func describeBuild(version string, info *debug.BuildInfo) string {
	values := map[string]string{}
	for _, s := range info.Settings {
		values[s.Key] = s.Value
	}
	commit := values["vcs.revision"]
	switch {
	case commit == "":
		commit = "unknown"
	case values["vcs.modified"] == "true":
		commit += " with changes"
	}
	return fmt.Sprintf("switchboard %s, commit %s, %s", cmp.Or(version, release), commit, info.GoVersion)
}

type helpCommand struct{}

// Run prints the text of --help, and the exit codes.
func (helpCommand) Run(ctx context.Context, in *invocation) error {
	var line commandLine
	parser, err := newParser(ctx, &line, in, func(int) {})
	if err != nil {
		return err
	}
	_, _ = parser.Parse([]string{"--help"}) // it prints, and then misses a command
	fmt.Fprintln(in.stdout)
	return printExitCodes(in.stdout)
}
