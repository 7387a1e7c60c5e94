package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/live"
	"switchboard/store"
)

type tokenRevokeCommand struct {
	Workspace    string `help:"Id of the workspace." required:"" placeholder:"ID"`
	Conversation string `help:"Id of the conversation, as the API shows it or as it is stored." required:"" placeholder:"ID"`

	databaseSettings `embed:""`
	policySettings   `embed:""`
	logSettings      `embed:""`
}

// Run checks the settings and ends the contact tokens of the conversation. Servers
// that run on the same MongoDB refuse them from then on. The embedded engine's
// folder belongs to its server while that runs: use the mutation there.
func (c *tokenRevokeCommand) Run(ctx context.Context, in *invocation) error {
	s := settings{storeSettings: storeSettings{databaseSettings: c.databaseSettings}, policySettings: c.policySettings, logSettings: c.logSettings}
	if err := s.ready(in); err != nil {
		return err
	}
	policy, err := openPolicy(s.policySettings)
	if err != nil {
		return err
	}
	id, err := in.deps.conversationID(c.Conversation)
	if err != nil {
		return refuse("--conversation: %q is not the id of a conversation", c.Conversation)
	}
	return in.onStore(ctx, s.storeSettings, func(opened store.Engine) error {
		service := services.New(services.Config{
			Store: opened, Directories: live.NewDirectories(opened.Directory), Policy: policy, Now: time.Now, NewID: newIDs().next, Pick: rand.IntN,
		})
		operator := inbox.Principal{Workspace: workspace.WorkspaceID(c.Workspace), Actor: workspace.System()}
		_, err := service.Desk.RevokeContactTokens(ctx, operator, desk.ConversationRef{ID: id}, "")
		switch {
		case inbox.CodeOf(err) == inbox.NotFound:
			return refuse("there is no conversation %q in workspace %q", c.Conversation, c.Workspace)
		case err != nil:
			return databaseFailure(err)
		}
		_, err = fmt.Fprintln(in.stdout, "Every contact token of the conversation that was made so far is refused.")
		return err
	})
}
