package authz_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// drawn is a random policy, as data to compare the decisions with.
type drawn struct {
	plans  []string
	lowest map[workspace.Feature]int  // index of the lowest plan
	grants map[string]workspace.Scope // role, kind word, action
}

func drawPolicy(t *rapid.T) drawn {
	d := drawn{lowest: map[workspace.Feature]int{}, grants: map[string]workspace.Scope{"owner, *, view": workspace.ScopeAll}}
	for i := range rapid.IntRange(1, 3).Draw(t, "plans") {
		d.plans = append(d.plans, fmt.Sprintf("rung-%d", i))
	}
	for _, f := range workspace.Features() {
		d.lowest[f] = rapid.IntRange(0, len(d.plans)-1).Draw(t, string(f))
	}
	for range rapid.IntRange(0, 8).Draw(t, "lines") {
		key := fmt.Sprintf("%s, %s, %s", rapid.SampledFrom([]string{"ai_agent", "helper"}).Draw(t, "role"),
			rapid.SampledFrom([]string{"*", "livechat", "ticket"}).Draw(t, "kind"), rapid.SampledFrom(workspace.PermActions()).Draw(t, "action"))
		d.grants[key] = rapid.SampledFrom([]workspace.Scope{workspace.ScopeOwn, workspace.ScopeTeam, workspace.ScopeAll}).Draw(t, "scope")
	}
	return d
}

func (d drawn) files(model []byte) fstest.MapFS {
	var features, grants []string
	for f, at := range d.lowest {
		features = append(features, fmt.Sprintf("%s, %s", f, d.plans[at]))
	}
	for key, scope := range d.grants {
		grants = append(grants, fmt.Sprintf("p, %s, %s", key, scope))
	}
	file := func(lines []string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(strings.Join(lines, "\n"))}
	}
	return fstest.MapFS{
		"model.conf": {Data: model}, "plans.csv": file(d.plans), "features.csv": file(features),
		"roles.csv": file([]string{"owner", "ai_agent", "integration", "helper"}), "policy.csv": file(grants),
	}
}

// want is the answer by the meaning of the lines, without Casbin.
func (d drawn) want(rank int, role string, kind workspace.Kind, action workspace.PermAction) workspace.Scope {
	if f := workspace.FeatureOf(action); f != "" && rank < d.lowest[f] {
		return workspace.ScopeNone
	}
	any := d.grants[fmt.Sprintf("%s, *, %s", role, action)]
	return max(any, d.grants[fmt.Sprintf("%s, %s, %s", role, strings.ToLower(string(kind)), action)])
}

// TestAnyPolicy proves for random policies that the table says what the lines
// mean, that a higher plan never loses anything, and that nothing comes from
// nothing. B:Z1, B:Z3
func TestAnyPolicy(t *testing.T) {
	model := tiny(t)["model.conf"].Data
	rapid.Check(t, func(t *rapid.T) {
		d := drawPolicy(t)
		loaded, err := authz.Load(d.files(model))
		require.NoError(t, err)
		policy := authz.New(loaded)
		for rank, plan := range policy.Plans() {
			d.checkFeatures(t, policy, rank, plan.Name)
			for _, name := range []string{"owner", "ai_agent", "integration", "helper", "stranger"} {
				d.checkRole(t, policy, rank, name)
			}
		}
	})
}

func (d drawn) checkFeatures(t *rapid.T, policy *authz.Authorizer, rank int, plan workspace.PlanName) {
	for _, f := range workspace.Features() {
		included, lowest := policy.Includes(plan, f)
		require.Equal(t, rank >= d.lowest[f], included)
		require.Equal(t, d.plans[d.lowest[f]], string(lowest))
	}
}

func (d drawn) checkRole(t *rapid.T, policy *authz.Authorizer, rank int, name string) {
	for _, kind := range workspace.Kinds() {
		for _, action := range workspace.PermActions() {
			q := access.GrantQuery{Plan: workspace.PlanName(d.plans[rank]), Role: workspace.RoleName(name)}
			got := policy.Scope(q, kind, action)
			require.Equal(t, d.want(rank, name, kind, action), got, "%s %s %s", name, kind, action)
			if rank > 0 {
				q.Plan = workspace.PlanName(d.plans[rank-1])
				require.LessOrEqual(t, policy.Scope(q, kind, action), got, "a higher plan takes %s %s", kind, action)
			}
		}
	}
}

// TestMoreRoles proves with the presets that one more role never takes a
// permission away, and that who may act on a stranger's conversation may act
// on a teammate's and on their own. B:Z1, B:Z2
func TestMoreRoles(t *testing.T) {
	for _, name := range authz.Presets() {
		loaded := preset(t, name)
		policy := authz.New(loaded)
		rapid.Check(t, func(t *rapid.T) {
			plan := rapid.SampledFrom(policy.Plans()).Draw(t, "plan").Name
			roles := rapid.SliceOfN(rapid.SampledFrom(loaded.Roles()), 1, 4).Draw(t, "roles")
			fewer, more := member(t, policy, plan, roles[1:]), member(t, policy, plan, roles)
			for _, kind := range workspace.Kinds() {
				for _, action := range workspace.PermActions() {
					require.LessOrEqual(t, fewer.Scope(kind, action), more.Scope(kind, action))
				}
				requireNarrowerIncluded(t, more, kind)
			}
			for _, action := range workspace.WorkspaceActions() {
				require.True(t, more.May(action) || !fewer.May(action))
			}
		})
	}
}

func requireNarrowerIncluded(t *rapid.T, a access.Access, kind workspace.Kind) {
	allowed := func(assignee workspace.MemberID, team workspace.TeamID, action inbox.Action) bool {
		c := inbox.Conversation{Kind: kind, Ownership: inbox.Ownership{Assignee: assignee, Team: team, Status: inbox.Open}}
		return a.Can(c, action).Allowed
	}
	for _, action := range []inbox.Action{inbox.ActionView, inbox.ActionAssign, inbox.ActionMonitor} {
		own, team, other := allowed("me", "mine", action), allowed("teammate", "mine", action), allowed("stranger", "theirs", action)
		require.True(t, own || !team, "%s: a teammate's but not the own", action)
		require.True(t, team || !other, "%s: a stranger's but not a teammate's", action)
	}
}

func member(t *rapid.T, policy *authz.Authorizer, plan workspace.PlanName, roles []workspace.RoleName) access.Access {
	directory := &workspace.Directory{
		Workspace: workspace.Workspace{ID: "w", Plan: plan, Rules: workspace.DefaultRules(), Rev: 1},
		Members: map[workspace.MemberID]workspace.Member{
			"me": {ID: "me", Roles: roles, Teams: []workspace.TeamID{"mine"}}, "teammate": {ID: "teammate", Teams: []workspace.TeamID{"mine"}},
			"stranger": {ID: "stranger", Teams: []workspace.TeamID{"theirs"}},
		},
	}
	a, err := access.NewAccess(inbox.Principal{Workspace: "w", Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "me"}}, directory, policy)
	require.NoError(t, err)
	return a
}
