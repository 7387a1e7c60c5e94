package main

import (
	"context"

	"switchboard/inbox/workspace"
)

// workspaceShown is a workspace in JSON, after a command changed it.
type workspaceShown struct {
	Workspace workspace.WorkspaceID `json:"workspace"`
	Name      string                `json:"name"`
	Suspended bool                  `json:"suspended"`
}

func shownWorkspace(w workspace.Workspace) workspaceShown {
	return workspaceShown{w.ID, w.Name, w.Suspended()}
}

type workspaceRenameCommand struct {
	Name string `help:"New name for people." required:"" placeholder:"TEXT"`

	operatorSettings `embed:""`
}

// Run renames the workspace. Its id, which tokens name, stays.
func (c *workspaceRenameCommand) Run(ctx context.Context, in *invocation) error {
	return c.operate(ctx, in, func(o operated) error {
		w, err := o.service.Admin.Rename(ctx, c.id(), c.Name)
		if err != nil {
			return c.refusedBy(err)
		}
		return c.print(in, shownWorkspace(w), "The workspace %s is called %s.", w.ID, w.Name)
	})
}

type workspaceSuspendCommand struct {
	operatorSettings `embed:""`
}

// Run suspends the workspace until it is resumed.
func (c *workspaceSuspendCommand) Run(ctx context.Context, in *invocation) error {
	return c.operate(ctx, in, func(o operated) error {
		w, err := o.service.Admin.Suspend(ctx, c.id())
		if err != nil {
			return c.refusedBy(err)
		}
		return c.print(in, shownWorkspace(w), "The workspace %[1]s is suspended: every caller is refused with WORKSPACE_SUSPENDED, and live streams end. "+
			"Nothing was removed. To serve it again: switchboard workspace resume --workspace %[1]s", w.ID)
	})
}

type workspaceResumeCommand struct {
	operatorSettings `embed:""`
}

// Run serves a suspended workspace again.
func (c *workspaceResumeCommand) Run(ctx context.Context, in *invocation) error {
	return c.operate(ctx, in, func(o operated) error {
		w, err := o.service.Admin.Resume(ctx, c.id())
		if err != nil {
			return c.refusedBy(err)
		}
		return c.print(in, shownWorkspace(w), "The workspace %s is served again.", w.ID)
	})
}
