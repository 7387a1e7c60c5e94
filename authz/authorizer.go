package authz

import (
	"sync/atomic"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// defaultCustomRoles is how many roles that workspaces made are remembered.
const defaultCustomRoles = 16_384

// Authorizer answers from the policy in force. It is safe for concurrent use.
type Authorizer struct {
	current     atomic.Pointer[activePolicy]
	customRoles int
}

var _ access.Authorizer = (*Authorizer)(nil)

// activePolicy is a policy with all that was remembered of it, swapped as a whole.
type activePolicy struct {
	*table
	policy *Policy
	custom *customRoles
}

// Option changes an Authorizer that is being made.
type Option func(*Authorizer)

// WithCustomRoles bounds how many roles that workspaces made are remembered,
// for all workspaces together. At least one is; the default is 16,384.
func WithCustomRoles(most int) Option { return func(a *Authorizer) { a.customRoles = most } }

// New makes an Authorizer that answers from p.
func New(p *Policy, options ...Option) *Authorizer {
	a := &Authorizer{customRoles: defaultCustomRoles}
	for _, option := range options {
		option(a)
	}
	a.Replace(p)
	return a
}

// Replace puts p in force. A question that is asked meanwhile is answered
// wholly from the old policy or wholly from p.
func (a *Authorizer) Replace(p *Policy) {
	a.current.Store(&activePolicy{table: p.table, policy: p, custom: newCustomRoles(p, a.customRoles)})
}

// Policy is the policy in force.
func (a *Authorizer) Policy() *Policy { return a.current.Load().policy }

// Scope returns how far q's role may do action on kind under q's plan. It is
// ScopeNone if the plan lacks a feature that the action needs, and for a role,
// plan, kind or action that the policy does not contain.
func (a *Authorizer) Scope(q access.GrantQuery, kind workspace.Kind, action workspace.PermAction) workspace.Scope {
	now := a.current.Load()
	if scope, ok := now.scopes[planRole{q.Plan, q.Role, kindAction{kind, action}}]; ok {
		return scope
	}
	if len(q.Custom) == 0 {
		return workspace.ScopeNone
	}
	return now.custom.scope(q, kind, action)
}

// Workspace reports whether q's role holds the workspace action. Plans do not
// matter to it, and roles that a workspace made hold none.
func (a *Authorizer) Workspace(q access.GrantQuery, action workspace.WorkspaceAction) bool {
	return a.current.Load().workspace[roleAction{q.Role, action}]
}

// Includes reports whether plan includes feature, and the lowest plan that
// does. A plan off the ladder includes nothing.
func (a *Authorizer) Includes(plan workspace.PlanName, feature workspace.Feature) (included bool, lowest workspace.PlanName) {
	now := a.current.Load()
	return now.offers[planFeature{plan, feature}], now.lowest[feature]
}

// Plans is the ladder, low to high; the caller may keep and change it.
func (a *Authorizer) Plans() []workspace.Plan {
	return append([]workspace.Plan(nil), a.current.Load().plans...)
}

// Roles are the preset roles, in the order of the policy; the caller may keep
// and change it.
func (a *Authorizer) Roles() []workspace.RoleName { return a.current.Load().policy.Roles() }

// PresetRole finds a preset role; see Policy.PresetRole.
func (a *Authorizer) PresetRole(name workspace.RoleName) (role workspace.PresetRole, ok bool) {
	return a.current.Load().policy.PresetRole(name)
}
