// Package report prints the results of benchmarks that are commands.
package report

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

// Median is the middle of the values, the greater of two. There must be one.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// Print writes the lines to the standard output, as text or as JSON.
func Print[L fmt.Stringer](lines []L, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(os.Stdout).Encode(lines)
	}
	for _, l := range lines {
		fmt.Println(l)
	}
	return nil
}
