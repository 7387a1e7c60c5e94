package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"switchboard/cmd/switchboard/demo"
	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
	"switchboard/web"
)

// demoTokenTTL is how long printed tokens hold.
const demoTokenTTL = 24 * time.Hour

// printBanner prints where the server is and, for a demo, a token for each person.
// It answers the sign-ins that the pages offer.
func (s *server) printBanner(ctx context.Context, w io.Writer, set settings, addr string) ([]web.SignIn, error) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	secure := ""
	if set.TLSCert != "" {
		secure = "s"
	}
	if !web.Built() {
		fmt.Fprintln(table, "Pages\tnot built: this binary serves the API alone; make build, which needs Node, builds them")
	}
	fmt.Fprintf(table, "Board\thttp%s://%s/\n", secure, addr)
	fmt.Fprintf(table, "Wallboard\thttp%s://%s/wall\n", secure, addr)
	if set.Demo && s.identity.members != nil {
		fmt.Fprintf(table, "Visitor\thttp%s://%s/chat\n", secure, addr)
	}
	fmt.Fprintf(table, "Playground\thttp%s://%s/playground\n", secure, addr)
	fmt.Fprintf(table, "GraphQL\thttp%s://%s/graphql\n", secure, addr)
	fmt.Fprintf(table, "Live\tws%s://%s/graphql\n", secure, addr)
	var signIns []web.SignIn
	if set.Demo {
		var err error
		if signIns, err = s.demoSignIns(ctx); err != nil {
			return nil, err
		}
		fmt.Fprintf(table, "\nTokens, good for %s:\n", demoTokenTTL)
		for _, one := range signIns {
			fmt.Fprintf(table, "%s\t%s\n", one.Label, one.Token)
		}
	}
	return signIns, table.Flush()
}

func (s *server) demoSignIns(ctx context.Context) ([]web.SignIn, error) {
	var out []web.SignIn
	made, err := s.store.DemoMade(ctx)
	if err != nil {
		return nil, err
	}
	for _, ws := range demo.Workspaces() {
		dir, err := s.store.Directory(ctx, ws)
		if inbox.IsNotFound(err) && slices.Contains(made, ws) {
			continue // an operator deleted it
		}
		if err != nil {
			return nil, fmt.Errorf("read the demo workspace %s: %w", ws, err)
		}
		ours, err := s.signInsOf(ctx, dir)
		if err != nil {
			return nil, err
		}
		out = append(out, ours...)
	}
	return out, nil
}

func (s *server) signInsOf(ctx context.Context, dir *workspace.Directory) ([]web.SignIn, error) {
	ws := dir.Workspace.ID
	var out []web.SignIn
	for _, email := range demo.People() {
		actor, ok := actorOf(dir, email)
		if s.identity.members == nil || !ok {
			continue
		}
		token, err := s.identity.members.Sign(inbox.Principal{Workspace: ws, Actor: actor}, demoTokenTTL)
		if err != nil {
			return nil, err
		}
		out = append(out, signInOf(dir, actor, web.SignIn{Label: fmt.Sprintf("%s %s", ws, email), Token: token}))
	}
	website, ok, err := s.websiteOf(ctx, dir)
	if err != nil {
		return nil, err
	}
	if ok {
		out = append(out, website)
	}
	c, err := s.store.ConversationByExternalID(ctx, ws, "demo-001")
	if err != nil {
		return nil, fmt.Errorf("find the demo contact of %s: %w", ws, err)
	}
	token, err := s.identity.contactToken(c, "")
	contact := web.SignIn{Label: fmt.Sprintf("%s contact", ws), Token: token, Kind: "contact", Name: c.ContactName, Workspace: dir.Workspace.Name}
	return append(out, contact), err
}

// websiteOf is the API key with which the page for visitors starts chats; ok is
// false where members come from an identity provider, and for a key that was
// revoked.
func (s *server) websiteOf(ctx context.Context, dir *workspace.Directory) (out web.SignIn, ok bool, err error) {
	ws := dir.Workspace.ID
	agent, known := dir.Agent(demo.Answerer(ws))
	if s.identity.members == nil || !known {
		return web.SignIn{}, false, nil
	}
	key, secret := s.identity.demoWebsite(ws)
	now := time.Now().UTC().Truncate(time.Millisecond)
	ok, err = demo.Connect(ctx, s.store, key, newIDs().next(), now)
	return web.SignIn{
		Label: fmt.Sprintf("%s website", ws), Token: secret, Kind: "website", Name: agent.Name, Workspace: dir.Workspace.Name,
		AIAgentID: resolvers.GlobalID("AIAgent", agent.ID),
	}, ok, err
}

// signInOf describes a person in the list of demo sign-ins.
func signInOf(dir *workspace.Directory, actor workspace.Actor, out web.SignIn) web.SignIn {
	out.Workspace = dir.Workspace.Name
	if actor.Kind == workspace.ActorAgent {
		out.Kind, out.Name = "ai_agent", dir.Agents[workspace.AgentID(actor.ID)].Name
		return out
	}
	m := dir.Members[workspace.MemberID(actor.ID)]
	out.Kind, out.Name = "member", m.Name
	if len(m.Roles) > 0 {
		out.Role = string(m.Roles[0])
	}
	return out
}

// actorOf finds the member or AI agent with an address.
func actorOf(dir *workspace.Directory, email string) (workspace.Actor, bool) {
	for _, m := range dir.SortedMembers() {
		if workspace.SameEmail(m.Email, email) {
			return workspace.Actor{Kind: workspace.ActorMember, ID: string(m.ID)}, true
		}
	}
	for _, a := range dir.Agents {
		if !a.Removed && workspace.SameEmail(a.Email, email) {
			return workspace.Actor{Kind: workspace.ActorAgent, ID: string(a.ID)}, true
		}
	}
	return workspace.Actor{}, false
}
