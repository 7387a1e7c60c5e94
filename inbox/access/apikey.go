package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// keyIncluded gives PLAN_REQUIRED for the key of a partner on a plan without
// such keys. Feeding conversations in needs no plan.
func keyIncluded(a Access) error {
	if a.Principal.Actor.Kind != workspace.ActorPartner || a.Key.Role == workspace.RoleIntegration {
		return nil
	}
	return a.Refusal(inbox.Conversation{}, a.Includes(workspace.FeaturePartnerAPI))
}

// namedByKey is the role under which the policy judges the permissions granted to a
// key. No preset can have that name, nor can a workspace's own role.
const namedByKey workspace.RoleName = "what the key names"

// grant asks the policy about the permissions that the key of a partner names,
// as it would about a role that a workspace made.
func grant(k workspace.APIKey, plan workspace.PlanName) GrantQuery {
	return GrantQuery{
		Plan: plan, Role: namedByKey, Workspace: workspace.WorkspaceID("key " + string(k.ID)), Rev: k.Rev,
		Custom: []workspace.CustomRole{{Name: namedByKey, Permissions: k.Permissions}},
	}
}
