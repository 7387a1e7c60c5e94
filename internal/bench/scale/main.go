// Command scale works out what an installation carries: from figures that were measured,
// and others that are assumed, how much of each resource is used, how long a verb and its
// delivery take, and what breaks first. docs/scale.md explains the table that it prints.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"switchboard/internal/bench/scale/model"
)

// settings are the values of -set.
type settings []string

func (s *settings) String() string { return fmt.Sprint(*s) }

// Set adds one.
func (s *settings) Set(value string) error {
	*s = append(*s, value)
	return nil
}

// options are the flags.
type options struct {
	set    settings
	seed   uint64
	short  bool
	asJSON bool
}

func main() {
	var o options
	flag.Var(&o.set, "set", "another value of a figure of figures.csv, as NAME=VALUE; may be given several times")
	flag.Uint64Var(&o.seed, "seed", 1, "where the random numbers of the simulation begin")
	flag.BoolVar(&o.short, "short", false, "print only the rows that docs/scale.md has")
	flag.BoolVar(&o.asJSON, "json", false, "print JSON, with everything, instead of tables")
	flag.Parse()
	if err := run(os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// run writes what the model says of all scenarios.
func run(out io.Writer, o options) error {
	figures, err := model.ReadFigures()
	if err != nil {
		return err
	}
	if figures, err = figures.With(o.set...); err != nil {
		return err
	}
	all := model.Scenarios(figures)
	if o.short {
		all = model.Short(all)
	}
	results := model.Run(figures, all, o.seed)
	if !o.asJSON {
		return model.Tables(out, results, figures)
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Figures []model.Figure `json:"figures"`
		Results []model.Result `json:"results"`
	}{figures.All(), results})
}
