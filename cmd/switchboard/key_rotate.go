package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
)

type keyRotateCommand struct {
	Key     string        `help:"Id of the key, as the API and key list show it." required:"" placeholder:"ID"`
	Overlap time.Duration `help:"How long earlier secrets of the key are still accepted, none longer than it was; 0 refuses them at once." default:"24h"`

	operatorSettings `embed:""`
}

// Run gives the key another secret. Running servers accept it at once.
func (c *keyRotateCommand) Run(ctx context.Context, in *invocation) error {
	return c.onKey(ctx, in, c.Key, func(o operated, id workspace.KeyID) error {
		k, secret, err := o.service.Admin.RotateAPIKeySecret(ctx, admin.Operator(c.id()), id, c.Overlap)
		if err != nil {
			return c.refusedBy(err, "id", "key")
		}
		return c.printSecret(in, k, secret, fmt.Sprintf("The key %s has another secret. Earlier ones are accepted until %s.",
			k.Name, k.RotatedAt.Add(c.Overlap).Format(time.RFC3339)))
	})
}

type keyExpireCommand struct {
	Key   string        `help:"Id of the key, as the API and key list show it." required:"" placeholder:"ID"`
	In    time.Duration `help:"The time after which the key is refused." placeholder:"DURATION"`
	Never bool          `help:"Remove the end of the key."`

	operatorSettings `embed:""`
}

// Run sets the end of the key. Running servers refuse it then, without a restart.
func (c *keyExpireCommand) Run(ctx context.Context, in *invocation) error {
	if c.Never == (c.In != 0) {
		return fail(exitUsage, errors.New("give --in or --never, one of them. Example: --in 720h"))
	}
	return c.onKey(ctx, in, c.Key, func(o operated, id workspace.KeyID) error {
		var at time.Time
		if !c.Never {
			at = time.Now().Add(c.In)
		}
		k, err := o.service.Admin.SetAPIKeyExpiry(ctx, admin.Operator(c.id()), id, at)
		if err != nil {
			return c.refusedBy(err, "id", "key", "expiresAt", "in")
		}
		if c.Never {
			return c.print(in, shownKey(k, workspace.KeyUses{}), "The key %s has no end.", k.Name)
		}
		return c.print(in, shownKey(k, workspace.KeyUses{}),
			"The key %s is refused from %s on, and so are the contact tokens that it issued.", k.Name, k.ExpiresAt.Format(time.RFC3339))
	})
}
