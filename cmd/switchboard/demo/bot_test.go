package demo_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/authz"
	"switchboard/cmd/switchboard/demo"
	"switchboard/inbox"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/testdb"
	"switchboard/live"
	"switchboard/live/feed"
	"switchboard/store/sqlite"

	"github.com/oklog/ulid/v2"
	"github.com/stretchr/testify/require"
)

func TestAnswer(t *testing.T) {
	ai := inbox.Conversation{Workspace: "demo", Kind: workspace.Livechat, Channel: demo.Channel, OriginAgent: "demo-ai"}
	with := func(change func(*inbox.Conversation)) inbox.Conversation {
		c := ai
		change(&c)
		return c
	}
	rows := []struct {
		name   string
		in     inbox.Conversation
		said   string
		says   string // its beginning; empty when it stays silent
		hands  bool
		toTeam workspace.TeamID
	}{
		{"a subject that it knows", ai, "Where is my PARCEL?", "Parcels", false, ""},
		{"another", ai, "Does the tent fit four?", "Our sizes", false, ""},
		{"what it does not know", ai, "Why is the sky blue?", "I am only a script", false, ""},
		{"a person", ai, "I want to talk to a person", "Of course", true, ""},
		{"a person, about money", ai, "My refund! Get me a human.", "I ask our billing", true, "demo-team-billing"},
		{"a person, the subject is money", with(func(c *inbox.Conversation) { c.Subject = "An invoice" }), "Somebody please", "I ask our billing", true, "demo-team-billing"},
		{"no such team", with(func(c *inbox.Conversation) { c.Workspace = "demo-free" }), "A person for my invoice", "Of course", true, ""},
		{"while it waits", with(func(c *inbox.Conversation) { c.AIStopped = true }), "A person!", "I have passed that on", false, ""},
		{"once a person answers", with(func(c *inbox.Conversation) { c.Assignee = "demo-agent1" }), "A person!", "", false, ""},
		{"closed", with(func(c *inbox.Conversation) { c.Status = inbox.Closed }), "A person!", "", false, ""},
		{"a chat of another page", with(func(c *inbox.Conversation) { c.Channel = "web" }), "A person!", "", false, ""},
		{"a chat without an AI agent", with(func(c *inbox.Conversation) { c.OriginAgent = "" }), "A person!", "", false, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			line, ok := demo.Answer(row.in, row.said)
			require.Equal(t, row.says != "", ok)
			require.True(t, strings.HasPrefix(line.Say, row.says), line.Say)
			require.Equal(t, row.hands, line.HandOff)
			require.Equal(t, row.toTeam, line.To.Team)
		})
	}
}

// heard waits for the next event that is wanted.
func heard(t *testing.T, from *feed.Subscription, want func(inbox.Event) bool) {
	t.Helper()
	for item := range from.Items() {
		if want(item.Event) {
			return
		}
	}
	require.NoError(t, from.Err(), "it was never told")
}

// Two bots, as on two servers, answer once; a person who took over is not talked
// over. B:H1, B:H3
func TestBots(t *testing.T) {
	testdb.Record(t, testdb.Embedded)
	s, err := sqlite.Open(t.Context(), sqlite.Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	policy := authz.New(preset)
	require.NoError(t, s.CreateWorkspace(t.Context(), demo.Big(policy.Plans()[len(policy.Plans())-1].Name)))
	directories, hub, quiet := live.NewDirectories(s.Directory), feed.NewHub(), slog.New(slog.DiscardHandler)
	rooms := services.New(services.Config{
		Store: s, Policy: policy, Directories: directories, Pick: func(int) int { return 0 }, Now: time.Now,
		NewID: func() string { return ulid.Make().String() },
	})
	ctx, cancel := context.WithCancel(t.Context())
	var pumping, answering sync.WaitGroup
	defer pumping.Wait()
	defer cancel()
	pump := feed.NewPump(s, hub, quiet, directories)
	pumping.Go(func() { pump.Run(ctx) })
	<-pump.Ready()
	for range 2 {
		answering.Go(func() { demo.NewBot(hub, demo.DeskOf(rooms), quiet).Run(ctx) })
	}
	everyone := 2 * len(demo.Workspaces())
	require.Eventually(t, func() bool { return hub.Subscriptions() == everyone }, time.Minute, time.Millisecond)
	events, err := hub.Subscribe(ctx, "demo")
	require.NoError(t, err)

	agent := inbox.Principal{Workspace: "demo", Actor: workspace.Actor{Kind: workspace.ActorAgent, ID: "demo-ai"}}
	website := inbox.Principal{Workspace: "demo", Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: string(demo.Website("demo").ID)}}
	begun, err := rooms.Intake.StartLivechat(ctx, website, desk.NewConversation{Channel: demo.Channel, Contact: contacts.NewContact{Name: "Vera"}, Agent: demo.Answerer("demo"), Message: "Where is my parcel?"})
	require.NoError(t, err)
	heard(t, events, func(e inbox.Event) bool { return len(e.Messages) > 0 && e.Messages[0].Author == agent.Actor })
	id := begun.Conversation.ID
	visitor := inbox.Principal{Workspace: "demo", Conversation: id, Actor: workspace.Actor{Kind: workspace.ActorContact, ID: string(begun.Conversation.Contact)}}
	_, err = rooms.Messages.Send(ctx, visitor, desk.SendRequest{Conversation: id, Body: "A person please, it is about money"})
	require.NoError(t, err)
	heard(t, events, func(e inbox.Event) bool { return e.Kind == inbox.EventHandedOff })
	manager := inbox.Principal{Workspace: "demo", Actor: workspace.Actor{Kind: workspace.ActorMember, ID: "demo-manager"}}
	taken, err := rooms.Desk.Claim(ctx, manager, desk.Request{Conversation: id})
	require.NoError(t, err)
	require.Equal(t, workspace.TeamID("demo-team-billing"), taken.Event.From.Team)
	_, err = rooms.Messages.Send(ctx, visitor, desk.SendRequest{Conversation: id, Body: "Where is my parcel?"})
	require.NoError(t, err)
	heard(t, events, func(e inbox.Event) bool {
		return len(e.Messages) > 0 && e.Messages[0].Author == visitor.Actor && e.After.Owned()
	})

	hub.Close() // the bots read what they were told, and end
	answering.Wait()
	page, err := s.ListMessages(ctx, desk.MessageQuery{Workspace: "demo", Conversation: id, Page: inbox.PageRequest{Limit: 100}})
	require.NoError(t, err)
	var authors []workspace.ActorKind
	for _, m := range page.Items {
		authors = append(authors, m.Author.Kind)
	}
	require.Equal(t, []workspace.ActorKind{workspace.ActorContact, workspace.ActorAgent, workspace.ActorContact, workspace.ActorAgent, workspace.ActorSystem, workspace.ActorContact}, authors)
}
