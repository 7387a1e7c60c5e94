package world

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
)

// Row is a line of a table of testdata, by the names of its head.
type Row struct {
	table string
	line  int
	cells map[string]string
}

// String names the table and the line.
func (r Row) String() string { return fmt.Sprintf("%s:%d", r.table, r.line) }

// Get reads a cell of a column that must exist.
func (r Row) Get(t *testing.T, column string) string {
	t.Helper()
	cell, ok := r.cells[column]
	require.True(t, ok, "%s has no column %s", r.table, column)
	return cell
}

// ReadTable reads a table of the testdata folder of the package under test.
func ReadTable(t *testing.T, name string) []Row {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	reader := csv.NewReader(file)
	reader.Comment, reader.TrimLeadingSpace, reader.LazyQuotes = '#', true, true
	head, err := reader.Read()
	require.NoError(t, err)
	var rows []Row
	for {
		record, err := reader.Read()
		if len(record) == 0 {
			break
		}
		require.NoError(t, err)
		line, _ := reader.FieldPos(0)
		cells := map[string]string{}
		for i, cell := range record {
			cells[strings.TrimSpace(head[i])] = strings.TrimSpace(cell)
		}
		rows = append(rows, Row{name, line, cells})
	}
	require.NotEmpty(t, rows)
	return rows
}

// SetRule sets a rule by its name in the schema; "plan" sets the plan.
func SetRule(t *testing.T, w *workspace.Workspace, name, value string) {
	t.Helper()
	if name == "" {
		return
	}
	if name == "plan" {
		w.Plan = workspace.PlanName(value)
		return
	}
	field := reflect.ValueOf(&w.Rules).Elem().FieldByNameFunc(func(f string) bool { return strings.EqualFold(f, name) })
	require.True(t, field.IsValid(), "there is no rule %s", name)
	if field.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(value)
		require.NoError(t, err)
		field.SetInt(int64(d))
	} else if field.Kind() == reflect.Bool {
		field.SetBool(value == "true")
	} else {
		require.Equal(t, reflect.String, field.Kind(), "rule %s is no word", name)
		field.SetString(value)
	}
	require.NoError(t, admin.ValidateRules(w.Rules))
}
