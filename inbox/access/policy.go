package access

import (
	"context"

	"switchboard/inbox/workspace"
)

// Directories gives the directory of a workspace, as fresh as the feed.
type Directories interface {
	// Directory answers from memory when it can. NOT_FOUND for no workspace.
	Directory(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error)
	// Applied reports a change that this process made, so that it is visible here
	// at once and not first when the feed brings it.
	Applied(ws workspace.WorkspaceID, c workspace.DirectoryChange)
}

// GrantQuery asks for the permissions of a role. The answer depends on Plan and
// Custom.
type GrantQuery struct {
	Plan workspace.PlanName
	Role workspace.RoleName
	// Custom is the workspace's own roles and Rev its revision; nil for none.
	Workspace workspace.WorkspaceID
	Custom    []workspace.CustomRole
	Rev       int
}

// Authorizer answers from the policy. It never fails open: if it cannot decide,
// nothing is granted.
type Authorizer interface {
	// Scope is how far q's role may do action on kind; ScopeNone when not at all.
	Scope(q GrantQuery, kind workspace.Kind, action workspace.PermAction) workspace.Scope
	// Workspace reports whether q's role holds the workspace action.
	Workspace(q GrantQuery, action workspace.WorkspaceAction) bool
	// Includes reports whether plan includes feature, and the lowest plan that
	// does (empty when none does).
	Includes(plan workspace.PlanName, feature workspace.Feature) (included bool, lowest workspace.PlanName)
	// Plans is the ladder, low to high.
	Plans() []workspace.Plan
	// Roles are the preset roles, in the order of the policy.
	Roles() []workspace.RoleName
	// PresetRole finds one of them. It is not ok for any other name, which is the label
	// then.
	PresetRole(name workspace.RoleName) (role workspace.PresetRole, ok bool)
}
