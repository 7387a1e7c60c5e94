package model

import (
	_ "embed" // for the figures
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed figures.csv
var stored string

// Bases of a figure.
const (
	Measured = "measured"
	Assumed  = "assumed"
)

// Figure is one number that the model begins with.
type Figure struct {
	Name  string  `json:"figure"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	// Basis is Measured or Assumed.
	Basis string `json:"basis"`
	// From is the command that printed a measured figure, with the machine, or why another one
	// is assumed.
	From string `json:"from"`
}

// Figures are all that the model begins with, in the order of their file.
type Figures struct{ all []Figure }

// ReadFigures returns the figures of figures.csv. An error says which line is none.
func ReadFigures() (Figures, error) {
	reader := csv.NewReader(strings.NewReader(stored))
	reader.Comment, reader.FieldsPerRecord = '#', 5
	rows, err := reader.ReadAll()
	if err != nil {
		return Figures{}, fmt.Errorf("figures.csv: %w", err)
	}
	var f Figures
	for _, row := range rows[1:] {
		value, err := strconv.ParseFloat(row[1], 64)
		if err != nil || value < 0 || row[3] != Measured && row[3] != Assumed || row[4] == "" {
			return Figures{}, fmt.Errorf("figures.csv: %q is no figure", row)
		}
		f.all = append(f.all, Figure{Name: row[0], Value: value, Unit: row[2], Basis: row[3], From: row[4]})
	}
	return f, nil
}

// All returns the figures. The caller may change the result.
func (f Figures) All() []Figure { return slices.Clone(f.all) }

// With returns the figures with other values, each given as NAME=VALUE. An error names one
// that there is not, or that is no number.
func (f Figures) With(settings ...string) (Figures, error) {
	out := Figures{all: slices.Clone(f.all)}
	for _, setting := range settings {
		name, text, _ := strings.Cut(setting, "=")
		at := out.find(name)
		value, err := strconv.ParseFloat(text, 64)
		if at < 0 || err != nil || value < 0 {
			return f, fmt.Errorf("%q is no figure with its value: see figures.csv", setting)
		}
		out.all[at].Value, out.all[at].Basis, out.all[at].From = value, Assumed, "given by -set"
	}
	return out, nil
}

func (f Figures) find(name string) int {
	return slices.IndexFunc(f.all, func(one Figure) bool { return one.Name == name })
}

// of is the value of a figure. A name that is none is a fault of this package.
func (f Figures) of(name string) float64 {
	at := f.find(name)
	if at < 0 {
		panic("model: no figure " + name)
	}
	return f.all[at].Value
}
