package inbox

import "switchboard/inbox/workspace"

// System is the system in the workspace of e.
func (e Offboarding) System() Principal {
	return Principal{Workspace: e.Workspace, Actor: workspace.System()}
}
