package authz

import (
	"slices"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// customKey names a role as a workspace defined it at one revision. The plan
// is in it because a plan can take permissions away.
type customKey struct {
	workspace workspace.WorkspaceID
	rev       int
	plan      workspace.PlanName
	role      workspace.RoleName
}

// grants are the permissions of one role on one plan, decided at the first request.
type grants struct {
	once sync.Once
	// scopes has one entry a deed, in the order of customRoles.kindActions; nil when
	// the role holds nothing.
	scopes []workspace.Scope
}

// customRoles remembers the decisions about roles that workspaces made, the
// lately used ones, for one policy.
type customRoles struct {
	policy      *Policy
	kindActions map[kindAction]int
	recent      *lru.Cache[customKey, *grants]
}

func newCustomRoles(p *Policy, most int) *customRoles {
	// The only error of New is a size that is not positive.
	recent, _ := lru.New[customKey, *grants](max(1, most))
	deeds := map[kindAction]int{}
	for i, d := range allKindActions() {
		deeds[d] = i
	}
	return &customRoles{policy: p, kindActions: deeds, recent: recent}
}

// scope answers for a role that is no preset. A role is granted nothing when
// the plan has no custom roles, or the workspace no such role.
func (c *customRoles) scope(q access.GrantQuery, kind workspace.Kind, action workspace.PermAction) workspace.Scope {
	if !c.policy.table.offers[planFeature{q.Plan, workspace.FeatureCustomRoles}] {
		return workspace.ScopeNone
	}
	if _, preset := c.policy.table.workspace[roleAction{q.Role, workspace.WorkspaceManage}]; preset {
		return workspace.ScopeNone
	}
	at, known := c.kindActions[kindAction{kind, action}]
	if !known {
		return workspace.ScopeNone
	}
	g := c.grants(q)
	g.once.Do(func() { g.scopes = c.policy.decideCustom(q) })
	if g.scopes == nil {
		return workspace.ScopeNone
	}
	return g.scopes[at]
}

// grants finds or makes the entry of q's role. Without a workspace, roles with
// equal names cannot be distinguished, so nothing is cached.
func (c *customRoles) grants(q access.GrantQuery) *grants {
	key := customKey{q.Workspace, q.Rev, q.Plan, q.Role}
	if g, ok := c.recent.Get(key); ok {
		return g
	}
	fresh := &grants{}
	if q.Workspace == "" {
		return fresh
	}
	if g, ok, _ := c.recent.PeekOrAdd(key, fresh); ok {
		return g
	}
	return fresh
}

// decideCustom uses an enforcer that holds the policy lines of q's role only. If it
// fails, nothing is granted.
func (p *Policy) decideCustom(q access.GrantQuery) []workspace.Scope {
	lines := customLines(q)
	if len(lines) == 0 {
		return nil
	}
	j, err := newEvaluator(p.source, map[string][][]string{"p": lines}, p.table.planAllows)
	if err != nil {
		return nil
	}
	var out []workspace.Scope
	for _, d := range allKindActions() {
		scope, err := j.widest(q.Plan, q.Role, d)
		if err != nil {
			return nil
		}
		out = append(out, scope)
	}
	return out
}

// customLines writes the permissions of q's role as policy lines.
func customLines(q access.GrantQuery) [][]string {
	var lines [][]string
	seen := map[workspace.Permission]bool{}
	for _, role := range q.Custom {
		if role.Name != q.Role {
			continue
		}
		for _, p := range role.Permissions {
			if seen[p] || !inVocabulary(p) {
				continue
			}
			seen[p] = true
			lines = append(lines, []string{string(role.Name), kindWord(p.Kind), string(p.Action), p.Scope.String()})
		}
	}
	return lines
}

// inVocabulary keeps words that mean something to the matcher, such as *, out
// of the lines of a workspace.
func inVocabulary(p workspace.Permission) bool {
	return slices.Contains(workspace.Kinds(), p.Kind) && slices.Contains(workspace.PermActions(), p.Action) &&
		slices.Contains(scopes(), p.Scope)
}
