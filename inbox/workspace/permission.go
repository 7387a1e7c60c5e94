package workspace

import (
	"fmt"
	"strings"
)

// PermAction is an action that a permission allows on a kind of conversation. B:Z1.
type PermAction string

// The actions of permissions. Handoff is for AI agents.
const (
	PermView     PermAction = "view"
	PermReply    PermAction = "reply"
	PermClaim    PermAction = "claim"
	PermAssign   PermAction = "assign"
	PermTransfer PermAction = "transfer"
	PermTakeover PermAction = "takeover"
	PermClose    PermAction = "close"
	PermMonitor  PermAction = "monitor"
	PermHandoff  PermAction = "handoff"
)

// WorkspaceAction is a permission on the workspace as a whole.
type WorkspaceAction string

// The workspace actions.
const (
	WorkspaceManage WorkspaceAction = "workspace.manage"
	TeamsManage     WorkspaceAction = "teams.manage"
	MembersManage   WorkspaceAction = "members.manage"
	RolesManage     WorkspaceAction = "roles.manage"
	PlanManage      WorkspaceAction = "plan.manage"
	APIKeysManage   WorkspaceAction = "apikeys.manage"
	ContactsManage  WorkspaceAction = "contacts.manage"
	AuditView       WorkspaceAction = "audit.view"
)

// Scope is how far a permission reaches. A wider one includes the narrower.
type Scope int

// The scopes, narrow to wide. ScopeNone is the absence of the permission.
const (
	ScopeNone Scope = iota
	ScopeOwn
	ScopeTeam
	ScopeAll
)

// String gives OWN, TEAM or ALL, and NONE for the absence.
func (s Scope) String() string {
	switch s {
	case ScopeOwn:
		return "OWN"
	case ScopeTeam:
		return "TEAM"
	case ScopeAll:
		return "ALL"
	case ScopeNone:
	}
	return "NONE"
}

// ParseScope reads OWN, TEAM or ALL; ok is false for anything else.
func ParseScope(s string) (scope Scope, ok bool) {
	for _, scope := range []Scope{ScopeOwn, ScopeTeam, ScopeAll} {
		if scope.String() == s {
			return scope, true
		}
	}
	return ScopeNone, false
}

// Permission is kind x action x scope.
type Permission struct {
	Kind   Kind
	Action PermAction
	Scope  Scope
}

// String gives the form that the API shows, such as transfer:livechat:ALL.
func (p Permission) String() string {
	return fmt.Sprintf("%s:%s:%s", p.Action, strings.ToLower(string(p.Kind)), p.Scope)
}

// Feature is something that a plan includes or not. B:Z3.
type Feature string

// The features that policies know.
const (
	FeatureTransfer    Feature = "transfer"
	FeatureTakeover    Feature = "takeover"
	FeatureRandom      Feature = "method.random"
	FeatureRoundRobin  Feature = "method.round_robin"
	FeatureVoluntary   Feature = "method.voluntary"
	FeaturePartnerAPI  Feature = "api.partner"
	FeatureCustomRoles Feature = "roles.custom"
	FeatureMonitor     Feature = "monitor"
	FeatureReclaim     Feature = "routing.reclaim"
	FeatureWebhooks    Feature = "api.webhooks"
	FeatureOffers      Feature = "transfer.offers"
)

// FeatureOf returns the plan feature that an action needs; empty if it needs none.
func FeatureOf(a PermAction) Feature {
	switch a {
	case PermTransfer:
		return FeatureTransfer
	case PermTakeover:
		return FeatureTakeover
	case PermMonitor:
		return FeatureMonitor
	case PermView, PermReply, PermClaim, PermAssign, PermClose, PermHandoff:
	}
	return ""
}

// Kinds lists every kind of conversation.
func Kinds() []Kind { return []Kind{Livechat, Ticket} }

// PermActions lists every action of a permission.
func PermActions() []PermAction {
	return []PermAction{PermView, PermReply, PermClaim, PermAssign, PermTransfer, PermTakeover, PermClose, PermMonitor, PermHandoff}
}

// WorkspaceActions lists every action on a workspace.
func WorkspaceActions() []WorkspaceAction {
	return []WorkspaceAction{WorkspaceManage, TeamsManage, MembersManage, RolesManage, PlanManage, APIKeysManage, ContactsManage, AuditView}
}

// Features lists everything that a plan may include.
func Features() []Feature {
	return []Feature{FeatureTransfer, FeatureTakeover, FeatureRandom, FeatureRoundRobin, FeatureVoluntary,
		FeaturePartnerAPI, FeatureCustomRoles, FeatureMonitor, FeatureReclaim, FeatureWebhooks, FeatureOffers}
}
