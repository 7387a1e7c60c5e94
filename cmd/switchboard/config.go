package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

type configCommand struct {
	JSON bool `help:"Print JSON." name:"json"`
	settings
}

// row is one effective setting.
type row struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	From     origin `json:"from"`
	Variable string `json:"variable"`
}

// Run prints the settings in effect, and then the errors in them.
func (c *configCommand) Run(in *invocation) error {
	wrong := c.check(in.from)
	c.complete()
	rows := effective(in)
	for _, name := range strangers(in.vars) {
		fmt.Fprintf(in.stderr, "switchboard: %s is not a setting and is not looked at\n", name)
	}
	var err error
	if c.JSON {
		err = printJSON(in.stdout, rows)
	} else {
		err = printTable(in.stdout, rows)
	}
	if err != nil {
		return err
	}
	return wrong
}

// effective lists the settings in the order of the help.
func effective(in *invocation) []row {
	var out []row
	for _, flag := range in.flags {
		if flag.Name == "json" {
			continue
		}
		out = append(out, row{flag.Name, show(flag), in.from.of(flag.Name), variable(flag.Name)})
	}
	return out
}

// show writes a value without the secrets in it.
func show(flag *kong.Flag) string {
	value := fmt.Sprint(flag.Target.Interface())
	if value != "" && isSecretName(flag.Name) {
		return hidden
	}
	list, ok := flag.Target.Interface().([]string)
	if !ok {
		return hideSetting(value)
	}
	var shown []string
	for _, one := range list {
		shown = append(shown, hideSetting(one))
	}
	return strings.Join(shown, ",")
}

func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

func printTable(w io.Writer, rows []row) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SETTING\tVALUE\tFROM")
	for _, r := range rows {
		value, from := r.Value, string(r.From)
		if value == "" {
			value = "-"
		}
		if r.From == fromVariable {
			from = r.Variable
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.Name, value, from)
	}
	return table.Flush()
}

// strangers lists variables with our prefix that set nothing, and may be
// misspelled. It leaves out those that Kubernetes sets for a service of our name,
// and those that the tests and scripts of this project read.
func strangers(vars map[string]string) []string {
	if len(vars) == 0 {
		return nil
	}
	other := regexp.MustCompile(`^SWITCHBOARD_(SERVICE_(HOST|PORT.*)|PORT(_.*)?|TEST_.*|CACHE|CONFIG|VERSION)$`)
	known := map[string]bool{}
	var line commandLine
	if parser, err := kong.New(&line); err == nil {
		for _, command := range parser.Model.Leaves(false) {
			for _, flag := range command.Flags {
				known[variable(flag.Name)], known[variable(flag.Name)+fileEnding] = true, true
			}
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if !known[name] && !other.MatchString(name) {
			out = append(out, name)
		}
	}
	return out
}
