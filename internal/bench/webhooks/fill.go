package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"switchboard/auth"
	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
	"switchboard/store/sqlite"
)

const (
	ws      workspace.WorkspaceID = "hooks"
	owner   workspace.MemberID    = "owner"
	partner workspace.KeyID       = "partner"
	// conversations is how many there are; their changes make the log.
	conversations = 500
	// changesEach is how many changes are written in one transaction.
	changesEach = 500
	// recordsEach is how many records a change is: itself and its message.
	recordsEach = 2
)

// takers take the conversations over from each other.
func takers() []workspace.MemberID { return []workspace.MemberID{"anna", "ben"} }

// desk is the workspace whose log was filled.
type desk struct {
	tokens        map[workspace.MemberID]string
	conversations []string // global ids
	key           string
	turns         int // takeovers so far, of all conversations
}

// fill writes conversations and changes of them, which make so many records.
func fill(ctx context.Context, folder string, records int) (*desk, error) {
	s, err := sqlite.Open(ctx, sqlite.Config{Dir: filepath.Join(folder, "data"), Durability: sqlite.Relaxed})
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close(ctx) }()
	if err := s.CreateWorkspace(ctx, directory()); err != nil {
		return nil, err
	}
	d := &desk{tokens: map[workspace.MemberID]string{}, key: resolvers.GlobalID("ApiKey", partner)}
	if err := d.sign(ctx, s); err != nil {
		return nil, err
	}
	all := make([]inbox.Conversation, conversations)
	var changes []commit.Change
	for i := range all {
		all[i] = conversation(i)
		d.conversations = append(d.conversations, resolvers.ConversationID(all[i].ID))
		changes = append(changes, change(all[i], commit.Change{Create: true}))
	}
	for n := conversations; n*recordsEach < records; n++ {
		if len(changes) >= changesEach {
			if err := errors.Join(s.CommitEach(ctx, changes)...); err != nil {
				return nil, err
			}
			changes = nil
		}
		c := &all[n%conversations]
		before := c.Version
		c.Version++
		c.Epoch++
		c.LastActivityAt = c.LastActivityAt.Add(time.Second)
		changes = append(changes, change(*c, commit.Change{Guard: commit.Guard{Version: before}}))
	}
	return d, errors.Join(s.CommitEach(ctx, changes)...)
}

func (d *desk) sign(ctx context.Context, s *sqlite.Store) error {
	secret, err := s.Secret(ctx)
	if err != nil {
		return err
	}
	signer, err := auth.NewSigner(secret)
	if err != nil {
		return err
	}
	for _, m := range append(takers(), owner) {
		who := inbox.Principal{Workspace: ws, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(m)}}
		if d.tokens[m], err = signer.Sign(who, 12*time.Hour); err != nil {
			return err
		}
	}
	return nil
}

func directory() workspace.Directory {
	d := workspace.Directory{
		Workspace: workspace.Workspace{
			ID: ws, Name: string(ws), Plan: "enterprise", TimeZone: "UTC", Rules: workspace.DefaultRules(), Demo: true, Rev: 1,
		},
		Members: map[workspace.MemberID]workspace.Member{}, Keys: map[workspace.KeyID]workspace.APIKey{},
	}
	for _, m := range append(takers(), owner) {
		role := workspace.RoleName("senior_agent")
		if m == owner {
			role = "owner"
		}
		d.Members[m] = workspace.Member{
			ID: m, Workspace: ws, Name: string(m), Email: string(m) + "@example.test", Availability: workspace.Online,
			Roles: []workspace.RoleName{role}, Rev: 1,
		}
	}
	sees := []workspace.Permission{{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeAll}}
	d.Keys[partner] = workspace.APIKey{
		ID: partner, Workspace: ws, Name: "CRM", Role: workspace.RolePartner, Permissions: sees, CreatedAt: time.Now().UTC(), Rev: 1,
	}
	return d
}

func conversation(i int) inbox.Conversation {
	at := time.Now().UTC().Truncate(time.Millisecond).Add(-24 * time.Hour)
	return inbox.Conversation{
		ID: inbox.ConversationID(fmt.Sprintf("c%05d", i)), Workspace: ws,
		Kind: workspace.Livechat, Channel: "web", Subject: "A late parcel",
		Contact: inbox.ContactID(fmt.Sprintf("p%05d", i)), ContactName: "Vera Visitor", ContactEmail: "v@example.test",
		Ownership: inbox.Ownership{Status: inbox.Open, Assignee: takers()[0]},
		Changed:   inbox.Attribution{By: workspace.System(), At: at}, LastActivityAt: at, CreatedAt: at, Version: 1, Epoch: 1,
	}
}

// change is one with a message, of which the rest says whether it creates.
func change(c inbox.Conversation, out commit.Change) commit.Change {
	kind, from := inbox.EventTakenOver, c.Ownership
	if out.Create {
		kind, from = inbox.EventCreated, inbox.Ownership{}
		out.Loads = []inbox.LoadChange{{Member: c.Assignee, Kind: c.Kind, Delta: 1}}
	}
	out.Conversation = c
	out.Event = inbox.Event{
		ID: inbox.EventID(fmt.Sprintf("e_%s_%d", c.ID, c.Version)), Workspace: ws, Conversation: c.ID,
		Type: inbox.OwnershipEvent, Kind: kind, Actor: c.Changed.By, From: from, To: c.Ownership, Version: c.Version, Epoch: c.Epoch, At: c.LastActivityAt, After: &c,
	}
	out.Event.Messages = []inbox.Message{{
		ID: inbox.MessageID(fmt.Sprintf("m_%s_%d", c.ID, c.Version)), Workspace: ws, Conversation: c.ID,
		Body: "Where is my parcel? It was to arrive on Tuesday.", Author: workspace.Actor{Kind: workspace.ActorContact, ID: string(c.Contact)}, At: c.LastActivityAt,
	}}
	return out
}
