package authz_test

import (
	"encoding/csv"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox/workspace"
)

// spreadsheets are what programs that are not an editor make of a file.
func spreadsheets() map[string]func(text string) string {
	return map[string]func(string) string{
		"a byte order mark":           func(text string) string { return "\ufeff" + text },
		"a byte order mark each":      func(text string) string { return "\ufeff" + strings.ReplaceAll(text, "\n", "\n\ufeff") },
		"line ends of Windows":        func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
		"no last line end":            func(text string) string { return strings.TrimSuffix(text, "\n") },
		"lines as long as one":        padded,
		"lines as long, all quoted":   quoted,
		"all of it":                   func(text string) string { return "\ufeff" + strings.ReplaceAll(quoted(text), "\n", "\r\n") },
		"non-breaking space at words": func(text string) string { return strings.ReplaceAll(text, ", ", ",\u00a0") },
	}
}

// padded gives every line six fields, blank ones and comments too.
func padded(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		out = append(out, line+strings.Repeat(",", max(0, 5-strings.Count(line, ","))))
	}
	return strings.Join(out, "\n")
}

func quoted(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") {
			out.WriteString(`"` + strings.ReplaceAll(line, `"`, `""`) + `",,,,,` + "\n")
			continue
		}
		r := csv.NewReader(strings.NewReader(line))
		r.TrimLeadingSpace = true
		fields, _ := r.Read() // blank lines have none
		for i := range 6 {
			field := ""
			if i < len(fields) {
				field = fields[i]
			}
			out.WriteString(`"` + field + `",`)
		}
		out.WriteString("\n")
	}
	return out.String()
}

// A policy that went through a spreadsheet is the same policy.
func TestSpreadsheets(t *testing.T) {
	for _, name := range authz.Presets() {
		want := preset(t, name)
		for how, write := range spreadsheets() {
			files := presetFiles(t, name)
			for _, file := range []string{"plans.csv", "features.csv", "roles.csv", "policy.csv"} {
				files[file].Data = []byte(write(string(files[file].Data)))
			}
			files["model.conf"].Data = append([]byte("\ufeff"), files["model.conf"].Data...)
			got, err := authz.Load(files)
			require.NoError(t, err, "%s, with %s", name, how)
			require.Equal(t, want.Plans(), got.Plans(), how)
			require.Equal(t, want.Roles(), got.Roles(), how)
			before, after := authz.New(want), authz.New(got)
			for _, plan := range want.Plans() {
				for _, role := range want.Roles() {
					q := query(plan.Name, role)
					require.Equal(t, before.Scope(q, workspace.Ticket, workspace.PermTransfer), after.Scope(q, workspace.Ticket, workspace.PermTransfer), how)
				}
			}
		}
	}
}

// Labels and descriptions are the policy's own words, and the name where it has none.
func TestLabels(t *testing.T) {
	files := tiny(t)
	files["plans.csv"].Data = []byte("low, \"Starter, or so\", \"For one, to try\"\nhigh\n")
	files["roles.csv"].Data = []byte("owner, Propriétaire\nai_agent, 🤖 Bot\nintegration,, Feeds in\n")
	loaded, err := authz.Load(files)
	require.NoError(t, err)
	require.Equal(t, []workspace.Plan{
		{Name: "low", Label: "Starter, or so", Description: "For one, to try"}, {Name: "high", Rank: 1, Label: "high"},
	}, loaded.Plans())
	for name, want := range map[workspace.RoleName]workspace.PresetRole{
		"owner": {Name: "owner", Label: "Propriétaire"}, "ai_agent": {Name: "ai_agent", Label: "🤖 Bot"},
		"integration": {Name: "integration", Label: "integration", Description: "Feeds in"},
	} {
		got, ok := authz.New(loaded).PresetRole(name)
		require.True(t, ok)
		require.Equal(t, want, got)
	}
	stranger, ok := loaded.PresetRole("boss")
	require.False(t, ok)
	require.Equal(t, workspace.PresetRole{Name: "boss", Label: "boss"}, stranger)
}

// All mistakes are named at once, but not those that follow from another file's.
func TestAllMistakesAtOnce(t *testing.T) {
	files := tiny(t)
	files["features.csv"].Data = replaceOnce(t, replaceOnce(t, files["features.csv"].Data, "transfer", "trasnfer"), "monitor, high", "monitor, hihg")
	files["policy.csv"].Data = replaceOnce(t, files["policy.csv"].Data, "plan.manage", "plans.manage")
	_, err := authz.Load(files)
	var at []string
	for _, wrong := range authz.Problems(err) {
		at = append(at, wrong.Error())
	}
	require.Len(t, at, 4)
	require.Contains(t, at[0], `features.csv:1: "trasnfer" is no feature`)
	require.Contains(t, at[1], `features.csv:8: "hihg" is no plan`)
	require.Contains(t, at[2], `features.csv: The feature "transfer" has no line`)
	require.Contains(t, at[3], `policy.csv:5: "plans.manage"`)
	require.Equal(t, strings.Join(at, "\n"), err.Error())
	require.Nil(t, authz.Problems(fs.ErrInvalid))

	files["plans.csv"].Data = []byte("LOW\nhigh\n")
	_, err = authz.Load(files)
	require.Len(t, authz.Problems(err), 2, "features.csv names plans: it waits for plans.csv")
}

func presetFiles(t *testing.T, name string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	require.NoError(t, fs.WalkDir(authz.PresetFiles(name), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			data, read := fs.ReadFile(authz.PresetFiles(name), path)
			require.NoError(t, read)
			out[path] = &fstest.MapFile{Data: data}
		}
		return err
	}))
	return out
}
