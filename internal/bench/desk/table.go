package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"switchboard/internal/bench/report"
)

// table collects the figures by program, people and board.
type table struct {
	plan  plan
	wire  bool
	rows  []rowKey
	cells map[rowKey][]figures
}

type rowKey struct {
	program string
	people  int
	board   string
}

func newTable(p plan, wire bool) *table {
	return &table{plan: p, wire: wire, cells: map[rowKey][]figures{}}
}

func (t *table) add(program string, people int, board string, f figures) {
	key := rowKey{filepath.Base(program), people, board}
	if t.cells[key] == nil {
		t.rows = append(t.rows, key)
	}
	t.cells[key] = append(t.cells[key], f)
}

// middle is the median of a figure of a row.
func (t *table) middle(key rowKey, of func(figures) float64) float64 {
	var values []float64
	for _, f := range t.cells[key] {
		values = append(values, of(f))
	}
	if len(values) == 0 {
		return 0
	}
	return report.Median(values)
}

func (t *table) print() {
	place := "the embedded engine"
	if t.wire {
		place = "over the wire"
	}
	fmt.Printf("%s, %d workspaces, takeovers at %g a second offered, medians of %d rounds\n",
		place, t.plan.workspaces, t.plan.rate, t.plan.rounds)
	fmt.Printf("%-14s %6s %-14s %9s %8s %8s %8s %7s %8s %7s %7s %7s\n", "program", "people", "board",
		"ms/verb", "of view", "heap KB", "stack KB", "gorout.", "RSS MB", "idle %", "cmds/s", "items")
	for _, key := range t.rows {
		t.printRow(key)
	}
	t.printCommands()
	fmt.Println("goals: whole board at most 1.3 of the view; heap and stack at most 32 KB a person, at most 1.2 times as much for many;")
	fmt.Println("       idle at most 0.5 % with 200 boards, 5 % with 10,000, 0.2 % with nobody and then at most 2 commands a second")
	_, left := chosen(t.plan.boards)
	for _, name := range left {
		fmt.Println("not run: the board", name)
	}
}

func (t *table) printRow(key rowKey) {
	cpu := func(f figures) float64 { return f.cpu }
	view := t.middle(rowKey{key.program, key.people, "view"}, cpu)
	if view == 0 {
		view = t.middle(key, cpu)
	}
	fmt.Printf("%-14s %6d %-14s %9.2f %8.2f", key.program, key.people, key.board, t.middle(key, cpu), t.middle(key, cpu)/view)
	for _, column := range []struct {
		form string
		of   func(figures) float64
	}{
		{" %8.1f", func(f figures) float64 { return f.heap }},
		{" %8.1f", func(f figures) float64 { return f.stacks }},
		{" %7.1f", func(f figures) float64 { return f.goroutines }},
		{" %8.0f", func(f figures) float64 { return f.resident }},
		{" %7.2f", func(f figures) float64 { return f.idle }},
		{" %7.1f", func(f figures) float64 { return f.commands }},
		{" %7.2f", func(f figures) float64 { return f.items }},
	} {
		fmt.Printf(column.form, t.middle(key, column.of))
	}
	fmt.Println()
}

// printCommands prints what the database is asked a second while there is nobody.
func (t *table) printCommands() {
	for _, key := range t.rows {
		last := t.cells[key][len(t.cells[key])-1].names
		if key.board != "nobody" {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(last)) {
			fmt.Printf("%-14s %6d with nobody: %5.2f a second of %s\n", key.program, key.people, last[name], name)
		}
	}
}
