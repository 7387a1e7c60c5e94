package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/live"
	"switchboard/store"
	"switchboard/store/ndjson"
)

type exportCommand struct {
	Workspace string `help:"Id of the workspace." required:"" placeholder:"ID"`
	To        string `help:"File to write. It must not exist. Standard output if left out." placeholder:"FILE"`
	JSON      bool   `help:"Print the counts as JSON, where --to names a file." name:"json"`

	databaseSettings `embed:""`
	logSettings      `embed:""`
}

// exported is the result of an export to a file, in JSON.
type exported struct {
	Workspace workspace.WorkspaceID `json:"workspace"`
	To        string                `json:"to"`
	Documents map[string]int        `json:"documents"`
}

// Run writes all of a workspace as lines of JSON, also beside a running server.
func (c *exportCommand) Run(ctx context.Context, in *invocation) error {
	s := settings{storeSettings: storeSettings{databaseSettings: c.databaseSettings}, logSettings: c.logSettings}
	if err := s.ready(in); err != nil {
		return err
	}
	opened, err := in.deps.openTokens(ctx, s.storeSettings)
	if errors.Is(err, errNoData) {
		return refuse("there is no data here; name the server's data by --data or --mongodb-uri")
	}
	if err != nil {
		return databaseFailure(err)
	}
	defer closeLogged(context.WithoutCancel(ctx), in.log, "the database", opened.Close)
	from, ok := opened.(store.Engine)
	if !ok {
		return fmt.Errorf("export: %T is no engine", opened)
	}
	d, err := from.Directory(ctx, workspace.WorkspaceID(c.Workspace))
	if err != nil {
		return (&operatorSettings{Workspace: c.Workspace}).refusedBy(err)
	}
	if err := c.audited(ctx, from, d.Workspace); err != nil {
		return databaseFailure(err)
	}
	return c.write(ctx, in, from, d.Workspace)
}

// audited writes the export into the workspace's audit log. The embedded engine's folder
// is only read, because its server may be running.
func (c *exportCommand) audited(ctx context.Context, from store.Engine, w workspace.Workspace) error {
	if c.MongodbURI == "" {
		return nil
	}
	policy, err := openPolicy(policySettings{PolicyPreset: "default"}) // which decides nothing here
	if err != nil {
		return err
	}
	service := services.New(services.Config{
		Store: from, Directories: live.NewDirectories(from.Directory), Policy: policy, Now: time.Now, NewID: newIDs().next, Pick: func(int) int { return 0 },
	})
	return service.Admin.RecordExport(ctx, w.ID)
}

func (c *exportCommand) write(ctx context.Context, in *invocation, from store.Engine, w workspace.Workspace) (err error) {
	to := in.stdout
	if c.To != "" {
		file, err := os.OpenFile(c.To, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return fail(exitUsage, fmt.Errorf("--to: %q exists, and an export overwrites nothing", c.To))
		}
		if err != nil {
			return fail(exitUsage, fmt.Errorf("--to: %w", err))
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		to = file
	}
	counts, err := c.lines(ctx, in, from, w, to)
	if err != nil || c.To == "" {
		return err
	}
	if c.JSON {
		return printJSON(in.stdout, exported{w.ID, c.To, counts})
	}
	for _, name := range sortedKeys(counts) {
		fmt.Fprintf(in.stdout, "%-16s %d\n", name, counts[name])
	}
	_, err = fmt.Fprintf(in.stdout, "%s holds all of the workspace %s but secrets. It holds what people wrote: keep it as safe as the data.\n", c.To, w.ID)
	return err
}

func (c *exportCommand) lines(ctx context.Context, in *invocation, from store.Engine, w workspace.Workspace, to io.Writer) (map[string]int, error) {
	shown := in.meter("documents")
	defer shown.end()
	counts, err := ndjson.Write(ctx, from, w, time.Now(), to, shown.count)
	if err != nil {
		return counts, databaseFailure(fmt.Errorf("the export is not complete: %w", err))
	}
	return counts, nil
}

func sortedKeys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }
