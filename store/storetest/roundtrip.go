package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// What is written is read back equal, whatever it holds.
func roundTrip(t *testing.T, open Opener) {
	d := newDesk(t, open)
	t.Run("conversation, contact, event and messages", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			ctx := soon(t)
			change := anyCreation(rt, d.ws)
			require.NoError(rt, d.Commit(ctx, change))
			c, err := d.Conversation(ctx, d.ws, change.Conversation.ID)
			require.NoError(rt, err)
			require.Equal(rt, createdAs(change), c)
			e, err := d.Event(ctx, d.ws, change.Event.ID)
			require.NoError(rt, err)
			require.Equal(rt, change.Event, e)
			for _, want := range change.Event.Messages {
				m, err := d.Message(ctx, d.ws, want.ID)
				require.NoError(rt, err)
				require.Equal(rt, want, m)
			}
			contacts, err := d.Contacts(ctx, d.ws, []inbox.ContactID{change.Contact.ID})
			require.NoError(rt, err)
			require.Equal(rt, *change.Contact, contacts[change.Contact.ID])
		})
	})
	t.Run("ownership change", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			ctx := soon(t)
			before := anyCreation(rt, d.ws)
			require.NoError(rt, d.Commit(ctx, before))
			after := arbitrary[inbox.Conversation]().Draw(rt, "after")
			after.Offer.ID, after.Offer.Workspace = inbox.OfferID(id("o")), d.ws
			want := moved(createdAs(before), after)
			e := ownershipEvent(want, before.Conversation.Ownership, inbox.EventAssigned)
			require.NoError(rt, d.Commit(ctx, commit.Change{Conversation: want, Event: e}))
			got, err := d.Conversation(ctx, d.ws, want.ID)
			require.NoError(rt, err)
			want.Revision++
			require.Equal(rt, want, got)
			require.Equal(rt, want, *e.After)
		})
	})
	t.Run("directory", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			ctx := soon(t)
			want := anyDirectory(rt)
			require.NoError(rt, d.CreateWorkspace(ctx, want))
			got, err := d.Directory(ctx, want.Workspace.ID)
			require.NoError(rt, err)
			require.Equal(rt, want, *got)
		})
	})
}

// anyCreation draws a change with ids that nothing else has.
func anyCreation(t *rapid.T, ws workspace.WorkspaceID) commit.Change {
	c := arbitrary[inbox.Conversation]().Draw(t, "conversation")
	c.ID, c.Workspace, c.ExternalID = inbox.ConversationID(id("c")), ws, optional(t, "x")
	e := arbitrary[inbox.Event]().Draw(t, "event")
	e.ID, e.Workspace, e.Conversation = inbox.EventID(id("e")), ws, c.ID
	for _, o := range offersIn(&e) {
		o.ID, o.Workspace = inbox.OfferID(id("o")), ws
	}
	e.Key.Key = optional(t, "k")
	if e.Key.Key == "" {
		e.Key = inbox.IdempotencyKey{}
	}
	for i := range e.Messages {
		m := &e.Messages[i]
		m.ID, m.Workspace, m.Conversation, m.ExternalID = inbox.MessageID(id("m")), ws, c.ID, optional(t, "x")
		m.Shortened = false // only stores shorten
	}
	if c.LastMessage != nil {
		c.LastMessage.Shortened = false
	}
	contact := arbitrary[inbox.Contact]().Draw(t, "contact")
	contact.ID, contact.Workspace, contact.ExternalID = inbox.ContactID(id("p")), ws, optional(t, "x")
	contact.Rev = max(1, contact.Rev) // those without one are of revision 1
	return commit.Change{Conversation: c, Create: true, Event: e, Contact: &contact}
}

// offersIn are those of an event, whose ids nothing else has.
func offersIn(e *inbox.Event) (out []*inbox.Offer) {
	if e.After != nil {
		out = append(out, &e.After.Offer)
	}
	if e.Was != nil {
		out = append(out, &e.Was.Offer)
	}
	return out
}

func optional(t *rapid.T, prefix string) string {
	if rapid.Bool().Draw(t, "none") {
		return ""
	}
	return id(prefix)
}

func anyDirectory(t *rapid.T) workspace.Directory {
	d := workspace.Directory{
		Workspace: arbitrary[workspace.Workspace]().Draw(t, "workspace"),
		Members:   map[workspace.MemberID]workspace.Member{}, Teams: map[workspace.TeamID]workspace.Team{}, Agents: map[workspace.AgentID]workspace.AIAgent{},
		Keys: map[workspace.KeyID]workspace.APIKey{}, Webhooks: map[workspace.WebhookID]workspace.Webhook{},
	}
	d.Workspace.ID = workspace.WorkspaceID(id("ws"))
	for _, m := range rapid.SliceOfN(arbitrary[workspace.Member](), 0, 3).Draw(t, "members") {
		m.ID, m.Workspace = workspace.MemberID(id("m")), d.Workspace.ID
		d.Members[m.ID] = m
	}
	for _, x := range rapid.SliceOfN(arbitrary[workspace.Team](), 0, 3).Draw(t, "teams") {
		x.ID, x.Workspace = workspace.TeamID(id("t")), d.Workspace.ID
		d.Teams[x.ID] = x
	}
	for _, a := range rapid.SliceOfN(arbitrary[workspace.AIAgent](), 0, 3).Draw(t, "agents") {
		a.ID, a.Workspace = workspace.AgentID(id("a")), d.Workspace.ID
		d.Agents[a.ID] = a
	}
	for _, k := range rapid.SliceOfN(arbitrary[workspace.APIKey](), 0, 3).Draw(t, "keys") {
		k.ID, k.Workspace = workspace.KeyID(id("k")), d.Workspace.ID
		d.Keys[k.ID] = k
	}
	for _, w := range rapid.SliceOfN(arbitrary[workspace.Webhook](), 0, 3).Draw(t, "webhooks") {
		w.ID, w.Workspace = workspace.WebhookID(id("w")), d.Workspace.ID
		d.Webhooks[w.ID] = w
	}
	return d
}

// moved is after with everything of before that no ownership change touches.
func moved(before, after inbox.Conversation) inbox.Conversation {
	after.ID, after.Workspace, after.Kind, after.Subject, after.Channel = before.ID, before.Workspace, before.Kind, before.Subject, before.Channel
	after.Contact, after.ContactName, after.OriginAgent, after.Feeder = before.Contact, before.ContactName, before.OriginAgent, before.Feeder
	after.ContactEmail, after.ContactPhone, after.ContactCopyRevision = before.ContactEmail, before.ContactPhone, before.ContactCopyRevision
	after.ExternalID, after.LastMessage, after.CreatedAt = before.ExternalID, before.LastMessage, before.CreatedAt
	after.ContactEmail, after.ContactPhone = before.ContactEmail, before.ContactPhone
	after.Previous, after.Next, after.TokenIssue = before.Previous, before.Next, before.TokenIssue
	after.Receipts = before.Receipts
	after.Revision, after.MessageCount, after.PublicMessageCount = before.Revision, before.MessageCount, before.PublicMessageCount
	return after
}

// createdAs is the conversation that change creates, as it is stored.
func createdAs(change commit.Change) inbox.Conversation {
	c := change.Conversation
	c.Revision, c.MessageCount, c.PublicMessageCount = 1, 0, 0
	c = c.Number(change.Event.Messages)
	for _, m := range change.Event.Messages {
		if m.Previews() {
			c.LastMessage = &m
		}
	}
	return c
}
