package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchboard/inbox/commit"
	"switchboard/store"
	"switchboard/store/document"
)

// secretCommand is about the installation's secret.
type secretCommand struct {
	Rotate secretRotateCommand `cmd:"" help:"Make a new secret; the one before is accepted for a while. Running servers follow by themselves."`
}

type secretRotateCommand struct {
	Overlap time.Duration `help:"How long what the secret before signed is still accepted: contact tokens hold for a week; 0 refuses it at once." default:"168h"`
	JSON    bool          `help:"Print JSON." name:"json"`

	databaseSettings `embed:""`
	logSettings      `embed:""`
}

// rotated is the result in JSON. It holds no secret.
type rotated struct {
	SignsFrom     time.Time `json:"signsFrom"`
	AcceptedUntil time.Time `json:"previousAcceptedUntil"`
	Accepted      int       `json:"secretsAccepted"`
}

const (
	// secretLead is how long all servers know a secret before one signs with it.
	secretLead = secretsEvery + 5*time.Second
	// mostSecrets bounds how many are accepted at a time.
	mostSecrets = 8
)

// Run replaces the secret. An embedded folder has no server while this runs, so that the
// new secret signs from its next start on.
func (c *secretRotateCommand) Run(ctx context.Context, in *invocation) error {
	s := settings{storeSettings: storeSettings{databaseSettings: c.databaseSettings}, logSettings: c.logSettings}
	if c.Overlap < 0 {
		return fail(exitUsage, errors.New("--overlap: it is negative. Example: --overlap 168h"))
	}
	if err := s.ready(in); err != nil {
		return err
	}
	return in.onWritable(ctx, s.storeSettings, func(opened store.Engine) error {
		out, err := c.rotate(ctx, opened)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(in.stdout, out)
		}
		_, err = fmt.Fprintf(in.stdout, "A new secret signs from %s on, without a restart. Contact tokens, login links and sessions that the one before signed are accepted until %s.\n"+
			"The secret that you share by --jwt-secret is another: set the new one there and the one before in --jwt-secret-previous, and restart the servers one after the other.\n",
			out.SignsFrom.Format(time.RFC3339), out.AcceptedUntil.Format(time.RFC3339))
		return err
	})
}

func (c *secretRotateCommand) rotate(ctx context.Context, opened store.Engine) (rotated, error) {
	if err := noDemo(ctx, opened); err != nil {
		return rotated{}, err
	}
	secrets, revision, err := opened.Secrets(ctx)
	if err != nil {
		return rotated{}, databaseFailure(err)
	}
	from := time.Now().UTC().Truncate(time.Millisecond)
	if c.MongodbURI != "" {
		from = from.Add(secretLead)
	}
	next := secrets.Rotated(document.NewSecretValue(), from, c.Overlap)
	if len(next) > mostSecrets {
		return rotated{}, refuse("%d secrets are accepted already, each for its overlap. Wait for the oldest to end, or rotate with --overlap 0", len(secrets))
	}
	err = opened.SaveSecrets(ctx, next, revision)
	if errors.Is(err, commit.ErrStale) {
		return rotated{}, refuse("another command rotated the secret at the same time, and nothing was changed here")
	}
	return rotated{from, from.Add(c.Overlap), len(next)}, databaseFailure(err)
}

// noDemo refuses data with demo workspaces: their website's key is made of the secret.
func noDemo(ctx context.Context, opened store.Engine) error {
	all, err := opened.Workspaces(ctx)
	if err != nil {
		return databaseFailure(err)
	}
	for _, w := range all {
		if w.Demo {
			return refuse("the key of the demo website of %q is made of the secret. Delete the demo workspaces first: switchboard workspace delete --workspace %s", w.ID, w.ID)
		}
	}
	return nil
}
