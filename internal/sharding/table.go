package sharding

import (
	_ "embed" // the tables
	"encoding/csv"
	"strings"
)

//go:embed collections.csv
var collections string

//go:embed exceptions.csv
var exceptions string

// Exception is a row of exceptions.csv: a command that is sent to all shards.
type Exception struct {
	// Collection is its name, or * for any.
	Collection string
	Command    string
	// Fields are those of the filter, sorted, with a space between.
	Fields string
	Why    string
}

// Exceptions returns the table.
func Exceptions() ([]Exception, error) {
	rows, err := read(exceptions)
	out := make([]Exception, 0, len(rows))
	for _, r := range rows {
		out = append(out, Exception{r[0], r[1], r[2], r[3]})
	}
	return out, err
}

// Collections returns the shard key of each collection; empty for one that is not
// sharded.
func Collections() (map[string]string, error) {
	rows, err := read(collections)
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r[0]] = r[1]
	}
	return out, err
}

// read returns the rows behind the first.
func read(table string) ([][]string, error) {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		return nil, err
	}
	return rows[1:], nil
}
