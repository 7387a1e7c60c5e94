package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// largestSource bounds a file with a setting or with settings, in bytes.
const largestSource = 1 << 20

// fileEnding ends the variable that names a file with the value of a setting:
// SWITCHBOARD_JWT_SECRET_FILE is a file with the secret.
const fileEnding = "_FILE"

// settingNames are the flags that are settings: those of serve.
func settingNames() []string {
	var line commandLine
	parser, err := kong.New(&line)
	if err != nil {
		return nil // newParser says why
	}
	var out []string
	for _, command := range parser.Model.Children {
		for _, flag := range command.Flags {
			if command.Name == "serve" {
				out = append(out, flag.Name)
			}
		}
	}
	return out
}

// namesFiles reports whether a variable may name a file with a setting. Most starts have
// none, and need not learn the names of all settings.
func (in *invocation) namesFiles() bool {
	for name := range in.vars {
		if strings.HasSuffix(name, fileEnding) {
			return true
		}
	}
	return false
}

// readSources reads the settings that are not in flags and variables themselves: files
// named by variables, and the file of --config. Flags are args.
func (in *invocation) readSources(args []string) error {
	var problems []error
	if in.namesFiles() {
		for _, name := range settingNames() {
			problems = append(problems, in.readVariableFile(variable(name)))
		}
	}
	if name := configFile(args, in.vars); name != "" {
		var err error
		if in.file, err = readConfig(name); err != nil {
			problems = append(problems, fmt.Errorf("--config %s: %w", name, err))
		}
	}
	return fail(exitUsage, errors.Join(problems...))
}

// readVariableFile takes the value of a variable from the file that another one names.
// The end of the last line is no part of it.
func (in *invocation) readVariableFile(name string) error {
	path, set := in.vars[name+fileEnding]
	if !set {
		return nil
	}
	if _, both := in.vars[name]; both {
		return fmt.Errorf("%s%s excludes %s; set one of them", name, fileEnding, name)
	}
	data, err := readBounded(path)
	switch value := strings.TrimRight(string(data), "\r\n"); {
	case err != nil:
		return fmt.Errorf("%s%s: %w", name, fileEnding, err)
	case value == "":
		return fmt.Errorf("%s%s: the file %s is empty", name, fileEnding, path)
	default:
		in.vars[name] = value
	}
	return nil
}

func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() // it was only read
	data, err := io.ReadAll(io.LimitReader(file, largestSource+1))
	if err == nil && len(data) > largestSource {
		err = fmt.Errorf("%s is larger than %d bytes", path, largestSource)
	}
	return data, err
}

// configFile is the file of --config, or of its variable; empty for none. It is needed
// before the command line can be parsed.
func configFile(args []string, vars map[string]string) string {
	for i, arg := range args {
		value, has := strings.CutPrefix(arg, "--config=")
		switch {
		case has:
			return value
		case arg == "--config" && i+1 < len(args):
			return args[i+1]
		case arg == "--":
			return vars[variable("config")]
		}
	}
	return vars[variable("config")]
}

// readConfig reads a YAML file of settings by the names of their flags. Each value is as
// a variable would have it.
func readConfig(path string) (map[string]string, error) {
	data, err := readBounded(path)
	if err != nil {
		return nil, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	out := map[string]string{}
	if len(document.Content) == 0 {
		return out, nil // nothing but comments
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: want settings such as addr: 127.0.0.1:8080", root.Line)
	}
	known := settingNames()
	var problems []error
	for i := 0; i+1 < len(root.Content); i += 2 {
		name := root.Content[i]
		value, err := configValue(root.Content[i+1])
		switch _, twice := out[name.Value]; {
		case !slices.Contains(known, name.Value):
			err = fmt.Errorf("there is no setting %s; did you mean %s?", name.Value, nearest(name.Value, known))
		case twice:
			err = fmt.Errorf("%s is there twice", name.Value)
		case err != nil:
			err = fmt.Errorf("%s: %w", name.Value, err)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("line %d: %w", name.Line, err))
		}
		out[name.Value] = value
	}
	return out, errors.Join(problems...)
}

// configValue is a scalar, or a list of them with commas between.
func configValue(node *yaml.Node) (string, error) {
	switch {
	case node.Kind == yaml.ScalarNode && node.Tag != "!!null":
		return node.Value, nil
	case node.Kind == yaml.SequenceNode:
		var out []string
		for _, item := range node.Content {
			if item.Kind != yaml.ScalarNode {
				return "", errors.New("want a list of plain values")
			}
			out = append(out, strings.ReplaceAll(item.Value, ",", `\,`))
		}
		return strings.Join(out, ","), nil
	}
	return "", errors.New("want a value or a list of values")
}

// nearest is the name that is most like another.
func nearest(name string, known []string) string {
	return slices.MinFunc(known, func(a, b string) int {
		return levenshtein.ComputeDistance(name, a) - levenshtein.ComputeDistance(name, b)
	})
}
