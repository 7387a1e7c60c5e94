package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"switchboard/cmd/switchboard/demo"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// seed fills the database that the settings name.
func seed(ctx context.Context, in *invocation, s settings) error {
	policy, err := openPolicy(s.policySettings)
	if err != nil {
		return err
	}
	opened, err := openMigrated(ctx, s.storeSettings, in.log, nil)
	if err != nil {
		return err
	}
	defer closeLogged(context.WithoutCancel(ctx), in.log, "the database", opened.Close)
	return seedDemo(ctx, in, opened, policy, true)
}

// seedDemo plays the demo, with progress on a terminal. Workspaces that an operator deleted
// are made again only if again is set.
func seedDemo(ctx context.Context, in *invocation, stored demo.Store, policy access.Authorizer, again bool) error {
	ids := newIDs()
	now := time.Now().UTC().Truncate(time.Millisecond)
	err := demo.Seed(ctx, demo.Config{
		Store: stored, Policy: policy, Now: now, NewID: ids.at, Progress: progress(in.stderr), Again: again,
		Deleted: func(ws workspace.WorkspaceID) {
			in.log.InfoContext(ctx, "a demo workspace was deleted and stays so; the command seed makes it again", "workspace", string(ws))
		},
	})
	if err != nil {
		return fmt.Errorf("fill the demo workspaces: %w", err)
	}
	return nil
}

// progress draws one line that is written over, on a terminal only.
func progress(w io.Writer) func(done, total int) {
	file, ok := terminal(w)
	if !ok {
		return nil
	}
	return func(done, total int) {
		fmt.Fprintf(file, "\rPlaying the demo conversations: %d of %d", done, total)
		if done == total {
			fmt.Fprintln(file)
		}
	}
}

// demoWorkspace describes the demo workspace that seed creates; the plan is left
// out.
func demoWorkspace(ws workspace.WorkspaceID) (*workspace.Directory, bool) {
	switch ws {
	case "demo":
		d := demo.Big("")
		return &d, true
	case "demo-free":
		d := demo.Small("")
		return &d, true
	}
	return nil, false
}
