package bench_test

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/bench/report"
)

const (
	// callers is how many there are, in however many workspaces: that their own
	// data does not fit in the processor's cache is not what differs.
	callers = 10_000
	// decisions are asked for in one measurement.
	decisions = 2_000_000
	// ownRole is the role of every workspace that made one.
	ownRole workspace.RoleName = "night_desk"
)

// BenchmarkDecision asks for decisions about callers of one workspace and of
// 10,000, in turn.
func BenchmarkDecision(b *testing.B) {
	for name, custom := range map[string]bool{"preset": false, "custom": true} {
		b.Run(name, func(b *testing.B) {
			one, many := newAsker(b, 1, custom), newAsker(b, 10_000, custom)
			var few, lots, ratio []float64
			for range 7 {
				a, c := one.ask(b), many.ask(b)
				few, lots, ratio = append(few, a), append(lots, c), append(ratio, c/a)
			}
			b.ReportMetric(report.Median(few), "ns/decision-1")
			b.ReportMetric(report.Median(lots), "ns/decision-10000")
			b.ReportMetric(report.Median(ratio), "ratio-10000/1")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// asker asks one policy about many callers in random order.
type asker struct {
	policy  *authz.Authorizer
	queries []access.GrantQuery
	order   []int
}

func newAsker(b *testing.B, workspaces int, custom bool) *asker {
	b.Helper()
	policy, err := authz.Preset("default")
	require.NoError(b, err)
	a := &asker{policy: authz.New(policy), order: rand.New(rand.NewSource(1)).Perm(callers)}
	plans, roles := policy.Plans(), policy.Roles()
	for i := range callers {
		at := i % workspaces
		q := access.GrantQuery{Plan: plans[at%len(plans)].Name, Role: roles[i%len(roles)], Rev: 1}
		if custom {
			q.Plan, q.Role, q.Custom = plans[len(plans)-1].Name, ownRole, []workspace.CustomRole{{
				Name: ownRole, Permissions: []workspace.Permission{{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeTeam}},
			}}
		}
		// No two share the memory of a string, as rows of a database do not.
		q.Workspace = workspace.WorkspaceID(fmt.Sprintf("workspace-%d", at))
		q.Plan, q.Role = workspace.PlanName(strings.Clone(string(q.Plan))), workspace.RoleName(strings.Clone(string(q.Role)))
		a.queries = append(a.queries, q)
	}
	a.ask(b)
	return a
}

// ask tells how many nanoseconds one decision took.
func (a *asker) ask(b *testing.B) float64 {
	b.Helper()
	kinds, actions := workspace.Kinds(), workspace.PermActions()
	granted := 0
	begin := time.Now()
	for i := range decisions {
		q := &a.queries[a.order[i%callers]]
		granted += int(a.policy.Scope(*q, kinds[i%len(kinds)], actions[i%len(actions)]))
	}
	took := time.Since(begin)
	require.Positive(b, granted, "nothing was granted: the callers are wrong")
	return float64(took.Nanoseconds()) / decisions
}
