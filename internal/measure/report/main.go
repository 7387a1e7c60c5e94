// Command report prints the figures of package measure for each package of the
// module in the current folder, as a table or, with --json, as JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"switchboard/internal/measure"
)

func main() {
	asJSON := flag.Bool("json", false, "print JSON instead of a table")
	flag.Parse()
	if err := run(os.Stdout, *asJSON); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

// run measures the current folder and writes one row for each package and one for
// all of them.
func run(out io.Writer, asJSON bool) error {
	packages, err := measure.Module(os.DirFS("."))
	if err != nil {
		return err
	}
	rows := make([]row, 0, len(packages)+1)
	for _, p := range append(packages, measure.Sum("all", packages)) {
		rows = append(rows, rowOf(p))
	}
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(rows)
	}
	return table(out, rows)
}

// row is what is printed of one package. Shares are percentages, word counts are
// per 1000 words of comments.
type row struct {
	Folder      string         `json:"folder"`
	FileCount   int            `json:"fileCount"`
	Files       measure.Spread `json:"files"`
	Funcs       measure.Spread `json:"functions"`
	Exported    int            `json:"exported"`
	Names       int            `json:"names"`
	Methods     int            `json:"mostMethods"`
	MethodsOf   string         `json:"mostMethodsOf"`
	Comments    float64        `json:"commentShare"`
	Documented  float64        `json:"documentedShare"`
	What        float64        `json:"what"`
	Who         float64        `json:"who"`
	Tell        float64        `json:"tell"`
	LongLines   int            `json:"longLines"`
	LineTotal   int            `json:"lines"`
	WordsInText int            `json:"commentWords"`
}

func rowOf(p measure.Package) row {
	name, methods := p.MostMethods()
	return row{
		Folder: p.Folder, FileCount: len(p.Files), Files: measure.SpreadOf(p.Files), Funcs: measure.SpreadOf(p.Funcs),
		Exported: p.Exported, Names: p.Names, Methods: methods, MethodsOf: name,
		Comments: share(p.Comments, p.Lines), Documented: share(p.Documented, p.Exported),
		What: p.Words.PerThousand(p.Words.What), Who: p.Words.PerThousand(p.Words.Who), Tell: p.Words.PerThousand(p.Words.Tell),
		LongLines: p.Long, LineTotal: p.Lines, WordsInText: p.Words.All,
	}
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 100
	}
	return 100 * float64(part) / float64(whole)
}

func table(out io.Writer, rows []row) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "package\tfiles\tfile p50/p90/max\tfunc p50/p90/max\texported\tof them no methods\tmost methods\tof\tcomments\tdocumented\twhat/who/tell\tlines >120")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%d\t%d/%d/%d\t%d/%d/%d\t%d\t%d\t%d\t%s\t%.1f %%\t%.0f %%\t%.1f/%.1f/%.1f\t%d (%.1f %%)\n",
			r.Folder, r.FileCount, r.Files.P50, r.Files.P90, r.Files.Max, r.Funcs.P50, r.Funcs.P90, r.Funcs.Max, r.Exported, r.Names, r.Methods, r.MethodsOf,
			r.Comments, r.Documented, r.What, r.Who, r.Tell, r.LongLines, share(r.LongLines, r.LineTotal))
	}
	return w.Flush()
}
