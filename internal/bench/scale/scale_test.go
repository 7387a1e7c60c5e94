package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/internal/bench/scale/model"
)

var rewrite = flag.Bool("rewrite", false, "write the tables in docs/scale.md again")

// The page has the tables that the program prints.
func TestThePageHasTheTables(t *testing.T) {
	const path, begin, end = "../../../docs/scale.md", "<!-- tables: go test ./internal/bench/scale -rewrite -->\n", "<!-- end of tables -->"
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var tables bytes.Buffer
	require.NoError(t, run(&tables, options{seed: 1, short: true}))
	before, after := strings.Index(string(text), begin), strings.Index(string(text), end)
	require.True(t, before > 0 && after > before)
	want := string(text)[:before+len(begin)] + tables.String() + string(text)[after:]
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o600))
		return
	}
	require.Equal(t, want, string(text), "run go test ./internal/bench/scale -rewrite")
}

// With -json everything is there that the tables round or leave out.
func TestJSONHasEverything(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out, options{seed: 1, short: true, asJSON: true, set: settings{"item_cpu=1"}}))
	var got struct {
		Figures []model.Figure
		Results []struct {
			Uses   []model.Use
			Verb   *model.Percentiles
			Design model.Design
		}
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	figures, err := model.ReadFigures()
	require.NoError(t, err)
	require.Len(t, got.Figures, len(figures.All()))
	require.Len(t, got.Results, len(model.Short(model.Scenarios(figures))))
	for _, r := range got.Results {
		require.Greater(t, len(r.Uses), 6)
	}
}

// A figure that there is not is an error and prints nothing.
func TestUnknownFigures(t *testing.T) {
	var out bytes.Buffer
	require.Error(t, run(&out, options{set: settings{"nothing=1"}}))
	require.Empty(t, out.String())
}
