package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/live"
	"switchboard/store"
	"switchboard/store/sqlite"
)

// operatorSettings are those of the commands that administer one workspace.
type operatorSettings struct {
	Workspace string `help:"Id of the workspace." required:"" placeholder:"ID"`
	JSON      bool   `help:"Print JSON." name:"json"`

	databaseSettings `embed:""`
	policySettings   `embed:""`
	logSettings      `embed:""`
}

func (c *operatorSettings) settings() settings {
	return settings{storeSettings: storeSettings{databaseSettings: c.databaseSettings}, policySettings: c.policySettings, logSettings: c.logSettings}
}

func (c *operatorSettings) id() workspace.WorkspaceID { return workspace.WorkspaceID(c.Workspace) }

// operated is an open installation, with the use cases of a server.
type operated struct {
	store   store.Engine
	service *services.Services
	policy  access.Authorizer
}

// operate checks the settings and opens the installation for one act. Servers that run on
// the same MongoDB follow it; the embedded engine's folder belongs to its server while
// that runs.
func (c *operatorSettings) operate(ctx context.Context, in *invocation, do func(operated) error) error {
	s := c.settings()
	if err := s.ready(in); err != nil {
		return err
	}
	policy, err := openPolicy(s.policySettings)
	if err != nil {
		return err
	}
	return in.onWritable(ctx, s.storeSettings, func(opened store.Engine) error {
		return do(operated{opened, services.New(services.Config{
			Store: opened, Directories: live.NewDirectories(opened.Directory), Policy: policy, Now: time.Now, NewID: newIDs().next, Pick: rand.IntN,
		}), policy})
	})
}

// onWritable is onStore for a command that administers. It says what to do about a folder
// that a server uses.
func (in *invocation) onWritable(ctx context.Context, s storeSettings, do func(store.Engine) error) error {
	err := in.onStore(ctx, s, do)
	if errors.Is(err, sqlite.ErrInUse) {
		return fail(exitOf(err), fmt.Errorf("%w This command writes into it: stop its server, give the command, and start the server again", err))
	}
	return err
}

// refusedBy gives an error of a use case the words of the command line. Pairs of a field
// and its flag are as in flagged.
func (c *operatorSettings) refusedBy(err error, own ...string) error {
	var typed *inbox.Error
	switch {
	case err == nil:
		return nil
	case inbox.CodeOf(err) == inbox.NotFound:
		return refuse("there is no workspace %q in this data; switchboard workspace list names them", c.Workspace)
	case errors.As(err, &typed) && typed.Code == inbox.InvalidInput:
		return fail(exitUsage, errors.New(flagged(err, own...)))
	case errors.As(err, &typed) && typed.Code != inbox.Unavailable:
		return refuse("%s", typed.Message)
	}
	return databaseFailure(err)
}

// print writes a result as JSON, or a sentence about it.
func (c *operatorSettings) print(in *invocation, result any, sentence string, args ...any) error {
	if c.JSON {
		return printJSON(in.stdout, result)
	}
	_, err := fmt.Fprintf(in.stdout, sentence+"\n", args...)
	return err
}

// confirmed demands that the name of what is destroyed is repeated.
func confirmed(yes, name, what string) error {
	if yes == name {
		return nil
	}
	return refuse("this removes %s for ever. To confirm it, repeat the name: --yes %s", what, name)
}
