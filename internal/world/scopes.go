package world

import (
	"fmt"

	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Scopes is a policy in which each role reaches as far as was drawn.
type Scopes struct {
	// Reach is the scope of viewing by role and kind; Monitor includes that feature.
	Reach   map[string]workspace.Scope
	Monitor bool
}

// Scope implements access.Authorizer.
func (s Scopes) Scope(q access.GrantQuery, kind workspace.Kind, action workspace.PermAction) workspace.Scope {
	return s.Reach[fmt.Sprint(q.Role, kind, action)]
}

// Workspace implements access.Authorizer.
func (s Scopes) Workspace(access.GrantQuery, workspace.WorkspaceAction) bool { return false }

// Includes implements access.Authorizer.
func (s Scopes) Includes(workspace.PlanName, workspace.Feature) (bool, workspace.PlanName) {
	return s.Monitor, "top"
}

// Plans implements access.Authorizer.
func (s Scopes) Plans() []workspace.Plan { return []workspace.Plan{{Name: "top"}} }

// Roles implements access.Authorizer.
func (s Scopes) Roles() []workspace.RoleName { return nil }

// PresetRole knows none.
func (s Scopes) PresetRole(name workspace.RoleName) (workspace.PresetRole, bool) {
	return workspace.PresetRole{Name: name, Label: string(name)}, false
}
