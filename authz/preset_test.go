package authz_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox/workspace"
)

// TestVocabulary compares every word of every embedded policy with the
// constants of the domain, read without the loader. A misspelled word is a
// silent refusal to Casbin.
func TestVocabulary(t *testing.T) {
	kinds := wordSet([]string{"*"})
	for _, kind := range workspace.Kinds() {
		kinds[strings.ToLower(string(kind))] = true
	}
	actions, duties := wordSet(asStrings(workspace.PermActions())), wordSet(asStrings(workspace.WorkspaceActions()))
	scopes := wordSet([]string{workspace.ScopeOwn.String(), workspace.ScopeTeam.String(), workspace.ScopeAll.String()})
	for _, dir := range presetDirs(t) {
		plans, roles := wordSet(firstWords(t, dir, "plans.csv")), wordSet(firstWords(t, dir, "roles.csv"))
		require.ElementsMatch(t, asStrings(workspace.Features()), firstWords(t, dir, "features.csv"), dir)
		for _, line := range csvFile(t, dir, "features.csv") {
			require.Contains(t, plans, line[1], dir)
		}
		for _, line := range csvFile(t, dir, "policy.csv") {
			require.Contains(t, roles, line[1], "%s: %v", dir, line)
			switch line[0] {
			case "p":
				require.Len(t, line, 5, "%s: %v", dir, line)
				require.Contains(t, kinds, line[2], "%s: %v", dir, line)
				require.Contains(t, actions, line[3], "%s: %v", dir, line)
				require.Contains(t, scopes, line[4], "%s: %v", dir, line)
			case "p2":
				require.Len(t, line, 3, "%s: %v", dir, line)
				require.Contains(t, duties, line[2], "%s: %v", dir, line)
			default:
				t.Errorf("%s: unknown sort of line: %v", dir, line)
			}
		}
	}
}

func TestPresetsAreTheEmbeddedFolders(t *testing.T) {
	var names []string
	for _, dir := range presetDirs(t) {
		names = append(names, filepath.Base(dir))
	}
	require.ElementsMatch(t, names, authz.Presets())
}

// TestLadders proves that the rungs of the second preset stand where those of
// the first do, with the same features. B:Z3.
func TestLadders(t *testing.T) {
	standard, league := authz.New(preset(t, "default")), authz.New(preset(t, "league"))
	require.Equal(t, []string{"free", "lite", "pro", "total", "enterprise"}, planNames(standard.Plans()))
	require.Equal(t, []string{"free", "amateur", "pro", "champion", "elite"}, planNames(league.Plans()))
	for rank, plan := range standard.Plans() {
		require.Equal(t, rank, plan.Rank)
		for _, feature := range workspace.Features() {
			here, _ := standard.Includes(plan.Name, feature)
			there, _ := league.Includes(league.Plans()[rank].Name, feature)
			require.Equal(t, here, there, "%s on rung %d", feature, rank)
		}
	}
}

// TestPresetsGrantTheSame proves that renaming plans changes no permission. B:Z2
func TestPresetsGrantTheSame(t *testing.T) {
	first, second := preset(t, "default"), preset(t, "league")
	require.Equal(t, first.Roles(), second.Roles())
	standard, league := authz.New(first), authz.New(second)
	for rank, plan := range first.Plans() {
		for _, role := range first.Roles() {
			here, there := query(plan.Name, role), query(second.Plans()[rank].Name, role)
			for _, kind := range workspace.Kinds() {
				for _, action := range workspace.PermActions() {
					require.Equal(t, standard.Scope(here, kind, action), league.Scope(there, kind, action), "%s %s %s", role, kind, action)
				}
			}
			for _, action := range workspace.WorkspaceActions() {
				require.Equal(t, standard.Workspace(here, action), league.Workspace(there, action), "%s %s", role, action)
			}
		}
	}
}

// TestPlansAreTheCallers proves that a caller cannot change the ladder.
func TestPlansAreTheCallers(t *testing.T) {
	policy := authz.New(preset(t, "default"))
	policy.Plans()[0].Name = "changed"
	require.Equal(t, workspace.PlanName("free"), policy.Plans()[0].Name)
}

func TestUnknownPreset(t *testing.T) {
	_, err := authz.Preset("leage")
	requirePolicyError(t, err, "leage", 0, "no policy preset", "default, league")
}

func planNames(plans []workspace.Plan) []string {
	var out []string
	for _, p := range plans {
		out = append(out, string(p.Name))
	}
	return out
}

func wordSet(list []string) map[string]bool {
	set := map[string]bool{}
	for _, w := range list {
		set[w] = true
	}
	return set
}

func presetDirs(t *testing.T) []string {
	t.Helper()
	dirs, err := filepath.Glob("policies/*")
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	return dirs
}

func firstWords(t *testing.T, dir, name string) []string {
	t.Helper()
	var out []string
	for _, line := range csvFile(t, dir, name) {
		out = append(out, line[0])
	}
	return out
}

func csvFile(t *testing.T, dir, name string) [][]string {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, name))
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	r := csv.NewReader(file)
	r.Comment, r.TrimLeadingSpace, r.FieldsPerRecord = '#', true, -1
	lines, err := r.ReadAll()
	require.NoError(t, err)
	require.NotEmpty(t, lines)
	return lines
}
