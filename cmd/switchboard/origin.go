package main

import (
	"strings"

	"github.com/alecthomas/kong"
)

// prefix begins the name of every variable.
const prefix = "SWITCHBOARD_"

// variable is the name of the variable for a flag: --log-format is
// SWITCHBOARD_LOG_FORMAT.
func variable(flag string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// variables reads an environment. An empty variable counts as one that is not
// set, since compose files cannot leave one out.
func variables(env []string) map[string]string {
	out := map[string]string{}
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, prefix) && value != "" {
			out[name] = value
		}
	}
	return out
}

// resolver gives kong the variables. Its own way of reading them goes past
// run's env to the process.
func (in *invocation) resolver() kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if value, ok := in.vars[variable(flag.Name)]; ok && flag.Name != "help" && flag.Name != "version" {
			return value, nil
		}
		if value, ok := in.file[flag.Name]; ok {
			return value, nil
		}
		return nil, nil
	})
}

// helpWithVariable ends the help of each flag with its variable.
func helpWithVariable(value *kong.Value) string {
	if value.Flag == nil || value.Name == "help" || value.Name == "version" {
		return value.Help
	}
	return value.Help + " ($" + variable(value.Name) + ")"
}

// origin is where the value of a setting comes from.
type origin string

// The origins, strongest first.
const (
	fromFlag     origin = "flag"
	fromVariable origin = "variable"
	fromFile     origin = "file"
	fromDefault  origin = "default"
)

// origins records the origin of each flag that is not at its default.
type origins map[string]origin

func (in *invocation) originsOf(parsed *kong.Context) origins {
	out := origins{}
	for _, step := range parsed.Path {
		switch {
		case step.Flag == nil:
		case step.Resolved && in.vars[variable(step.Flag.Name)] != "":
			out[step.Flag.Name] = fromVariable
		case step.Resolved:
			out[step.Flag.Name] = fromFile
		default:
			out[step.Flag.Name] = fromFlag
		}
	}
	return out
}

// of gives the origin of a setting.
func (o origins) of(name string) origin {
	if from, set := o[name]; set {
		return from
	}
	return fromDefault
}

// set reports whether somebody chose the value.
func (o origins) set(name string) bool { return o.of(name) != fromDefault }

// describe names a setting by the way it was set.
func (o origins) describe(name string) string {
	switch o.of(name) {
	case fromVariable:
		return "--" + name + " (from " + variable(name) + ")"
	case fromFile:
		return name + " (from the file of --config)"
	case fromFlag, fromDefault:
	}
	return "--" + name
}
