package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// keyCommand is about the API keys of a workspace.
type keyCommand struct {
	Create keyCreateCommand `cmd:"" help:"Make an API key and print its secret, once."`
	Revoke keyRevokeCommand `cmd:"" help:"End an API key at once, and the contact tokens that it issued."`
	List   keyListCommand   `cmd:"" help:"List the API keys of a workspace."`
}

// keyShown is an API key in JSON. The secret is only there when it was made.
type keyShown struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Role        string     `json:"role"`
	Permissions []string   `json:"permissions"`
	CreatedAt   time.Time  `json:"createdAt"`
	RevokedAt   *time.Time `json:"revokedAt"`
	Secret      string     `json:"secret,omitempty"`
}

func shownKey(k workspace.APIKey) keyShown {
	out := keyShown{ID: resolvers.GlobalID("ApiKey", k.ID), Name: k.Name, Role: string(k.Role), CreatedAt: k.CreatedAt, Permissions: workspace.CustomRole{Permissions: k.Permissions}.Words()}
	if k.Revoked() {
		out.RevokedAt = &k.RevokedAt
	}
	return out
}

type keyCreateCommand struct {
	Name       string   `help:"Name for people, such as the website that uses the key." required:"" placeholder:"TEXT"`
	Role       string   `help:"integration, which feeds conversations, or partner." default:"integration"`
	Permission []string `help:"What a partner's key may do, such as view:livechat:ALL; may be repeated." placeholder:"PERMISSION"`

	operatorSettings `embed:""`
}

// Run makes the key. Only the hash of its secret is stored.
func (c *keyCreateCommand) Run(ctx context.Context, in *invocation) error {
	permissions, err := parsePermissions(c.Permission)
	if err != nil {
		return err
	}
	return c.operate(ctx, in, func(o operated) error {
		k, secret, err := o.service.Admin.CreateAPIKey(ctx, admin.Operator(c.id()), admin.NewAPIKey{Name: c.Name, Role: workspace.RoleName(c.Role), Permissions: permissions})
		if err != nil {
			return c.refusedBy(err)
		}
		if c.JSON {
			out := shownKey(k)
			out.Secret = secret
			return printJSON(in.stdout, out)
		}
		fmt.Fprintf(in.stderr, "The key %s (%s) was made. Its secret follows, and is shown this once:\n", k.Name, resolvers.GlobalID("ApiKey", k.ID))
		_, err = fmt.Fprintln(in.stdout, secret)
		return err
	})
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
	return c.operate(ctx, in, func(o operated) error {
		d, err := o.store.Directory(ctx, c.id())
		if err != nil {
			return c.refusedBy(err)
		}
		k, known := d.Keys[keyNamed(d, c.Key)]
		if !known {
			return refuse("the workspace %q has no API key %q; switchboard key list names them", c.Workspace, c.Key)
		}
		k, err = o.service.Admin.RevokeAPIKey(ctx, admin.Operator(c.id()), k.ID)
		if err != nil {
			return c.refusedBy(err)
		}
		return c.print(in, shownKey(k), "The key %s is refused from now on, and so are the contact tokens that it issued.", k.Name)
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

type keyListCommand struct {
	operatorSettings `embed:""`
}

// Run lists the keys by age, also beside a running server.
func (c *keyListCommand) Run(ctx context.Context, in *invocation) error {
	s := c.settings()
	if err := s.ready(in); err != nil {
		return err
	}
	stored, err := in.deps.openTokens(ctx, s.storeSettings)
	if errors.Is(err, errNoData) {
		return refuse("there is no data here; name the server's data by --data or --mongodb-uri")
	}
	if err != nil {
		return databaseFailure(err)
	}
	defer closeLogged(context.WithoutCancel(ctx), in.log, "the database", stored.Close)
	d, err := stored.Directory(ctx, c.id())
	if err != nil {
		return c.refusedBy(err)
	}
	keys := []keyShown{}
	for _, k := range d.SortedKeys() {
		keys = append(keys, shownKey(k))
	}
	if c.JSON {
		return printJSON(in.stdout, keys)
	}
	return printKeys(in, keys)
}

func printKeys(in *invocation, keys []keyShown) error {
	table := tabwriter.NewWriter(in.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tROLE\tPERMISSIONS\tCREATED\tREVOKED")
	for _, k := range keys {
		revoked := "-"
		if k.RevokedAt != nil {
			revoked = k.RevokedAt.Format(time.RFC3339)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.Role, strings.Join(k.Permissions, " "), k.CreatedAt.Format(time.RFC3339), revoked)
	}
	return table.Flush()
}
