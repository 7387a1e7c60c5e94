package main

import (
	"context"
	"fmt"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

// conversationsEach are in a workspace; all are open, and owned by members in turn.
const conversationsEach = 50

// desk are the people who have boards open, with what they take over.
type desk struct {
	tokens        []string // of each person
	conversations []string // their ids; those of one workspace one after the other
	each          int      // people in a workspace
}

func workspaceID(w int) workspace.WorkspaceID {
	return workspace.WorkspaceID(fmt.Sprintf("desk%04d", w))
}
func memberID(w, i int) workspace.MemberID {
	return workspace.MemberID(fmt.Sprintf("m%04d-%05d", w, i))
}

// fill makes the workspaces. Everybody sees everything, so that each takeover reaches
// everybody in its workspace.
func fill(ctx context.Context, s filler, workspaces, people int) (*desk, error) {
	secret, err := s.Secret(ctx)
	if err != nil {
		return nil, err
	}
	signer, err := auth.NewSigner(secret)
	if err != nil {
		return nil, err
	}
	d := &desk{each: people / workspaces}
	for w := range workspaces {
		if err := s.CreateWorkspace(ctx, directory(w, d.each)); err != nil {
			return nil, err
		}
		for i := range conversationsEach {
			c := conversation(w, i, d.each)
			if err := s.Commit(ctx, created(c)); err != nil {
				return nil, err
			}
			d.conversations = append(d.conversations, resolvers.ConversationID(c.ID))
		}
		for i := range d.each {
			who := workspace.Actor{Kind: workspace.ActorMember, ID: string(memberID(w, i))}
			token, err := signer.Sign(inbox.Principal{Workspace: workspaceID(w), Actor: who}, 12*time.Hour)
			if err != nil {
				return nil, err
			}
			d.tokens = append(d.tokens, token)
		}
	}
	return d, nil
}

func directory(w, people int) workspace.Directory {
	id := workspaceID(w)
	d := workspace.Directory{
		Workspace: workspace.Workspace{
			ID: id, Name: string(id), Plan: "enterprise", TimeZone: "UTC", Rules: workspace.DefaultRules(), Demo: true, Rev: 1,
		},
		Members: map[workspace.MemberID]workspace.Member{}, Teams: map[workspace.TeamID]workspace.Team{},
		Agents: map[workspace.AgentID]workspace.AIAgent{},
	}
	for t := range 4 {
		team := teamID(w, t)
		d.Teams[team] = workspace.Team{ID: team, Workspace: id, Name: string(team), Rev: 1}
	}
	for i := range people {
		m := memberID(w, i)
		d.Members[m] = workspace.Member{
			ID: m, Workspace: id, Name: string(m), Email: string(m) + "@example.test", Availability: workspace.Online, Rev: 1,
			Roles: []workspace.RoleName{"senior_agent"}, Teams: []workspace.TeamID{teamID(w, i%4)},
		}
	}
	return d
}

func teamID(w, t int) workspace.TeamID { return workspace.TeamID(fmt.Sprintf("t%04d-%d", w, t)) }

func conversation(w, i, people int) inbox.Conversation {
	now := time.Now().UTC().Truncate(time.Millisecond)
	return inbox.Conversation{
		ID: inbox.ConversationID(fmt.Sprintf("c%04d-%05d", w, i)), Workspace: workspaceID(w),
		Kind: workspace.Livechat, Channel: "web", Subject: "A late parcel",
		Contact: inbox.ContactID(fmt.Sprintf("p%04d-%05d", w, i)), ContactName: "Vera Visitor", ContactEmail: "v@example.test",
		Ownership: inbox.Ownership{Status: inbox.Open, Assignee: memberID(w, i%people)},
		Changed:   inbox.Attribution{By: workspace.System(), At: now}, LastActivityAt: now, CreatedAt: now,
		Version: 1, Epoch: 1,
	}
}

func created(c inbox.Conversation) commit.Change {
	load := inbox.LoadChange{Member: c.Assignee, Kind: c.Kind, Delta: 1}
	return commit.Change{Conversation: c, Create: true, Loads: []inbox.LoadChange{load}, Event: inbox.Event{
		ID: inbox.EventID("e_" + c.ID), Workspace: c.Workspace, Conversation: c.ID,
		Type: inbox.OwnershipEvent, Kind: inbox.EventCreated,
		Actor: c.Changed.By, To: c.Ownership, Version: 1, Epoch: 1, At: c.CreatedAt, After: &c,
	}}
}
