package resolvers

import (
	"context"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

func (r *Resolver) resetSandbox(ctx context.Context, in model.ResetSandboxInput) (*model.ResetSandboxPayload, error) {
	id, err := idOf[workspace.WorkspaceID]("workspaceId", typeWorkspace, in.WorkspaceID)
	return runAdmin(ctx, err, func(p inbox.Principal) (workspace.Workspace, error) { return r.Inbox.Admin.ResetSandbox(ctx, p, id) },
		func(w *workspace.Workspace, refused refusals) *model.ResetSandboxPayload {
			return &model.ResetSandboxPayload{Since: optionalTime(value(w).ResettingSince), UserErrors: refused}
		})
}
