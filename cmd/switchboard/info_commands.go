package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
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
func (versionCommand) Run(in *invocation) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this binary carries no build information; build it with module support")
	}
	_, err := fmt.Fprintln(in.stdout, describeBuild(version, info))
	return err
}

// version is set by the linker to the version that the Makefile passes; the linker
// can only set a variable.
var version string

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
	return fmt.Sprintf("switchboard %s, commit %s, %s", cmp.Or(version, info.Main.Version, "(devel)"), commit, info.GoVersion)
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
