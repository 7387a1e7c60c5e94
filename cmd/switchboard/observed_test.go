package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	rulesFile     = "../../deploy/prometheus/switchboard-rules.yml"
	dashboardFile = "../../deploy/grafana/switchboard.json"
)

// everyMetric are the names in /metrics, with those that a histogram is read by.
func everyMetric(t *testing.T) map[string]bool {
	t.Helper()
	srv := assembled(t)
	require.NoError(t, srv.admin.show(srv))
	srv.admin.metrics.Operation("query", "OK", 0)
	srv.admin.metrics.Refused("LIMIT_EXCEEDED")
	srv.admin.metrics.ConnectionRefused("address")
	srv.admin.metrics.SocketClosed("1013")
	out := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^([a-z_]+)[ {]`).FindAllStringSubmatch(shown(t, srv), -1) {
		out[match[1]] = true
	}
	return out
}

// Dashboard and alert rules name metrics that there are, and no others. They leave out
// few of this program's own.
func TestDashboardAndRulesNameMetricsThatThereAre(t *testing.T) {
	there := everyMetric(t)
	used := map[string]bool{}
	for _, file := range []string{rulesFile, dashboardFile} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		names := regexp.MustCompile(`\b(switchboard|process|go)_[a-z_]+`).FindAllString(string(text), -1)
		require.NotEmpty(t, names)
		for _, name := range names {
			require.True(t, there[name], "%s: /metrics has no %s", file, name)
			used[name] = true
		}
	}
	require.Greater(t, len(used), 25)
}

// The dashboard is a document that Grafana reads, with a query in each panel.
func TestTheDashboardIsWhole(t *testing.T) {
	text, err := os.ReadFile(dashboardFile)
	require.NoError(t, err)
	var board struct {
		Title, UID string
		Panels     []struct {
			ID      int
			Title   string
			Targets []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &board))
	require.Equal(t, "switchboard", board.UID)
	ids := map[int]bool{}
	for _, p := range board.Panels {
		require.NotEmpty(t, p.Title)
		require.False(t, ids[p.ID], p.Title)
		ids[p.ID] = true
		require.NotEmpty(t, p.Targets, p.Title)
		for _, target := range p.Targets {
			require.Contains(t, target.Expr, `{job=~"$job",instance=~"$instance"`, p.Title)
		}
	}
}

// Prometheus reads the rules and the queries, where its tool is at hand. It is in Debian's
// package prometheus.
func TestPrometheusReadsTheRules(t *testing.T) {
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("NOT CHECKED: promtool is not installed, so that nobody parsed " + rulesFile + ". Install Debian's package prometheus.")
	}
	out, err := exec.CommandContext(t.Context(), tool, "check", "rules", rulesFile).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "SUCCESS")
	out, err = exec.CommandContext(t.Context(), tool, "check", "rules", queriesAsRules(t)).CombinedOutput()
	require.NoError(t, err, string(out))
}

// queriesAsRules writes the dashboard's queries as a file of rules, so that they are parsed.
func queriesAsRules(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(dashboardFile)
	require.NoError(t, err)
	var board struct {
		Panels []struct{ Targets []struct{ Expr string } }
	}
	require.NoError(t, json.Unmarshal(text, &board))
	var rules strings.Builder
	rules.WriteString("groups:\n- name: dashboard\n  rules:\n")
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			expr, err := json.Marshal(strings.ReplaceAll(target.Expr, "$__rate_interval", "5m"))
			require.NoError(t, err)
			rules.WriteString("  - record: dashboard_query\n    expr: " + string(expr) + "\n")
		}
	}
	file := t.TempDir() + "/dashboard.yml"
	require.NoError(t, os.WriteFile(file, []byte(rules.String()), 0o600))
	return file
}

// queueRow says by which metrics an operator sees how full a bounded queue is and what it
// refused, or why by none.
type queueRow struct {
	Field   string   `json:"field"`
	Metrics []string `json:"metrics"`
	Reason  string   `json:"reason"`
}

// Each field in the table of bounds whose name is that of a queue has metrics, or a reason
// for having none.
func TestEveryBoundedQueueIsSeen(t *testing.T) {
	text, err := os.ReadFile("testdata/queues.json")
	require.NoError(t, err)
	var rows []queueRow
	require.NoError(t, json.Unmarshal(text, &rows))
	there := everyMetric(t)
	var listed []string
	for _, row := range rows {
		listed = append(listed, row.Field)
		require.NotEqual(t, len(row.Metrics) == 0, row.Reason == "", row.Field)
		for _, name := range row.Metrics {
			require.True(t, there[name], "%s: /metrics has no %s", row.Field, name)
		}
	}
	page, err := os.ReadFile("../../docs/security.md")
	require.NoError(t, err)
	queue := regexp.MustCompile("`([a-zA-Z]+\\.[a-zA-Z]+\\.(?:queue|waiting|pending|items|uses|missed|held|next))`")
	found := 0
	for _, match := range queue.FindAllStringSubmatch(string(page), -1) {
		found++
		require.True(t, slices.Contains(listed, match[1]), "testdata/queues.json has no row for %s", match[1])
	}
	require.Greater(t, found, 10)
	for _, field := range listed {
		require.Contains(t, string(page), "`"+field+"`", "docs/security.md has no bound for it")
	}
}
