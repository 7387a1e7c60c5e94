package main

import (
	"context"
	"time"
)

// commandLine is the grammar. Each command embeds the settings that it reads,
// so that its help lists no others.
type commandLine struct {
	ShowVersion versionFlag `name:"version" help:"Print the version."`
	File        string      `name:"config" help:"YAML file of settings by the names of their flags, which are stronger, as variables are." placeholder:"FILE"`

	Serve     serveCommand     `cmd:"" help:"Serve the API, the playground and the dashboard."`
	Seed      seedCommand      `cmd:"" help:"Make the demo workspaces, also those that were deleted."`
	Token     tokenCommands    `cmd:"" help:"Print a token for a member, an AI agent or a contact of a demo workspace, or revoke contact tokens."`
	LoginLink loginLinkCommand `cmd:"" help:"Print a link that signs a member in once, where there is no identity provider."`
	Workspace workspaceCommand `cmd:"" help:"Make, list, rename, suspend, resume or delete workspaces."`
	Key       keyCommand       `cmd:"" help:"Make, replace, end or list API keys of a workspace."`
	Sandbox   sandboxCommand   `cmd:"" help:"Make a workspace to try things in, or put one back to its beginning."`
	Secret    secretCommand    `cmd:"" help:"Replace the installation's secret, which signs contact tokens, login links and demo tokens."`
	Erase     eraseCommand     `cmd:"" help:"Erase the data of a contact everywhere, and print a receipt."`
	Export    exportCommand    `cmd:"" help:"Write all of a workspace as lines of JSON, without secrets; a server may be running."`
	Policy    policyCommand    `cmd:"" help:"Write, check, explain and test a policy of your own."`
	Migrate   migrateCommand   `cmd:"" help:"Create the database's indexes and update stored documents to this version."`
	Check     checkCommand     `cmd:"" help:"Check that the data of the embedded engine is whole; a server may be running."`
	Backup    backupCommand    `cmd:"" help:"Copy the data of the embedded engine, as it is at one moment, to a new file; a server may be running."`
	Move      moveCommand      `cmd:"" help:"Copy all data from the embedded engine to MongoDB, or back."`
	Ready     readyCommand     `cmd:"" help:"Report whether a running server is ready; for health checks."`
	Schema    schemaCommand    `cmd:"" help:"Print the GraphQL schema."`
	Config    configCommand    `cmd:"" help:"Print the effective settings and where each comes from, without secrets."`
	Version   versionCommand   `cmd:"" help:"Print the version."`
	Help      helpCommand      `cmd:"" help:"Print this help and the exit codes."`
}

type serveCommand struct {
	settings
}

// Run checks the settings and serves until ctx ends. A signal during the start is
// as good an end as a later one.
func (c *serveCommand) Run(ctx context.Context, in *invocation) error {
	if err := c.ready(in); err != nil {
		return err
	}
	for _, warning := range c.warnings() {
		in.log.Warn(warning)
	}
	err := in.deps.serve(ctx, in, c.settings)
	if err != nil && ctx.Err() != nil {
		in.log.Info("ended by a signal before it served", "error", err)
		return nil
	}
	return err
}

type seedCommand struct {
	storeSettings  `embed:""`
	policySettings `embed:""`
	logSettings    `embed:""`
}

// Run checks the settings and seeds.
func (c *seedCommand) Run(ctx context.Context, in *invocation) error {
	s := settings{storeSettings: c.storeSettings, policySettings: c.policySettings, logSettings: c.logSettings}
	if err := s.ready(in); err != nil {
		return err
	}
	return in.deps.seed(ctx, in, s)
}

type migrateCommand struct {
	databaseSettings `embed:""`
	logSettings      `embed:""`
}

// Run checks the settings and migrates.
func (c *migrateCommand) Run(ctx context.Context, in *invocation) error {
	s := settings{storeSettings: storeSettings{databaseSettings: c.databaseSettings}, logSettings: c.logSettings}
	if err := s.ready(in); err != nil {
		return err
	}
	return in.deps.migrate(ctx, in, s)
}

// tokenCommands print a token unless one of the others is named.
type tokenCommands struct {
	Print  tokenCommand       `cmd:"" default:"withargs" help:"Print a token for a member, an AI agent or a contact of a demo workspace."`
	Revoke tokenRevokeCommand `cmd:"" help:"End every contact token of a conversation at once, in any workspace."`
}

type tokenCommand struct {
	Workspace string        `help:"Id of a demo workspace." default:"demo"`
	As        string        `help:"E-mail address of a member or an AI agent." placeholder:"EMAIL"`
	Contact   string        `help:"Id of a conversation, for a token of its contact." placeholder:"ID"`
	TTL       time.Duration `help:"How long the token holds." name:"ttl" default:"24h"`

	databaseSettings `embed:""`
	authSettings     `embed:""`
}

// Run checks the settings and prints one token.
func (c *tokenCommand) Run(ctx context.Context, in *invocation) error {
	s := settings{storeSettings: storeSettings{databaseSettings: c.databaseSettings}, authSettings: c.authSettings,
		logSettings: logSettings{LogFormat: "text", LogLevel: "info"}}
	if err := s.ready(in); err != nil {
		return err
	}
	return printToken(ctx, in, tokenRequest{workspace: c.Workspace, as: c.As, contact: c.Contact, ttl: c.TTL}, s)
}
