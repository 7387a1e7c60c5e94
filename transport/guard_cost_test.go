package transport_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/transport"
	"switchboard/transport/codes"
)

// costRow is an operation and what it costs.
type costRow struct {
	Name, Query string
	Variables   map[string]any
	Cost        int
}

func costRows(t *testing.T) []costRow {
	t.Helper()
	data, err := os.ReadFile("testdata/cost.json")
	require.NoError(t, err)
	var rows []costRow
	require.NoError(t, json.Unmarshal(data, &rows))
	return rows
}

// Each operation passes with its cost as the budget and is refused with one less,
// so the table says what things cost.
func TestWhatOperationsCost(t *testing.T) {
	for _, row := range costRows(t) {
		t.Run(row.Name, func(t *testing.T) {
			body, err := json.Marshal(map[string]any{"query": row.Query, "variables": row.Variables})
			require.NoError(t, err)
			budget := func(most int) *env {
				return start(t, func(o *transport.Options) {
					o.Limits.Cost, o.FieldCosts = most, map[string]int{"People.total": 7}
				})
			}
			e := budget(row.Cost)
			a := e.post(string(body))
			require.Empty(t, a.body.Errors, a.text)
			if row.Cost == 1 {
				return // every operation may cost one
			}
			e = budget(row.Cost - 1)
			a = e.post(string(body))
			require.Equal(t, codes.LimitExceeded, a.code(), a.text)
			require.Equal(t, "cost", a.body.Errors[0].Extensions["limit"])
			require.EqualValues(t, row.Cost, a.body.Errors[0].Extensions["cost"], a.text)
			require.Contains(t, a.body.Errors[0].Message, fmt.Sprintf("costs %d", row.Cost))
			require.Zero(t, e.schema.executed.Load())
		})
	}
}

func TestIntrospectionIsBounded(t *testing.T) {
	e := start(t, nil)
	nested := func(n int) string {
		query := "name"
		for range n {
			query = "fields { type { " + query + " } }"
		}
		return document("{ __schema { types { " + query + " } } }")
	}
	require.Empty(t, e.post(nested(2)).body.Errors)
	a := e.post(nested(3))
	require.Equal(t, "introspection depth", a.body.Errors[0].Extensions["limit"], a.text)
	byFragments := document(`{__type(name:"Node"){...A}} fragment A on __Type{fields{type{...B}}} fragment B on __Type{possibleTypes{...C}} ` +
		`fragment C on __Type{interfaces{fields{name}}}`)
	require.Equal(t, codes.LimitExceeded, e.post(byFragments).code())
}
