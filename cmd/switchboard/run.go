package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"switchboard/authz"

	"github.com/alecthomas/kong"
)

// run is the program without its process: args are without the program's name,
// env is as os.Environ gives it. It answers the exit code, and returns when the
// command is done or ctx ended.
func run(ctx context.Context, args, env []string, stdout, stderr io.Writer) int {
	return runWith(ctx, newDeps(), args, env, stdout, stderr)
}

func runWith(ctx context.Context, p deps, args, env []string, stdout, stderr io.Writer) int {
	in := &invocation{deps: p, vars: variables(env), stdout: stdout}
	err := in.readSources(args)
	in.stderr = scrub(stderr, secretsOf(args, in.vars, in.file))
	if err == nil {
		err = in.command(ctx, args)
	}
	if err != nil {
		report(in.stderr, err)
		return int(exitOf(err))
	}
	return int(exitOK)
}

// invocation is one run of the program, with the streams and files that a command
// may read and write.
type invocation struct {
	deps           deps
	vars           map[string]string
	file           map[string]string // the settings of the file of --config, by flag
	stdout, stderr io.Writer
	// from holds the origin of each setting. It is set once the command line was
	// parsed.
	from origins
	// flags are those of the command that was chosen.
	flags []*kong.Flag
	log   *slog.Logger
}

// command parses the command line and runs the command that it names.
func (in *invocation) command(ctx context.Context, args []string) error {
	var line commandLine
	helped := false
	parser, err := newParser(ctx, &line, in, func(int) { helped = true })
	if err != nil {
		return fmt.Errorf("build the command line: %w", err)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return nil
	}
	if err != nil {
		return fail(exitUsage, errors.New(in.usage(err)))
	}
	in.from, in.flags = in.originsOf(parsed), parsed.Selected().Flags
	in.log = slog.New(slog.DiscardHandler)
	return parsed.Run(in)
}

func newParser(ctx context.Context, line *commandLine, in *invocation, exit func(int)) (*kong.Kong, error) {
	return kong.New(line,
		kong.Name("switchboard"),
		kong.Description("Serves the GraphQL API of a support inbox: ownership of conversations, with live updates. "+
			`"switchboard help" lists the exit codes.`),
		kong.Writers(in.stdout, in.stderr), kong.Exit(exit),
		kong.Resolvers(in.resolver()), kong.ValueFormatter(helpWithVariable),
		kong.ConfigureHelp(kong.HelpOptions{NoExpandSubcommands: true, WrapUpperBound: 110}),
		// Commands take the interface as their parameter, and kong binds values by
		// exact type.
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
}

// usage adds the variable to kong's message when the value came from one.
func (in *invocation) usage(err error) string {
	message := err.Error()
	name, _, _ := strings.Cut(strings.TrimPrefix(message, "--"), ":")
	if before, _, ok := strings.Cut(name, "="); ok {
		name = before
	}
	if _, set := in.vars[variable(name)]; set && strings.HasPrefix(message, "--") {
		message += " (from " + variable(name) + ")"
	}
	return message + `; run "switchboard --help" for the commands and flags`
}

// report writes an error for a person to read, one line for each thing wrong.
func report(w io.Writer, err error) {
	var many settingErrors
	lines := []string{err.Error()}
	if problems := authz.Problems(err); errors.As(err, &many) || len(problems) > 1 {
		lines = strings.Split(cmp.Or(many.Error(), authz.PolicyErrors(problems).Error()), "\n")
	}
	for _, line := range lines {
		fmt.Fprintln(w, "switchboard:", redactText(line))
	}
}
