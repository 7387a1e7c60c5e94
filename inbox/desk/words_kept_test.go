package desk_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// fedChat puts a chat that a key feeds by the id "chat", closed a minute ago.
func fedChat(d *world.Inbox) inbox.Conversation {
	c := formerlyMine()
	c.ExternalID, c.Changed.At = "chat", world.Start().Add(-time.Minute)
	d.People[c.Contact] = inbox.Contact{ID: c.Contact, Workspace: world.Home, ExternalID: "v"}
	return d.Put(c)
}

// relayed are the doors by which what the contact of fed says comes in, in c. id is
// the key's own id of the message, where the door has one.
func relayed() map[string]func(d *world.Inbox, c inbox.ConversationID, body, id string) (inbox.ConversationID, error) {
	ctx := context.Background()
	sent := func(s desk.Sent, err error) (inbox.ConversationID, error) { return s.Conversation.ID, err }
	return map[string]func(*world.Inbox, inbox.ConversationID, string, string) (inbox.ConversationID, error){
		"send": func(d *world.Inbox, c inbox.ConversationID, body, _ string) (inbox.ConversationID, error) {
			return sent(d.Messages.Send(ctx, world.AsContact(c), desk.SendRequest{Conversation: c, Body: body}))
		},
		"reopen and reply": func(d *world.Inbox, c inbox.ConversationID, body, _ string) (inbox.ConversationID, error) {
			return sent(d.Messages.ReopenAndReply(ctx, world.AsContact(c), desk.SendRequest{Conversation: c, Body: body}))
		},
		"post": func(d *world.Inbox, _ inbox.ConversationID, body, id string) (inbox.ConversationID, error) {
			return sent(d.Messages.Post(ctx, world.AsPartner(), desk.Posting{Conversation: desk.ConversationRef{ExternalID: "chat"}, Body: body, ExternalID: id}))
		},
		"start again": func(d *world.Inbox, _ inbox.ConversationID, body, _ string) (inbox.ConversationID, error) {
			out, err := d.Intake.StartLivechat(ctx, world.AsPartner(), desk.NewConversation{ExternalID: "chat", Contact: contacts.NewContact{ExternalID: "v"}, Message: body})
			return out.Conversation.ID, err
		},
	}
}

// timesSaid counts how often a text was written as the contact's.
func timesSaid(d *world.Inbox, body string) (n int) {
	for _, m := range d.Said() {
		if m.Body == body && m.Author.Kind == workspace.ActorContact {
			n++
		}
	}
	return n
}

// What a contact says after the window begins a conversation that continues the
// closed one, whatever the channel; what is said later goes there. B:C4
func TestReopenWindow(t *testing.T) {
	for name, relay := range relayed() {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Rules(func(r *workspace.Rules) { r.ReopenWindow = time.Hour })
			old := fedChat(d)
			old.Channel = "whatsapp"
			d.Put(old)
			d.Pass(time.Hour - time.Minute)
			at, err := relay(d, "c", "In time", "m1")
			require.NoError(t, err)
			require.Equal(t, old.ID, at)
			require.Equal(t, inbox.Open, d.Stored(t, "c").Status)

			closing := desk.Request{Conversation: "c"}
			_, err = d.Desk.SetStatus(t.Context(), world.AsMember(world.Manager), closing, inbox.Closed)
			require.NoError(t, err)
			d.Pass(time.Hour + time.Second)
			next, err := relay(d, "c", "Too late", "m2")
			require.NoError(t, err)
			require.NotEqual(t, old.ID, next)
			fresh := d.Stored(t, next)
			require.Equal(t, old.ID, fresh.Previous)
			require.Equal(t, next, d.Stored(t, "c").Next)
			require.Equal(t, inbox.HandledByAI, fresh.Handler())
			require.Equal(t, inbox.Closed, d.Stored(t, "c").Status, "the old one stays closed")

			at, err = relay(d, "c", "Still there?", "m3")
			require.NoError(t, err)
			require.Equal(t, next, at, "what follows goes there")
			_, err = d.Desk.SetStatus(t.Context(), world.AsMember(world.Manager), desk.Request{Conversation: next}, inbox.Closed)
			require.NoError(t, err)
			at, err = relay(d, "c", "Hello?", "m4")
			require.NoError(t, err)
			require.Equal(t, next, at, "which opens again in its own window")
			for _, body := range []string{"In time", "Too late", "Still there?", "Hello?"} {
				require.Equal(t, 1, timesSaid(d, body), body)
			}
			_, err = d.Messages.ReopenAndReply(t.Context(), world.AsMember(world.Me), say("Let us go on"))
			require.NoError(t, err, "the window is about what contacts say")
		})
	}
}

// A repeat of what a key posts is known by the message's id, wherever the message
// went meanwhile. B:C4, B:N1
func TestARepeatIsKnownWhereverItWent(t *testing.T) {
	d := world.New(t)
	d.Rules(func(r *workspace.Rules) { r.ReopenWindow = time.Hour })
	fedChat(d)
	d.Pass(2 * time.Hour)
	post := desk.Posting{Conversation: desk.ConversationRef{ExternalID: "chat"}, Body: "Hello", ExternalID: "m"}
	first, err := d.Messages.Post(t.Context(), world.AsPartner(), post)
	require.NoError(t, err)
	require.True(t, first.Continued)
	for range 3 {
		again, err := d.Messages.Post(t.Context(), world.AsPartner(), post)
		require.NoError(t, err)
		require.Equal(t, first.Message, again.Message)
		require.True(t, again.Continued)
		_, err = d.Desk.SetStatus(t.Context(), world.AsMember(world.Manager), desk.Request{Conversation: first.Conversation.ID}, inbox.Closed)
		if err != nil {
			world.Refused(t, err, inbox.ConversationClosed)
		}
		d.Pass(2 * time.Hour)
	}
	require.Equal(t, 1, timesSaid(d, "Hello"))

	// Two at once begin one.
	d = world.New(t)
	d.Rules(func(r *workspace.Rules) { r.ReopenWindow = time.Hour })
	fedChat(d)
	d.Pass(2 * time.Hour)
	d.MeanwhileDo(t, func(ctx context.Context) error { _, err := d.Messages.Post(ctx, world.AsPartner(), post); return err })
	_, err = d.Messages.Post(t.Context(), world.AsPartner(), post)
	require.NoError(t, err)
	require.Equal(t, 1, timesSaid(d, "Hello"))
	require.Len(t, d.Threads, 2)
}

// The same text, said again after the chat was closed, is no repeat. B:N1
func TestTheSameWordsAfterAClosing(t *testing.T) {
	d := world.New(t)
	start := func() inbox.Conversation {
		out, err := d.Intake.StartLivechat(t.Context(), world.AsPartner(), desk.NewConversation{
			ExternalID: "chat", Contact: contacts.NewContact{ExternalID: "v"}, Agent: world.Bot, Message: "Hello",
		})
		require.NoError(t, err)
		require.Equal(t, inbox.Open, out.Conversation.Status)
		return out.Conversation
	}
	for n := 1; n <= 4; n++ {
		id := start().ID
		start() // a repeat
		require.Equal(t, n, timesSaid(d, "Hello"))
		_, err := d.Desk.SetStatus(t.Context(), world.AsMember(world.Manager), desk.Request{Conversation: id}, inbox.Closed)
		require.NoError(t, err)
	}
}

// A contact's message that meets a closing opens the conversation again, and its
// closing that meets a message leaves none unsaid. B:C4
func TestAMessageMeetsAClosing(t *testing.T) {
	for name, relay := range relayed() {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			c := fedChat(d)
			c.Status = inbox.Open
			d.Put(c)
			d.MeanwhileDo(t, func(ctx context.Context) error {
				_, err := d.Desk.SetStatus(ctx, world.AsMember(world.Manager), desk.Request{Conversation: "c"}, inbox.Closed)
				return err
			})
			_, err := relay(d, "c", "One more", "m")
			require.NoError(t, err)
			require.Equal(t, 1, timesSaid(d, "One more"))
			require.Equal(t, inbox.Open, d.Stored(t, "c").Status)
		})
	}
}

// Whatever is closed, opened, continued or given to whom meanwhile: each word of a
// contact is written once, where the contact can read it. B:C4, B:N1
func TestNoWordIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := world.New(t)
		fedChat(d)
		rules := &d.World.Roster.Workspace.Rules
		rules.ReopenWindow = rapid.SampledFrom([]time.Duration{0, time.Hour}).Draw(rt, "reopenWindow")
		rules.OnReopen = rapid.SampledFrom([]workspace.OnReopen{workspace.ReopenWithOriginAI, workspace.ReopenWithFormerOwner, workspace.ReopenByRoute}).Draw(rt, "onReopen")
		rules.OnCloseChat = rapid.SampledFrom([]workspace.OnCloseChat{workspace.ReturnToOriginAI, workspace.KeepAssignee, workspace.UnassignWhenClose}).Draw(rt, "onCloseChat")
		rules.ContactMayClose = rapid.Bool().Draw(rt, "contactMayClose")
		ctx, at := context.Background(), inbox.ConversationID("c")
		others := map[string]func(inbox.ConversationID) error{
			"close": func(c inbox.ConversationID) error {
				_, err := d.Desk.SetStatus(ctx, world.AsMember(world.Manager), desk.Request{Conversation: c}, inbox.Closed)
				return err
			},
			"leave": func(c inbox.ConversationID) error {
				_, err := d.Desk.Close(ctx, world.AsContact(c), desk.Request{Conversation: c}, desk.Closing{})
				return err
			},
			"take": func(c inbox.ConversationID) error {
				_, err := d.Desk.TakeOver(ctx, world.AsMember(world.Manager), desk.Request{Conversation: c}, nil, "")
				return err
			},
			"return": func(c inbox.ConversationID) error {
				_, err := d.Desk.ReturnToAgent(ctx, world.AsMember(world.Manager), desk.Request{Conversation: c}, "")
				return err
			},
			"continue": func(c inbox.ConversationID) error {
				_, err := d.Messages.StartNew(ctx, world.AsMember(world.Manager), c, "New", "")
				return err
			},
			"reopen": func(c inbox.ConversationID) error {
				_, err := d.Desk.SetStatus(ctx, world.AsMember(world.Manager), desk.Request{Conversation: c}, inbox.Open)
				return err
			},
			"wait": func(inbox.ConversationID) error { d.Pass(40 * time.Minute); return nil },
		}
		for n := range rapid.IntRange(1, 30).Draw(rt, "steps") {
			d.Pass(time.Second)
			if rapid.Bool().Draw(rt, "others") {
				name := rapid.SampledFrom(world.Names(others)).Draw(rt, "what")
				act := func() { _ = others[name](rapid.SampledFrom([]inbox.ConversationID{"c", at}).Draw(rt, "where")) }
				if rapid.Bool().Draw(rt, "meanwhile") && name != "wait" {
					d.Meanwhile = act
				} else {
					act()
				}
				continue
			}
			name, body := rapid.SampledFrom(world.Names(relayed())).Draw(rt, "door"), fmt.Sprint("word ", n)
			where, err := relayed()[name](d, "c", body, body)
			if err != nil || timesSaid(d, body) != 1 {
				rt.Fatalf("%s: %v, written %d times", name, err, timesSaid(d, body))
			}
			at = where
			if name == "post" {
				again, err := relayed()[name](d, "c", body, body)
				if err != nil || again != where || timesSaid(d, body) != 1 {
					rt.Fatalf("a repeat: %v, at %s, not %s, written %d times", err, again, where, timesSaid(d, body))
				}
			}
			if d.Stored(t, where).Status == inbox.Closed && d.Meanwhile == nil {
				rt.Fatalf("%s left it closed", name)
			}
		}
	})
}

// An externalId that names something else is refused with what exists, and to those
// who may not see that with nothing about it. B:N1
func TestAnExternalIDOfAnotherKind(t *testing.T) {
	d := world.New(t)
	c := fedChat(d)
	ask := desk.NewConversation{Subject: "Broken", ExternalID: "chat", Contact: contacts.NewContact{ExternalID: "v"}, To: access.Owner{Team: world.Billing}}
	_, err := d.Intake.CreateTicket(t.Context(), world.AsPartner(), ask)
	require.Contains(t, world.Refused(t, err, inbox.InvalidInput).Message, "names a livechat already")
	ask.Contact.ExternalID, ask.Message = "somebody", "Hi"
	_, err = d.Intake.StartLivechat(t.Context(), world.AsPartner(), ask)
	require.Contains(t, world.Refused(t, err, inbox.InvalidInput).Message, "of another contact")

	c.Assignee, c.Team = world.Stranger, world.Sales
	d.Put(c)
	ask = desk.NewConversation{Subject: "Broken", ExternalID: "chat", Contact: contacts.NewContact{Name: "Vera"}, To: access.Owner{Member: world.Me}}
	_, blind := d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	ask.Contact.Name = "Somebody"
	_, other := d.Intake.CreateTicket(t.Context(), world.AsMember(world.Me), ask)
	require.Equal(t, blind, other, "who may not see it learns nothing")
	require.NotContains(t, world.Refused(t, blind, inbox.InvalidInput).Message, "livechat")
	require.Empty(t, d.Recorded())
	require.True(t, slices.Equal([]string{"externalId"}, world.Refused(t, blind, inbox.InvalidInput).Field))
}
