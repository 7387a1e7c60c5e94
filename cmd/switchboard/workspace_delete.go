package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

type workspaceDeleteCommand struct {
	Yes string `help:"Id of the workspace once more, to confirm that all of it is removed." placeholder:"ID"`

	operatorSettings `embed:""`
}

// deleted is the receipt of a deletion.
type deleted struct {
	Workspace workspace.WorkspaceID `json:"workspace"`
	Name      string                `json:"name,omitempty"`
	At        time.Time             `json:"at"`
	Documents int                   `json:"documents"`
	Removed   map[string]int        `json:"removed"`
}

// Run removes a workspace with everything in it. It suspends it first, which is the last
// entry of its audit log, so that running servers write nothing more into it.
func (c *workspaceDeleteCommand) Run(ctx context.Context, in *invocation) error {
	if err := confirmed(c.Yes, c.Workspace, "the workspace with everything in it"); err != nil {
		return err
	}
	return c.operate(ctx, in, func(o operated) error {
		w, err := o.service.Admin.Suspend(ctx, c.id())
		if err != nil && inbox.CodeOf(err) != inbox.NotFound {
			return c.refusedBy(err)
		}
		if err == nil && c.MongodbURI != "" {
			if err := waitForServers(ctx); err != nil {
				return err
			}
		}
		receipt := deleted{Workspace: c.id(), Name: w.Name, At: time.Now().UTC().Truncate(time.Millisecond), Removed: map[string]int{}}
		if err := c.remove(ctx, in, o, &receipt); err != nil {
			return err
		}
		if receipt.Documents == 0 {
			return c.refusedBy(inbox.Missing("workspace"))
		}
		return c.receipt(in, receipt)
	})
}

// serversFollow is longer than running servers take to refuse a suspended workspace, and
// what they began before to be written.
const serversFollow = 3 * time.Second

func waitForServers(ctx context.Context) error {
	wait := time.NewTimer(serversFollow)
	defer wait.Stop()
	select {
	case <-wait.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// deletePasses is how often a workspace is looked through. Servers that wrote into it in
// the last moment end within one.
const deletePasses = 10

func (c *workspaceDeleteCommand) remove(ctx context.Context, in *invocation, o operated, receipt *deleted) error {
	shown := in.meter("documents removed")
	defer shown.end()
	for range deletePasses {
		before := receipt.Documents
		removed, err := o.store.DeleteWorkspace(ctx, c.id(), func(n int) { shown.count(before + n) })
		for collection, n := range removed {
			receipt.Removed[collection] += n
			receipt.Documents += n
		}
		if err != nil || len(removed) == 0 {
			return databaseFailure(err)
		}
	}
	return fail(exitInternal, errors.New("something still writes into the workspace. Look for servers with an older version, and give the command again"))
}

// receipt is printed, as the workspace's own audit log is gone with it.
func (c *workspaceDeleteCommand) receipt(in *invocation, d deleted) error {
	if c.JSON {
		return printJSON(in.stdout, d)
	}
	for _, name := range sortedKeys(d.Removed) {
		fmt.Fprintf(in.stdout, "%-16s %d\n", name, d.Removed[name])
	}
	_, err := fmt.Fprintf(in.stdout, "The workspace %s was removed with its %d documents at %s. Backups that were made before still hold it.\n", d.Workspace, d.Documents, d.At.Format(time.RFC3339))
	return err
}
