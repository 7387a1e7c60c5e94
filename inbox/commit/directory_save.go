package commit

import (
	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// DirectorySave is one administrative act: everything that it changes, or
// nothing.
type DirectorySave struct {
	Workspace workspace.WorkspaceID
	// Rev is the workspace's revision that the act was decided on. It must still
	// hold and grows by one, so that acts of one workspace follow one another: two
	// concurrent acts cannot break a condition on several entities, such as that
	// there is an owner.
	Rev int
	// Events carry one changed entity each, as those of Store.SaveDirectory.
	Events []inbox.Event
	Audit  audit.AuditEntry
}
