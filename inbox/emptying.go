package inbox

import (
	"time"

	"switchboard/inbox/workspace"
)

// Offboarding is a holder that may still own conversations and no longer has the right
// to: a member who was removed or whose rights were narrowed, a removed team, or a
// removed AI agent. One of the three is set; none if it is the whole workspace,
// whose plan or roles took rights from several members.
type Offboarding struct {
	Workspace workspace.WorkspaceID
	Member    workspace.MemberID
	Team      workspace.TeamID
	Agent     workspace.AgentID
	Since     time.Time
}
