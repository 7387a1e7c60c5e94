package access

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Access is a caller with everything that decides its permissions: the directory of
// the workspace and the policy. It is cheap to make, and valid for as long as the
// directory is the newest.
type Access struct {
	Principal inbox.Principal
	Directory *workspace.Directory
	// Member is set when a member asks.
	Member workspace.Member
	// Key is set when an API key asks.
	Key    workspace.APIKey
	policy Authorizer
	// visibilityClass is set when no single caller asks; see As.
	visibilityClass *VisibilityClass
}

// NewAccess resolves a principal in its workspace. It returns UNAUTHENTICATED if
// the member, AI agent or API key is not in the directory or was removed, and for a
// contact whose token was issued by an API key that was revoked; WORKSPACE_SUSPENDED for
// everybody but the system while the workspace is suspended, and UNAVAILABLE while a sandbox
// is being put back; PLAN_REQUIRED for a
// partner's key if the plan does not include partner access. It does not look at the time:
// Callers does, by Ends.
func NewAccess(p inbox.Principal, d *workspace.Directory, policy Authorizer) (Access, error) {
	a := Access{Principal: p, Directory: d, policy: policy}
	known := true
	switch p.Actor.Kind {
	case workspace.ActorMember:
		a.Member, known = d.Member(p.Actor.Member())
		a.Member.Teams = d.Present(a.Member.Teams)
	case workspace.ActorAgent:
		_, known = d.Agent(workspace.AgentID(p.Actor.ID))
	case workspace.ActorContact:
		known = p.Conversation != "" && d.Vouches(p.IssuedBy)
	case workspace.ActorPartner:
		a.Key, known = d.Key(workspace.KeyID(p.Actor.ID))
	case workspace.ActorSystem:
	}
	if !known {
		return Access{}, unknownIdentity()
	}
	switch system := p.Actor.Kind == workspace.ActorSystem; {
	case d.Workspace.Suspended() && !system:
		return Access{}, inbox.Suspended()
	case d.Workspace.Resetting() && !system:
		return Access{}, inbox.Resetting()
	}
	return a, keyIncluded(a)
}

func unknownIdentity() *inbox.Error {
	return &inbox.Error{Code: inbox.Unauthenticated, Message: "This identity is not, or no longer, part of the workspace. Sign in again."}
}

// ActingAs is NewAccess for another principal of the same workspace.
func (a Access) ActingAs(p inbox.Principal) (Access, error) {
	return NewAccess(p, a.Directory, a.policy)
}

// Plan is the workspace's plan.
func (a Access) Plan() workspace.PlanName { return a.Directory.Workspace.Plan }

// Rules are the workspace's rules.
func (a Access) Rules() workspace.Rules { return a.Directory.Workspace.Rules }

// Roles are the caller's, by the directory; kinds of caller other than
// members have one fixed role or none.
func (a Access) Roles() []workspace.RoleName {
	switch a.Principal.Actor.Kind {
	case workspace.ActorMember:
		return a.Member.Roles
	case workspace.ActorAgent:
		return []workspace.RoleName{workspace.RoleAIAgent}
	case workspace.ActorPartner:
		return []workspace.RoleName{a.Key.Role}
	case workspace.ActorContact, workspace.ActorSystem:
	}
	return nil
}

// Scope is how far the caller may do action on kind: the widest that any role
// gives.
func (a Access) Scope(kind workspace.Kind, action workspace.PermAction) workspace.Scope {
	if a.Principal.Actor.Kind == workspace.ActorSystem {
		return workspace.ScopeAll
	}
	return a.scopeOf(a.Roles(), kind, action)
}

func (a Access) scopeOf(roles []workspace.RoleName, kind workspace.Kind, action workspace.PermAction) workspace.Scope {
	widest := workspace.ScopeNone
	for _, role := range roles {
		widest = max(widest, a.policy.Scope(a.grant(role), kind, action))
	}
	return widest
}

func (a Access) grant(role workspace.RoleName) GrantQuery {
	if role == workspace.RolePartner && a.Principal.Actor.Kind == workspace.ActorPartner {
		return grant(a.Key, a.Plan())
	}
	ws := &a.Directory.Workspace
	return GrantQuery{Plan: ws.Plan, Role: role, Workspace: ws.ID, Custom: ws.CustomRoles, Rev: ws.Rev}
}

// May reports whether the caller holds a workspace action.
func (a Access) May(action workspace.WorkspaceAction) bool {
	for _, role := range a.Roles() {
		if a.policy.Workspace(a.grant(role), action) {
			return true
		}
	}
	return a.Principal.Actor.Kind == workspace.ActorSystem
}

// Require gives PERMISSION_DENIED unless the caller holds the action.
func (a Access) Require(action workspace.WorkspaceAction) error {
	if a.May(action) {
		return nil
	}
	return Denied(string(action))
}

// Permissions lists the caller's permissions, as the API shows them.
func (a Access) Permissions() []string {
	out := []string{}
	for _, kind := range workspace.Kinds() {
		for _, action := range workspace.PermActions() {
			if scope := a.Scope(kind, action); scope > workspace.ScopeNone {
				out = append(out, workspace.Permission{Kind: kind, Action: action, Scope: scope}.String())
			}
		}
	}
	for _, action := range workspace.WorkspaceActions() {
		if a.May(action) {
			out = append(out, string(action))
		}
	}
	return out
}

// LiveAgent reports whether m may own conversations of this kind: members who may
// reply to them may. B:A1.
func (a Access) LiveAgent(m workspace.Member, kind workspace.Kind) bool {
	return !m.Removed && a.scopeOf(m.Roles, kind, workspace.PermReply) > workspace.ScopeNone
}

// manages reports whether the caller is a manager in the sense of the rules: a
// caller who may assign any conversation of the kind.
func (a Access) manages(kind workspace.Kind) bool {
	return a.Scope(kind, workspace.PermAssign) == workspace.ScopeAll
}

// Relation is the narrowest scope that covers c for the caller.
func (a Access) Relation(c inbox.Conversation) workspace.Scope {
	switch r := a.about(c); {
	case r.owns(c):
		return workspace.ScopeOwn
	case r.inTeam(c):
		return workspace.ScopeTeam
	default:
		return workspace.ScopeAll
	}
}

func (a Access) owns(c inbox.Conversation) bool { return standpoint(a).owns(c) }

// about is the caller's reach as far as c is concerned, without scopes: it has no
// teammate but the owner of c.
func (a Access) about(c inbox.Conversation) VisibilityFilter {
	r := standpoint(a)
	if c.Owned() && shareTeam(r.Teams, a.Directory.Members[c.Assignee].Teams) {
		r.Teammates = []workspace.MemberID{c.Assignee}
	}
	return r
}

func shareTeam(mine, theirs []workspace.TeamID) bool {
	return slices.ContainsFunc(mine, func(t workspace.TeamID) bool { return slices.Contains(theirs, t) })
}
