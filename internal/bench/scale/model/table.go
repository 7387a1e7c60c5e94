package model

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Tables writes three tables in Markdown: what each scenario carries, how much of each
// resource it uses, and the figures.
func Tables(out io.Writer, results []Result, f Figures) error {
	carried := table{{
		"", "Machines", "Servers receive", "People", "Verbs/s", "Workspaces of", "Screens an event",
		"Carries verbs/s", "Breaks first", "Verb p50, p99", "Delivery p50, p99",
	}}
	used := table{append([]string{""}, resources()...)}
	for n, r := range results {
		number := strconv.Itoa(n + 1)
		carried = append(carried, append([]string{number}, r.cells()...))
		used = append(used, append([]string{number}, r.shares()...))
	}
	values := table{{"Figure", "Value", "Basis", "From"}}
	for _, one := range f.All() {
		value := strconv.FormatFloat(one.Value, 'f', -1, 64) + " " + one.Unit
		values = append(values, []string{"`" + one.Name + "`", value, one.Basis, one.From})
	}
	_, err := fmt.Fprintf(out, "%v\n%v\n%v", carried, used, values)
	return err
}

// table has its heading in the first row.
type table [][]string

// String is the table in Markdown.
func (t table) String() string {
	var out strings.Builder
	for n, row := range t {
		out.WriteString(line(row))
		if n == 0 {
			out.WriteString("|" + strings.Repeat("---|", len(row)) + "\n")
		}
	}
	return out.String()
}

func line(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

func (r Result) cells() []string {
	return []string{
		r.Step(), string(r.Design), whole(float64(r.People)), whole(r.Scenario.Verbs),
		whole(float64(r.Size)), whole(float64(r.Reach)),
		r.carries(), r.First().Resource, r.Verb.String(), r.Delivery.String(),
	}
}

// shares are of all resources, in the order of resources.
func (r Result) shares() (out []string) {
	for _, name := range resources() {
		at := slices.IndexFunc(r.Uses, func(u Use) bool { return u.Resource == name })
		switch {
		case at < 0:
			out = append(out, "")
		case name == serverMemory:
			out = append(out, r.Uses[at].String()+", "+megabytes(r.Memory))
		default:
			out = append(out, r.Uses[at].String())
		}
	}
	return out
}

// carries is bold where it is not enough.
func (r Result) carries() string {
	text := whole(rounded(r.Carries))
	if r.Breaks() {
		return "**" + text + "**"
	}
	return text
}

// String is the share in percent.
func (u Use) String() string {
	if u.Share < 0.005 {
		return "0 %"
	}
	return whole(rounded(u.Share*100)) + " %"
}

// String is both percentiles in milliseconds; a sign for none.
func (p *Percentiles) String() string {
	if p == nil {
		return "no end"
	}
	return short(p.P50) + ", " + short(p.P99) + " ms"
}

func megabytes(mb float64) string {
	if mb >= 1000 {
		return short(mb/1000) + " GB"
	}
	return short(mb) + " MB"
}

// rounded keeps two digits, as no figure of the model is known better.
func rounded(x float64) float64 {
	if x <= 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return math.Round(x/unit) * unit
}

func short(x float64) string {
	return strconv.FormatFloat(rounded(x), 'f', max(0, 1-digits(x)), 64)
}

// digits is the place of the first digit of x: 0 for 1 to 9.
func digits(x float64) int {
	if x <= 0 {
		return 0
	}
	return int(math.Floor(math.Log10(rounded(x))))
}

// whole writes a number with commas between thousands.
func whole(x float64) string {
	text := strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
