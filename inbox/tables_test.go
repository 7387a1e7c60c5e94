package inbox_test

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

// row is a line of a table of testdata, by the names of its head.
type row struct {
	table string
	line  int
	cells map[string]string
}

func (r row) String() string { return fmt.Sprintf("%s:%d", r.table, r.line) }

// get reads a cell of a column that must exist.
func (r row) get(t *testing.T, column string) string {
	t.Helper()
	cell, ok := r.cells[column]
	require.True(t, ok, "%s has no column %s", r.table, column)
	return cell
}

func readTable(t *testing.T, name string) []row {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	reader := csv.NewReader(file)
	reader.Comment, reader.TrimLeadingSpace, reader.LazyQuotes = '#', true, true
	head, err := reader.Read()
	require.NoError(t, err)
	var rows []row
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
		rows = append(rows, row{name, line, cells})
	}
	require.NotEmpty(t, rows)
	return rows
}

// setRule sets a rule by its name in the schema; "plan" sets the plan.
func setRule(t *testing.T, w *workspace.Workspace, name, value string) {
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
