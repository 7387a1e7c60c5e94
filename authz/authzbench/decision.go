// Package authzbench measures decisions, for benchmarks of the package and for
// the program that prints all figures.
package authzbench

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"switchboard/authz"
	"switchboard/inbox"
)

// CustomRole is the role of every workspace in Custom.
const CustomRole inbox.RoleName = "night_desk"

// members is how many callers there are, in however many workspaces: that the
// callers' own data does not fit in the processor's cache is not what differs.
const members = 10_000

// Preset measures one decision about a preset role, for members of that many
// workspaces in random order. It panics when the embedded policy does not load.
func Preset(workspaces int) testing.BenchmarkResult {
	return testing.Benchmark(func(b *testing.B) { Run(b, Callers(workspaces, false)) })
}

// Custom is Preset for a role that each workspace made itself, after each was
// asked for once.
func Custom(workspaces int) testing.BenchmarkResult {
	return testing.Benchmark(func(b *testing.B) { Run(b, Callers(workspaces, true)) })
}

// Callers makes one query a member, over all plans and roles. No two share the
// memory of a string, as rows of a database do not.
func Callers(workspaces int, custom bool) []inbox.GrantQuery {
	policy := mustLoad()
	plans, roles := policy.Plans(), policy.Roles()
	callers := make([]inbox.GrantQuery, members)
	for i := range callers {
		at := i % workspaces
		q := inbox.GrantQuery{Plan: plans[at%len(plans)].Name, Role: roles[i%len(roles)], Rev: 1}
		if custom {
			q.Plan, q.Role, q.Custom = plans[len(plans)-1].Name, CustomRole, customRole()
		}
		q.Workspace = inbox.WorkspaceID(fmt.Sprintf("workspace-%d", at))
		q.Plan, q.Role = inbox.PlanName(strings.Clone(string(q.Plan))), inbox.RoleName(strings.Clone(string(q.Role)))
		callers[i] = q
	}
	return callers
}

func customRole() []inbox.CustomRole {
	chats := inbox.Permission{Kind: inbox.Livechat, Action: inbox.PermView, Scope: inbox.ScopeTeam}
	return []inbox.CustomRole{{Name: CustomRole, Permissions: []inbox.Permission{chats}}}
}

// Run asks for one decision a turn.
func Run(b *testing.B, callers []inbox.GrantQuery) {
	b.Helper()
	policy := authz.New(mustLoad())
	for _, q := range callers {
		policy.Scope(q, inbox.Livechat, inbox.PermView)
	}
	order := rand.New(rand.NewSource(1)).Perm(len(callers))
	kinds, actions := inbox.Kinds(), inbox.PermActions()
	granted := 0
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		q := &callers[order[i%len(order)]]
		granted += int(policy.Scope(*q, kinds[i%len(kinds)], actions[i%len(actions)]))
	}
	if granted == 0 && b.N > 1_000 {
		b.Fatal("nothing was granted: the callers are wrong")
	}
}

func mustLoad() *authz.Policy {
	policy, err := authz.Preset("default")
	if err != nil {
		panic(err)
	}
	return policy
}
