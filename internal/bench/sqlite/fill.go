package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
	"switchboard/store/sqlite"
)

// ws is the workspace of all conversations.
const ws workspace.WorkspaceID = "ws_bench"

// How the conversations are divided: one of closed is open, one of queued of those
// waits, and so on. Shares are the same in every store, so that a list of a share grows
// with it.
const (
	members, teams, agents = 200, 20, 3
	openEach               = 20
	contactHas             = 5
	messagesEach           = 10
	batch                  = 500
	// owners own what is open and assigned: so few that a page of each is full in the
	// smaller store, as in the larger one.
	owners = 7
)

// filled is a store with n conversations.
type filled struct {
	store *sqlite.Store
	n     int
}

// epoch is when the first conversation was created; another follows each minute. It is
// far from now, so that no notification expires.
func epoch() time.Time { return time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC) }

// fill writes the conversations that are missing. It shows on a terminal how far it is.
func (f *filled) fill(ctx context.Context) error {
	for i := 0; i < f.n; i += batch {
		if _, err := f.store.Conversation(ctx, ws, idOf(min(i+batch, f.n)-1)); err == nil {
			continue
		}
		var changes []commit.Change
		for j := i; j < min(i+batch, f.n); j++ {
			begun := f.begun(j)
			changes = append(changes, created(begun))
			changes = append(changes, f.settled(begun, j))
		}
		if err := errors.Join(f.store.CommitEach(ctx, changes)...); err != nil {
			return err
		}
		if stat, err := os.Stderr.Stat(); err == nil && stat.Mode()&os.ModeCharDevice != 0 {
			fmt.Fprintf(os.Stderr, "\rfilling: %d of %d", i+batch, f.n)
		}
	}
	return nil
}

func idOf(i int) inbox.ConversationID { return inbox.ConversationID(fmt.Sprintf("c_%024d", i)) }

// begun is conversation i as it is created: it waits for its team.
func (f *filled) begun(i int) inbox.Conversation {
	at := epoch().Add(time.Duration(i) * time.Minute)
	contact := i / contactHas
	c := inbox.Conversation{
		ID: idOf(i), Workspace: ws, Kind: workspace.Livechat, Channel: []string{"web", "mail", "whatsapp"}[i%3],
		Subject: fmt.Sprintf("%s %s order %07d", words()[i%len(words())], words()[i/7%len(words())], i),
		Contact: inbox.ContactID(fmt.Sprintf("p_%024d", contact)), ContactName: fmt.Sprintf("Person %07d", contact), ContactEmail: fmt.Sprintf("person%07d@example.test", contact),
		Ownership: inbox.Ownership{Status: inbox.Open, Team: teamOf(i), WaitingSince: at, NeededSince: at},
		Version:   1, Epoch: 1, Changed: inbox.Attribution{By: workspace.System(), At: at}, LastActivityAt: at, CreatedAt: at, AwaitingReplySince: at,
	}
	if i%3 == 1 {
		c.Kind = workspace.Ticket
	}
	if i%3 == 0 {
		c.OriginAgent = workspace.AgentID(fmt.Sprintf("agent%d", i%agents))
	}
	return c
}

// words are what subjects are made of: each is in one of fifty.
func words() []string {
	var out []string
	for i := range 100 {
		out = append(out, fmt.Sprintf("topic%02d", i))
	}
	return out
}

func teamOf(i int) workspace.TeamID {
	return workspace.TeamID(fmt.Sprintf("team%02d", (i+i/openEach)%teams))
}

func memberOf(i int) workspace.MemberID {
	return workspace.MemberID(fmt.Sprintf("member%03d", i%members))
}

// ownerOf is the i-th of the members who own open conversations.
func ownerOf(i int) workspace.MemberID { return memberOf(1 + i%owners) }

func created(c inbox.Conversation) commit.Change {
	e := eventOf(c, inbox.Ownership{}, inbox.EventCreated)
	e.Messages = []inbox.Message{messageOf(c, 0)}
	return commit.Change{Conversation: c, Create: true, Event: e}
}

// settled is the change that brings conversation i into its state: most are closed, of
// those that are open one of four waits.
func (f *filled) settled(before inbox.Conversation, i int) commit.Change {
	after := before
	after.Version, after.Epoch = 2, 2
	at := before.CreatedAt.Add(time.Hour)
	after.Changed, after.LastActivityAt = inbox.Attribution{By: workspace.System(), At: at}, at
	switch n := i / openEach; {
	case i%openEach != 0:
		after.Ownership = inbox.Ownership{Status: inbox.Closed, Team: before.Team, Assignee: memberOf(i)}
		after.ClosedAt, after.AwaitingReplySince, after.FormerAssignee = at, time.Time{}, memberOf(i+1)
	case n%4 == 0:
		after.Changed.At = at
	case n%4 == 1:
		after.Ownership = inbox.Ownership{Status: inbox.Open, Team: before.Team, Assignee: ownerOf(n / 4)}
	default:
		after.Ownership = inbox.Ownership{Status: inbox.Open, Team: before.Team, Assignee: ownerOf(n / 4)}
		after.AwaitingReplySince = time.Time{}
	}
	e := eventOf(after, before.Ownership, inbox.EventAssigned)
	for m := 1; m < messagesEach; m++ {
		e.Messages = append(e.Messages, messageOf(after, m))
	}
	return commit.Change{Conversation: after, Guard: commit.Guard{Version: 1}, Event: e}
}

func eventOf(after inbox.Conversation, from inbox.Ownership, kind inbox.EventKind) inbox.Event {
	return inbox.Event{
		ID: inbox.EventID(fmt.Sprintf("e_%s_%d", after.ID, after.Version)), Workspace: ws, Type: inbox.OwnershipEvent, Kind: kind, Conversation: after.ID,
		Actor: after.Changed.By, From: from, To: after.Ownership, Version: after.Version, Epoch: after.Epoch, At: after.Changed.At, After: &after,
	}
}

// messageOf is message m of a conversation: of the contact, an agent, or a note.
func messageOf(c inbox.Conversation, m int) inbox.Message {
	author := workspace.Actor{Kind: workspace.ActorContact, ID: string(c.Contact)}
	if m%2 == 1 {
		author = workspace.Actor{Kind: workspace.ActorMember, ID: string(memberOf(m))}
	}
	return inbox.Message{
		ID: inbox.MessageID(fmt.Sprintf("m_%s_%d", c.ID, m)), Workspace: ws, Conversation: c.ID, Author: author, Internal: m == 5,
		Body: fmt.Sprintf("Message %d of %s: where is my parcel? It was to arrive on Tuesday, and nobody at the depot answers the telephone.", m, c.ID),
		At:   c.LastActivityAt.Add(time.Duration(m) * time.Second),
	}
}
