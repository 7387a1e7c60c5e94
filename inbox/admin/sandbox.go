package admin

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
)

// ResetSandbox begins to put a sandbox back to the demo's state, and returns it; the duty
// of resets does the rest, and whoever asks meanwhile is UNAVAILABLE. It needs
// workspace.manage. id confirms which workspace is meant: NOT_FOUND unless it is the
// caller's. INVALID_INPUT for a workspace that is no sandbox: nothing in that is ever removed. The ids of the workspace, its members, teams, AI agents and API keys stay
// valid.
func (s *Service) ResetSandbox(ctx context.Context, p inbox.Principal, id workspace.WorkspaceID) (workspace.Workspace, error) {
	now := s.base.Clock()
	done, err := s.administer(ctx, p, act{name: "resetSandbox", decide: func(a access.Access) (Amendment, error) {
		w, f := a.Directory.Workspace, auditFields{}
		if err := a.Require(workspace.WorkspaceManage); err != nil {
			return Amendment{}, err
		}
		if id != p.Workspace {
			return Amendment{}, inbox.Missing("workspace")
		}
		if !w.Sandbox {
			return Amendment{}, inbox.Invalid("workspaceId", "This workspace is no sandbox, so nothing in it is removed. Ask the operator for one: switchboard sandbox create.")
		}
		if !w.Resetting() {
			f.text("resettingSince", "", exactly(now))
			w.ResettingSince = now
		}
		return amendWorkspace(a, audit.AuditSandboxReset, workspaceTarget(w), w, f), nil
	}})
	if err != nil {
		return workspace.Workspace{}, err
	}
	return *done.Workspace, nil
}
