package workspace

// The roles that kinds of caller hold by nature, and the one that a workspace
// must never be without.
const (
	RoleOwner       RoleName = "owner"
	RoleAIAgent     RoleName = "ai_agent"
	RoleIntegration RoleName = "integration"
	RolePartner     RoleName = "partner"
)
