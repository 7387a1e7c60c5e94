package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store"
)

// workspaceCommand is about workspaces that are no demo.
type workspaceCommand struct {
	Create  workspaceCreateCommand  `cmd:"" help:"Make a workspace with one owner. If it exists, it is printed and nothing changes."`
	List    workspaceListCommand    `cmd:"" help:"List the workspaces."`
	Rename  workspaceRenameCommand  `cmd:"" help:"Give a workspace another name for people; its id stays."`
	Suspend workspaceSuspendCommand `cmd:"" help:"Refuse every caller of a workspace until it is resumed. Nothing is removed."`
	Resume  workspaceResumeCommand  `cmd:"" help:"Serve a suspended workspace again."`
	Delete  workspaceDeleteCommand  `cmd:"" help:"Remove a workspace with everything in it, and print a receipt."`
}

type workspaceCreateCommand struct {
	Name       string `help:"Name for people." required:"" placeholder:"TEXT"`
	Plan       string `help:"A rung of the ladder of the policy." required:"" placeholder:"PLAN"`
	OwnerEmail string `help:"Address that the owner's first sign-in is found by." required:"" placeholder:"EMAIL"`
	TimeZone   string `help:"IANA time zone." default:"UTC" placeholder:"ZONE"`
	ID         string `help:"Id in tokens; derived from the name if left out." name:"id" placeholder:"ID"`

	databaseSettings `embed:""`
	policySettings   `embed:""`
	logSettings      `embed:""`
}

// Run checks the settings and makes the workspace, unless there is one.
func (c *workspaceCreateCommand) Run(ctx context.Context, in *invocation) error {
	s := settings{storeSettings: storeSettings{databaseSettings: c.databaseSettings}, policySettings: c.policySettings, logSettings: c.logSettings}
	if err := s.ready(in); err != nil {
		return err
	}
	policy, err := openPolicy(s.policySettings)
	if err != nil {
		return err
	}
	dir, entry, err := admin.NewWorkspace{
		ID: workspace.WorkspaceID(c.ID), Name: c.Name, Plan: workspace.PlanName(c.Plan), TimeZone: c.TimeZone, OwnerEmail: c.OwnerEmail,
	}.Found(policy, time.Now(), newIDs().next)
	if err != nil {
		return fail(exitUsage, errors.New(flagged(err)))
	}
	return in.onStore(ctx, s.storeSettings, func(opened store.Engine) error {
		err := opened.CreateWorkspace(ctx, dir, entry)
		switch {
		case errors.Is(err, commit.ErrDuplicateKey):
			return in.printExisting(ctx, opened, dir.Workspace.ID)
		case err != nil:
			return databaseFailure(err)
		}
		return in.printNextSteps(dir.Workspace, c.OwnerEmail)
	})
}

// flagged names the flag instead of the field. Pairs of a field and its flag are of one
// command, and replace those of all.
func flagged(err error, own ...string) string {
	var typed *inbox.Error
	if !errors.As(err, &typed) || len(typed.Field) == 0 {
		return err.Error()
	}
	field := typed.Field[0]
	flag := field
	names := slices.Concat([]string{
		"timeZone", "time-zone", "ownerEmail", "owner-email", "overlapSeconds", "overlap", "expiresAt", "expires",
	}, own)
	for pair := range slices.Chunk(names, 2) {
		if pair[0] == field {
			flag = pair[1]
		}
	}
	return "--" + flag + ": " + strings.TrimPrefix(typed.Message, field+" ")
}

// onStore opens the configured database for writing, and closes it again.
func (in *invocation) onStore(ctx context.Context, s storeSettings, do func(store.Engine) error) error {
	opened, err := openMigrated(ctx, s, in.log, nil)
	if err != nil {
		return err
	}
	defer closeLogged(context.WithoutCancel(ctx), in.log, "the database", opened.Close)
	return do(opened)
}

func (in *invocation) printNextSteps(w workspace.Workspace, owner string) error {
	_, err := fmt.Fprintf(in.stdout, `The workspace %[1]s (%[2]s) was made, on the plan %[3]s. Its owner is %[4]s.

Next, sign the owner in:
 1. Serve: switchboard serve, with the flags of this data.
 2. Without an identity provider, print a link that works once: switchboard login-link --workspace %[1]s --as %[4]s
    With one, serve with --oidc-issuer URL --oidc-client-id TEXT --oidc-workspace %[1]s, or for tokens of your own with
    --jwks-url URL --issuer TEXT --audience TEXT. Tokens say, beside iss, aud, exp and sub:
      "workspace": "%[1]s", "email": "%[4]s", "email_verified": true
    The first such token binds its sub to the owner. From then on the sub alone signs the owner in.
 3. As the owner, add people with the mutation addMember and teams with createTeam.
`, w.ID, w.Name, w.Plan, owner)
	return err
}

func (in *invocation) printExisting(ctx context.Context, opened store.Engine, id workspace.WorkspaceID) error {
	dir, err := opened.Directory(ctx, id)
	if err != nil {
		return databaseFailure(err)
	}
	var owners []string
	for _, m := range dir.SortedMembers() {
		if slices.Contains(m.Roles, workspace.RoleOwner) {
			owners = append(owners, m.Email)
		}
	}
	w := dir.Workspace
	_, err = fmt.Fprintf(in.stdout, "The workspace %s exists, and nothing was changed.\nName: %s\nPlan: %s\nTime zone: %s\nOwners: %s\nMembers: %d\n",
		w.ID, w.Name, w.Plan, w.TimeZone, strings.Join(owners, ", "), len(dir.SortedMembers()))
	return err
}

// workspaceRow is a workspace in JSON.
type workspaceRow struct {
	ID        workspace.WorkspaceID `json:"id"`
	Name      string                `json:"name"`
	Plan      workspace.PlanName    `json:"plan"`
	TimeZone  string                `json:"timeZone"`
	Demo      bool                  `json:"demo"`
	Suspended bool                  `json:"suspended"`
}

func workspaceRows(all []workspace.Workspace) []workspaceRow {
	out := make([]workspaceRow, 0, len(all))
	for _, w := range all {
		out = append(out, workspaceRow{w.ID, w.Name, w.Plan, w.TimeZone, w.Demo, w.Suspended()})
	}
	return out
}

type workspaceListCommand struct {
	JSON bool `help:"Print JSON." name:"json"`

	databaseSettings `embed:""`
	logSettings      `embed:""`
}

// Run lists every workspace by id, also beside a running server.
func (c *workspaceListCommand) Run(ctx context.Context, in *invocation) error {
	s := settings{storeSettings: storeSettings{databaseSettings: c.databaseSettings}, logSettings: c.logSettings}
	if err := s.ready(in); err != nil {
		return err
	}
	stored, err := in.deps.openTokens(ctx, s.storeSettings)
	switch {
	case errors.Is(err, errNoData):
		return refuse("there is no data here; name the server's data by --data or --mongodb-uri")
	case err != nil:
		return err
	}
	defer closeLogged(context.WithoutCancel(ctx), in.log, "the database", stored.Close)
	all, err := stored.Workspaces(ctx)
	if err != nil {
		return databaseFailure(err)
	}
	if c.JSON {
		return printJSON(in.stdout, workspaceRows(all))
	}
	table := tabwriter.NewWriter(in.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tPLAN\tTIME ZONE\tDEMO\tSUSPENDED")
	for _, w := range workspaceRows(all) {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%t\t%t\n", w.ID, w.Name, w.Plan, w.TimeZone, w.Demo, w.Suspended)
	}
	return table.Flush()
}
