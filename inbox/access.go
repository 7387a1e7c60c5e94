package inbox

import "slices"

// Access is a caller with everything that decides its permissions: the directory of
// the workspace and the policy. It is cheap to make, and valid for as long as the
// directory is the newest.
type Access struct {
	Principal Principal
	Directory *Directory
	// Member is set when a member asks.
	Member Member
	// Key is set when an API key asks.
	Key    APIKey
	policy Authorizer
	// viewpoint is set when no single caller asks; see As.
	viewpoint *Viewpoint
}

// NewAccess resolves a principal in its workspace. It returns UNAUTHENTICATED if
// the member, AI agent or API key is not in the directory or was removed, and for a
// contact whose token was issued by an API key that was revoked; PLAN_REQUIRED for
// a partner's key if the plan does not include partner access.
func NewAccess(p Principal, d *Directory, policy Authorizer) (Access, error) {
	a := Access{Principal: p, Directory: d, policy: policy}
	known := true
	switch p.Actor.Kind {
	case ActorMember:
		a.Member, known = d.Member(p.Actor.Member())
		a.Member.Teams = d.present(a.Member.Teams)
	case ActorAgent:
		_, known = d.Agent(AgentID(p.Actor.ID))
	case ActorContact:
		known = p.Conversation != "" && d.vouches(p.IssuedBy)
	case ActorPartner:
		a.Key, known = d.Key(KeyID(p.Actor.ID))
	case ActorSystem:
	}
	if !known {
		return Access{}, unknownIdentity()
	}
	return a, a.keyIncluded()
}

func unknownIdentity() *Error {
	return &Error{Code: Unauthenticated, Message: "This identity is not, or no longer, part of the workspace. Sign in again."}
}

// actingAs is NewAccess for another principal of the same workspace.
func (a Access) actingAs(p Principal) (Access, error) { return NewAccess(p, a.Directory, a.policy) }

// Plan is the workspace's plan.
func (a Access) Plan() PlanName { return a.Directory.Workspace.Plan }

// Rules are the workspace's rules.
func (a Access) Rules() Rules { return a.Directory.Workspace.Rules }

// Roles are the caller's, by the directory; kinds of caller other than
// members have one fixed role or none.
func (a Access) Roles() []RoleName {
	switch a.Principal.Actor.Kind {
	case ActorMember:
		return a.Member.Roles
	case ActorAgent:
		return []RoleName{RoleAIAgent}
	case ActorPartner:
		return []RoleName{a.Key.Role}
	case ActorContact, ActorSystem:
	}
	return nil
}

// The roles that kinds of caller hold by nature, and the one that a workspace
// must never be without.
const (
	RoleOwner       RoleName = "owner"
	RoleAIAgent     RoleName = "ai_agent"
	RoleIntegration RoleName = "integration"
	RolePartner     RoleName = "partner"
)

// Scope is how far the caller may do action on kind: the widest that any role
// gives.
func (a Access) Scope(kind Kind, action PermAction) Scope {
	if a.Principal.Actor.Kind == ActorSystem {
		return ScopeAll
	}
	return a.scopeOf(a.Roles(), kind, action)
}

func (a Access) scopeOf(roles []RoleName, kind Kind, action PermAction) Scope {
	widest := ScopeNone
	for _, role := range roles {
		widest = max(widest, a.policy.Scope(a.grant(role), kind, action))
	}
	return widest
}

func (a Access) grant(role RoleName) GrantQuery {
	if role == RolePartner && a.Principal.Actor.Kind == ActorPartner {
		return a.Key.grant(a.Plan())
	}
	ws := &a.Directory.Workspace
	return GrantQuery{Plan: ws.Plan, Role: role, Workspace: ws.ID, Custom: ws.CustomRoles, Rev: ws.Rev}
}

// May reports whether the caller holds a workspace action.
func (a Access) May(action WorkspaceAction) bool {
	for _, role := range a.Roles() {
		if a.policy.Workspace(a.grant(role), action) {
			return true
		}
	}
	return a.Principal.Actor.Kind == ActorSystem
}

// Require gives PERMISSION_DENIED unless the caller holds the action.
func (a Access) Require(action WorkspaceAction) error {
	if a.May(action) {
		return nil
	}
	return denied(string(action))
}

// Permissions lists the caller's permissions, as the API shows them.
func (a Access) Permissions() []string {
	out := []string{}
	for _, kind := range Kinds() {
		for _, action := range PermActions() {
			if scope := a.Scope(kind, action); scope > ScopeNone {
				out = append(out, Permission{kind, action, scope}.String())
			}
		}
	}
	for _, action := range WorkspaceActions() {
		if a.May(action) {
			out = append(out, string(action))
		}
	}
	return out
}

// LiveAgent reports whether m may own conversations of this kind: members who may
// reply to them may. B:A1.
func (a Access) LiveAgent(m Member, kind Kind) bool {
	return !m.Removed && a.scopeOf(m.Roles, kind, PermReply) > ScopeNone
}

// manages reports whether the caller is a manager in the sense of the rules: a
// caller who may assign any conversation of the kind.
func (a Access) manages(kind Kind) bool { return a.Scope(kind, PermAssign) == ScopeAll }

// Relation is the narrowest scope that covers c for the caller.
func (a Access) Relation(c Conversation) Scope {
	switch {
	case a.owns(c):
		return ScopeOwn
	case a.Principal.Actor.Kind == ActorMember && a.inTeam(c):
		return ScopeTeam
	default:
		return ScopeAll
	}
}

func (a Access) owns(c Conversation) bool {
	actor := a.Principal.Actor
	switch actor.Kind {
	case ActorMember:
		return c.Owned() && c.Assignee == actor.Member()
	case ActorAgent:
		return c.OriginAgent == AgentID(actor.ID)
	case ActorContact, ActorPartner, ActorSystem:
	}
	return false
}

func (a Access) inTeam(c Conversation) bool {
	switch {
	case c.Team == "" && !c.Owned(), slices.Contains(a.Member.Teams, c.Team):
		return true
	case c.Owned():
		return shareTeam(a.Member.Teams, a.Directory.Members[c.Assignee].Teams)
	}
	return false
}

func shareTeam(mine, theirs []TeamID) bool {
	return slices.ContainsFunc(mine, func(t TeamID) bool { return slices.Contains(theirs, t) })
}
