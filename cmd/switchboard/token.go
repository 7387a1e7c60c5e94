package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// tokenRequest holds the arguments of the token command.
type tokenRequest struct {
	workspace, as, contact string
	ttl                    time.Duration
}

// printToken writes one token and nothing else to stdout.
func printToken(ctx context.Context, in *invocation, r tokenRequest, s settings) error {
	switch {
	case s.provider():
		return refuse("tokens come from the identity provider while %s is set; get one there, or leave it out for a demo", s.describeProvider(in.from))
	case (r.as == "") == (r.contact == ""):
		return fail(exitUsage, errors.New("--as or --contact is needed, not both. Example: switchboard token --workspace demo --as manager@demo.test"))
	case r.ttl < time.Second:
		return fail(exitUsage, fmt.Errorf("--ttl: %s is less than a second. Example: --ttl 24h", r.ttl))
	}
	stored, err := in.deps.openTokens(ctx, s.storeSettings)
	switch {
	case errors.Is(err, errNoData):
		stored = noStore{}
	case err != nil:
		return fmt.Errorf("open the data for a token: %w", err)
	}
	defer func() { _ = stored.Close(ctx) }() // it was only read
	token, err := r.sign(ctx, in.deps, stored, s)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(in.stdout, token)
	return err
}

// sign finds the principal of the token and signs it.
func (r tokenRequest) sign(ctx context.Context, p deps, stored tokenStore, s settings) (string, error) {
	dir, err := r.directory(ctx, p, stored, s)
	if err != nil {
		return "", err
	}
	if !dir.Workspace.Demo {
		return "", refuse("workspace %q is not a demo; its people sign in through your identity provider", r.workspace)
	}
	caller, err := r.caller(ctx, p, stored, dir)
	if err != nil {
		return "", err
	}
	signer, err := r.signer(ctx, stored, s)
	if err != nil {
		return "", err
	}
	return signer.Sign(caller, r.ttl)
}

// directory loads the workspace. With a shared secret a demo workspace need not
// be in the data at hand: its ids are the same wherever it was seeded.
func (r tokenRequest) directory(ctx context.Context, p deps, stored tokenStore, s settings) (*workspace.Directory, error) {
	ws := workspace.WorkspaceID(r.workspace)
	dir, err := stored.Directory(ctx, ws)
	if err == nil {
		return dir, nil
	}
	absent := errors.Is(err, errNoData)
	if !absent && inbox.CodeOf(err) != inbox.NotFound {
		return nil, fmt.Errorf("load the workspace for a token: %w", err)
	}
	if demo, ok := p.demo(ws); ok && s.JWTSecret != "" {
		return demo, nil
	}
	if absent {
		return nil, refuse(`there is no data to make a token for; run "switchboard serve --demo" first, or name the server's data by --data or --mongodb-uri`)
	}
	return nil, refuse("there is no workspace %q in this data", r.workspace)
}

// caller finds the contact, or the member or AI agent with that address.
func (r tokenRequest) caller(ctx context.Context, p deps, stored tokenStore, dir *workspace.Directory) (inbox.Principal, error) {
	if r.contact != "" {
		return r.contactOf(ctx, p, stored, dir.Workspace.ID)
	}
	if actor, ok := actorOf(dir, r.as); ok {
		return inbox.Principal{Workspace: dir.Workspace.ID, Actor: actor}, nil
	}
	var known []string
	for _, m := range dir.SortedMembers() {
		known = append(known, m.Email)
	}
	return inbox.Principal{}, refuse("nobody in workspace %q has the address %q; its members are %s", r.workspace, r.as, strings.Join(known, ", "))
}

func (r tokenRequest) contactOf(ctx context.Context, p deps, stored tokenStore, ws workspace.WorkspaceID) (inbox.Principal, error) {
	id, err := p.conversationID(r.contact)
	if err != nil {
		return inbox.Principal{}, refuse("--contact: %q is not the id of a conversation", r.contact)
	}
	c, err := stored.Conversation(ctx, ws, id)
	switch {
	case errors.Is(err, errNoData) || inbox.CodeOf(err) == inbox.NotFound:
		return inbox.Principal{}, refuse("--contact: there is no conversation %q in workspace %q", r.contact, r.workspace)
	case err != nil:
		return inbox.Principal{}, fmt.Errorf("load the conversation for a token: %w", err)
	}
	return c.ContactPrincipal(""), nil
}

// signer signs contacts always, and everybody when no secret is shared, with
// the secret that is kept beside the data.
func (r tokenRequest) signer(ctx context.Context, stored tokenStore, s settings) (*auth.Signer, error) {
	if s.JWTSecret != "" && r.contact == "" {
		return auth.NewOperatorSigner([]byte(s.JWTSecret), s.Issuer, s.Audience)
	}
	secret, err := stored.Secret(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the server's secret: %w", err)
	}
	return auth.NewSigner(secret)
}

// noStore stands for data that is not there.
type noStore struct{}

var _ tokenStore = noStore{}

// Secret finds nothing.
func (noStore) Secret(context.Context) ([]byte, error) { return nil, errNoData }

// Directory finds nothing.
func (noStore) Directory(context.Context, workspace.WorkspaceID) (*workspace.Directory, error) {
	return nil, errNoData
}

// Conversation finds nothing.
func (noStore) Conversation(context.Context, workspace.WorkspaceID, inbox.ConversationID) (inbox.Conversation, error) {
	return inbox.Conversation{}, errNoData
}

// Workspaces finds nothing.
func (noStore) Workspaces(context.Context) ([]workspace.Workspace, error) { return nil, errNoData }

// KeyUses finds nothing.
func (noStore) KeyUses(context.Context, workspace.WorkspaceID, []workspace.KeyID) (map[workspace.KeyID]workspace.KeyUses, error) {
	return nil, errNoData
}

// Close does nothing.
func (noStore) Close(context.Context) error { return nil }
