package main

import (
	"context"
	"fmt"
	"time"

	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// keyCommand is about the API keys of a workspace.
type keyCommand struct {
	Create keyCreateCommand `cmd:"" help:"Make an API key and print its secret, once."`
	Rotate keyRotateCommand `cmd:"" help:"Give an API key another secret and print it, once; the one before is accepted for a while."`
	Expire keyExpireCommand `cmd:"" help:"Set or remove the end of an API key."`
	Revoke keyRevokeCommand `cmd:"" help:"End an API key at once, and the contact tokens that it issued."`
	List   keyListCommand   `cmd:"" help:"List the API keys of a workspace."`
}

type keyCreateCommand struct {
	Name       string        `help:"Name for people, such as the website that uses the key." required:"" placeholder:"TEXT"`
	Role       string        `help:"integration, which feeds conversations, or partner." default:"integration"`
	Permission []string      `help:"What a partner's key may do, such as view:livechat:ALL; may be repeated." placeholder:"PERMISSION"`
	Expires    time.Duration `help:"The time after which the key is refused; 0 for no end." default:"0s"`

	operatorSettings `embed:""`
}

// Run makes the key. Only the hash of its secret is stored.
func (c *keyCreateCommand) Run(ctx context.Context, in *invocation) error {
	permissions, err := parsePermissions(c.Permission)
	if err != nil {
		return err
	}
	return c.operate(ctx, in, func(o operated) error {
		n := admin.NewAPIKey{Name: c.Name, Role: workspace.RoleName(c.Role), Permissions: permissions}
		if c.Expires != 0 {
			n.ExpiresAt = time.Now().Add(c.Expires)
		}
		k, secret, err := o.service.Admin.CreateAPIKey(ctx, admin.Operator(c.id()), n)
		if err != nil {
			return c.refusedBy(err)
		}
		return c.printSecret(in, k, secret, fmt.Sprintf("The key %s (%s) was made.", k.Name, resolvers.GlobalID("ApiKey", k.ID)))
	})
}

// printSecret prints a new secret of a key on its own, so that a script can take it.
func (c *operatorSettings) printSecret(in *invocation, k workspace.APIKey, secret, done string) error {
	if c.JSON {
		out := shownKey(k, workspace.KeyUses{})
		out.Secret = secret
		return printJSON(in.stdout, out)
	}
	fmt.Fprintf(in.stderr, "%s Its secret follows, and is shown this once:\n", done)
	_, err := fmt.Fprintln(in.stdout, secret)
	return err
}

func parsePermissions(texts []string) (out []workspace.Permission, err error) {
	for _, text := range texts {
		p, ok := workspace.ParsePermission(text)
		if !ok {
			return nil, fail(exitUsage, fmt.Errorf("--permission: %q is not a permission. Example: --permission view:livechat:ALL", text))
		}
		out = append(out, p)
	}
	return out, nil
}

type keyRevokeCommand struct {
	Key string `help:"Id of the key, as the API and key list show it." required:"" placeholder:"ID"`

	operatorSettings `embed:""`
}

// Run ends the key. To end one twice changes nothing.
func (c *keyRevokeCommand) Run(ctx context.Context, in *invocation) error {
	return c.onKey(ctx, in, c.Key, func(o operated, id workspace.KeyID) error {
		k, err := o.service.Admin.RevokeAPIKey(ctx, admin.Operator(c.id()), id)
		if err != nil {
			return c.refusedBy(err)
		}
		return c.print(in, shownKey(k, workspace.KeyUses{}), "The key %s is refused from now on, and so are the contact tokens that it issued.", k.Name)
	})
}

// onKey runs act on a key that an operator named.
func (c *operatorSettings) onKey(ctx context.Context, in *invocation, key string, act func(operated, workspace.KeyID) error) error {
	return c.operate(ctx, in, func(o operated) error {
		d, err := o.store.Directory(ctx, c.id())
		if err != nil {
			return c.refusedBy(err)
		}
		id := keyNamed(d, key)
		if id == "" {
			return refuse("the workspace %q has no API key %q; switchboard key list names them", c.Workspace, key)
		}
		return act(o, id)
	})
}

// keyNamed finds a key by the id that the API shows, or by the stored one.
func keyNamed(d *workspace.Directory, id string) workspace.KeyID {
	for _, k := range d.Keys {
		if resolvers.GlobalID("ApiKey", k.ID) == id || string(k.ID) == id {
			return k.ID
		}
	}
	return ""
}
