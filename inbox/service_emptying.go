package inbox

import "switchboard/inbox/workspace"

func (e Emptying) System() Principal {
	return Principal{Workspace: e.Workspace, Actor: workspace.System()}
}
