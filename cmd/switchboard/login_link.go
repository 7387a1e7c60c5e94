package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

type loginLinkCommand struct {
	As        string        `help:"E-mail address or id of the member who signs in." required:"" placeholder:"MEMBER"`
	Workspace string        `help:"Id of the workspace; may be left out where there is one only." placeholder:"ID"`
	TTL       time.Duration `help:"How long the link may wait to be opened." name:"ttl" default:"15m"`
	URL       string        `help:"Where people reach the server." name:"url" default:"http://127.0.0.1:8080" placeholder:"URL"`
	Page      string        `help:"What opens after the sign-in: board, wall or playground." default:"board"`

	databaseSettings `embed:""`
	authSettings     `embed:""`
}

// Run checks the settings and prints one link. It only reads, so that it works
// beside a running server; which links were used the servers remember.
func (c *loginLinkCommand) Run(ctx context.Context, in *invocation) error {
	s := settings{storeSettings: storeSettings{databaseSettings: c.databaseSettings}, authSettings: c.authSettings,
		logSettings: logSettings{LogFormat: "text", LogLevel: "info"}}
	if err := s.ready(in); err != nil {
		return err
	}
	if err := c.check(in.from, s.authSettings); err != nil {
		return err
	}
	stored, err := in.deps.openTokens(ctx, s.storeSettings)
	switch {
	case errors.Is(err, errNoData):
		return refuse(`there is no data to make a link for; name the server's data by --data or --mongodb-uri`)
	case err != nil:
		return fmt.Errorf("open the data for a login link: %w", err)
	}
	defer func() { _ = stored.Close(ctx) }() // it was only read
	link, err := c.link(ctx, stored)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(in.stdout, link)
	return err
}

func (c *loginLinkCommand) check(from origins, s authSettings) error {
	u, err := url.Parse(c.URL)
	switch {
	case s.provider():
		return refuse("people sign in at the identity provider while %s is set, and links open nothing", s.describeProvider(from))
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fail(exitUsage, errors.New("--url: it is not the address of a server. Example: --url https://desk.example.com"))
	case c.TTL < time.Second || c.TTL > auth.MaxLinkTTL:
		return fail(exitUsage, fmt.Errorf("--ttl: %s is not between a second and %s. Example: --ttl 15m", c.TTL, auth.MaxLinkTTL))
	case c.Page != "board" && c.Page != "wall" && c.Page != "playground":
		return fail(exitUsage, errors.New("--page: it is not one of board, wall, playground. Example: --page wall"))
	}
	return nil
}

// link makes the whole address. The secret stands behind the #, which browsers send
// to nobody.
func (c *loginLinkCommand) link(ctx context.Context, stored tokenStore) (string, error) {
	dir, err := c.directory(ctx, stored)
	if err != nil {
		return "", err
	}
	m, err := c.member(dir)
	if err != nil {
		return "", err
	}
	secret, err := stored.Secret(ctx)
	if err != nil {
		return "", fmt.Errorf("read the server's secret: %w", err)
	}
	secrets, err := auth.NewLinkSecrets(secret)
	if err != nil {
		return "", err
	}
	link, err := secrets.Link(dir.Workspace.ID, m.ID, m.Name, c.TTL)
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(c.URL, "/") + "/signed-in#" + url.Values{"link": {link}, "page": {c.Page}}.Encode(), nil
}

func (c *loginLinkCommand) directory(ctx context.Context, stored tokenStore) (*workspace.Directory, error) {
	ws := workspace.WorkspaceID(c.Workspace)
	if ws == "" {
		all, err := stored.Workspaces(ctx)
		if err != nil {
			return nil, databaseFailure(err)
		}
		if len(all) != 1 {
			return nil, refuse("--workspace is needed: there are %d workspaces in this data. switchboard workspace list names them", len(all))
		}
		ws = all[0].ID
	}
	dir, err := stored.Directory(ctx, ws)
	switch {
	case inbox.CodeOf(err) == inbox.NotFound:
		return nil, refuse("there is no workspace %q in this data", ws)
	case err != nil:
		return nil, databaseFailure(err)
	case dir.Workspace.Suspended():
		return nil, refuse("the workspace %q is suspended, and signs nobody in; switchboard workspace resume ends that", ws)
	}
	return dir, nil
}

func (c *loginLinkCommand) member(dir *workspace.Directory) (workspace.Member, error) {
	if m, ok := dir.Member(workspace.MemberID(c.As)); ok {
		return m, nil
	}
	if m, ok := dir.MemberByEmail(c.As); ok {
		return m, nil
	}
	return workspace.Member{}, refuse("--as: nobody in workspace %q has the address or id %q", dir.Workspace.ID, c.As)
}
