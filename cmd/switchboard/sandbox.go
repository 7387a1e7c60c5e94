package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchboard/cmd/switchboard/demo"
	"switchboard/dispatch"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/audit"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store"
)

// sandboxCommand is about workspaces to try things in.
type sandboxCommand struct {
	Create sandboxCreateCommand `cmd:"" help:"Make a sandbox: a workspace with the people and conversations of the demo, which can be put back to them."`
	Reset  sandboxResetCommand  `cmd:"" help:"Put a sandbox back to its beginning. Its ids and API keys stay valid."`
}

// resets puts back the sandboxes that are to be.
type resets struct {
	store  store.Engine
	policy access.Authorizer
}

func newResets(s store.Engine, policy access.Authorizer) *resets { return &resets{s, policy} }

// run puts back each one, as one duty that can be begun again. What cannot be done yet is
// left for the next run.
func (r *resets) run(ctx context.Context) error {
	all, err := r.store.Workspaces(ctx)
	if err != nil {
		return fmt.Errorf("list the workspaces: %w", err)
	}
	var failed error
	for _, w := range all {
		if !w.Resetting() {
			continue
		}
		now := time.Now().UTC().Truncate(time.Millisecond)
		c := demo.Config{Store: r.store, Policy: r.policy, Now: now, NewID: newIDs().at}
		if err := demo.Reset(ctx, c, r.store, w.ID); inbox.CodeOf(err) != inbox.Unavailable {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

type sandboxCreateCommand struct {
	Name string `help:"Name for people." default:"Sandbox" placeholder:"TEXT"`

	operatorSettings `embed:""`
}

// Run makes a sandbox and plays its conversations.
func (c *sandboxCreateCommand) Run(ctx context.Context, in *invocation) error {
	return c.operate(ctx, in, func(o operated) error {
		now := time.Now().UTC().Truncate(time.Millisecond)
		plans := o.service.Callers.Plans()
		d, entry, err := admin.NewWorkspace{
			ID: c.id(), Name: c.Name, Plan: plans[len(plans)-1].Name, TimeZone: "Europe/Berlin", OwnerEmail: "owner@demo.test",
		}.Found(o.policy, now, newIDs().next)
		if err != nil {
			return fail(exitUsage, errors.New(flagged(err, "id", "workspace")))
		}
		sandbox := demo.Sandbox(d.Workspace.ID, d.Workspace.Name, d.Workspace.Plan, now)
		entry.Action = audit.AuditWorkspaceCreate
		switch err := o.store.CreateWorkspace(ctx, sandbox, entry); {
		case errors.Is(err, commit.ErrDuplicateKey):
			return refuse("there is a workspace %q already; a workspace becomes no sandbox later. Choose another --workspace", c.Workspace)
		case err != nil:
			return databaseFailure(err)
		}
		if err := c.finish(ctx, in, o); err != nil {
			return err
		}
		return c.print(in, sandboxShown{c.id(), now},
			"The sandbox %s was made. Give partners a key of it: switchboard key create --workspace %s --name PARTNER",
			c.Workspace, c.Workspace)
	})
}

// sandboxShown is a sandbox in JSON.
type sandboxShown struct {
	Workspace workspace.WorkspaceID `json:"workspace"`
	Since     time.Time             `json:"resettingSince"`
}

type sandboxResetCommand struct {
	operatorSettings `embed:""`
}

// Run puts the sandbox back. Where servers run, the one with the duties does it.
func (c *sandboxResetCommand) Run(ctx context.Context, in *invocation) error {
	return c.operate(ctx, in, func(o operated) error {
		w, err := o.service.Admin.ResetSandbox(ctx, admin.Operator(c.id()), c.id())
		if err != nil {
			return c.refusedBy(err)
		}
		if err := c.finish(ctx, in, o); err != nil {
			return err
		}
		return c.print(in, sandboxShown{w.ID, w.ResettingSince}, "The sandbox %s is as it was in the beginning. Its ids and API keys stay valid.", c.Workspace)
	})
}

// finishEvery is how often a command looks whether a sandbox was put back.
const finishEvery = 100 * time.Millisecond

// finish returns when the sandbox is served again. It offers to do what is left itself,
// under the lease of all duties, for data that no server serves.
func (c *operatorSettings) finish(ctx context.Context, in *invocation, o operated) error {
	doing, stop := context.WithCancel(ctx)
	duty := dispatch.Duty{Name: "put back sandboxes", Every: time.Second, Do: newResets(o.store, o.policy).run}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		dispatch.New(o.store, newIDs().next(), in.log, duty).Run(doing)
	}()
	defer func() { stop(); <-ended }()
	tick := time.NewTicker(finishEvery)
	defer tick.Stop()
	for {
		d, err := o.store.Directory(ctx, c.id())
		switch {
		case err != nil && inbox.CodeOf(err) != inbox.Unavailable:
			return c.refusedBy(err)
		case err == nil && !d.Workspace.Resetting():
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
