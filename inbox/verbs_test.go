package inbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

func turnOf(by workspace.Actor, at time.Time) inbox.Command {
	return inbox.Command{By: by, At: at, Rules: workspace.DefaultRules()}
}

// B:N1, B:H3
func TestCreate(t *testing.T) {
	ticket := inbox.Draft{ID: "new", Workspace: world.Home, Kind: workspace.Ticket, Subject: "S", Channel: "web", Contact: inbox.Contact{ID: "visitor", Name: "Vera"}}
	chat := ticket
	chat.Kind = workspace.Livechat
	chatOfBot, ticketOfBot := chat, ticket
	chatOfBot.OriginAgent, ticketOfBot.OriginAgent = world.Bot, world.Bot
	for name, c := range map[string]struct {
		draft     inbox.Draft
		team      workspace.TeamID
		chosen    workspace.MemberID
		automatic bool
		handler   inbox.Handler
		stopped   bool
		load      []inbox.LoadChange
	}{
		"a ticket with an assignee":     {ticket, "", world.Mate, false, inbox.HandledByPerson, true, []inbox.LoadChange{{Member: world.Mate, Kind: workspace.Ticket, Delta: 1}}},
		"a ticket in a queue":           {ticket, world.Billing, "", false, inbox.HandledByQueue, true, nil},
		"a ticket of an agent's making": {ticketOfBot, world.Billing, "", false, inbox.HandledByQueue, true, nil},
		"a chat that the agent answers": {chatOfBot, "", "", false, inbox.HandledByAI, false, nil},
		"a chat without an agent waits": {chat, "", "", false, inbox.HandledByQueue, true, nil},
		"a chat that the rules gave":    {chat, "", world.Mate, true, inbox.HandledByPerson, true, []inbox.LoadChange{{Member: world.Mate, Kind: workspace.Livechat, Delta: 1}}},
		"a chat of an agent for a mate": {chatOfBot, world.Billing, world.Mate, false, inbox.HandledByPerson, true, []inbox.LoadChange{{Member: world.Mate, Kind: workspace.Livechat, Delta: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			m := inbox.Create(c.draft, c.team, c.chosen, c.automatic, turnOf(world.AsMember(world.Me).Actor, world.Start()))
			after := m.After
			require.Equal(t, 1, after.Version)
			require.Equal(t, 1, after.Epoch)
			require.Equal(t, inbox.Open, after.Status)
			require.Equal(t, c.handler, after.Handler())
			require.Equal(t, c.chosen, after.Assignee)
			require.Equal(t, c.team, after.Team)
			require.Equal(t, c.automatic, after.Automatic)
			require.Equal(t, c.stopped, after.AIStopped)
			require.Equal(t, after.Waiting(), after.WaitingSince.Equal(world.Start()))
			require.Empty(t, after.FormerAssignee)
			require.Equal(t, "Vera", after.ContactName)
			require.Equal(t, world.Start(), after.CreatedAt)
			require.Equal(t, inbox.EventCreated, m.Event.Kind)
			require.Equal(t, inbox.Ownership{Status: inbox.Unset}, m.Event.From)
			require.Equal(t, after.Ownership, m.Event.To)
			require.Equal(t, 1, m.Event.Version)
			require.Equal(t, 1, m.Event.Epoch)
			require.Equal(t, c.load, inbox.LoadChanges(inbox.Conversation{Kind: c.draft.Kind}, after))
		})
	}
}

// B:K5
func TestUndo(t *testing.T) {
	by := world.AsMember(world.Me).Actor
	rules := workspace.DefaultRules()
	teammates := world.States(world.Me)["chat: a teammate's"]
	taken := inbox.TakeOver(teammates, turnOf(by, world.Start()))
	for name, c := range map[string]struct {
		edit  func(c *inbox.Conversation, e *inbox.Event)
		by    workspace.Actor
		after time.Duration
		want  inbox.Code
	}{
		"at once":                {nil, by, 0, ""},
		"at the end":             {nil, by, rules.UndoWindow, ""},
		"too late":               {nil, by, rules.UndoWindow + time.Millisecond, inbox.UndoExpired},
		"by another":             {nil, world.AsMember(world.Mate).Actor, 0, inbox.PermissionDenied},
		"after another step":     {func(c *inbox.Conversation, _ *inbox.Event) { c.Version++ }, by, 0, inbox.Conflict},
		"after a message":        {func(c *inbox.Conversation, _ *inbox.Event) { c.LastActivityAt = world.Start().Add(time.Second) }, by, 0, inbox.Conflict},
		"of a claim":             {func(_ *inbox.Conversation, e *inbox.Event) { e.Kind = inbox.EventClaimed }, by, 0, inbox.InvalidInput},
		"of an undo":             {func(_ *inbox.Conversation, e *inbox.Event) { e.Kind = inbox.EventUndone }, by, 0, inbox.InvalidInput},
		"of a message":           {func(_ *inbox.Conversation, e *inbox.Event) { e.Type = inbox.MessageEvent }, by, 0, inbox.InvalidInput},
		"of a transfer":          {func(_ *inbox.Conversation, e *inbox.Event) { e.Kind = inbox.EventTransferred }, by, 0, ""},
		"of a member's namesake": {nil, workspace.Actor{Kind: workspace.ActorAgent, ID: by.ID}, 0, inbox.PermissionDenied},
	} {
		t.Run(name, func(t *testing.T) {
			conversation, event := taken.After, taken.Event
			if c.edit != nil {
				c.edit(&conversation, &event)
			}
			err := access.Undoable(conversation, event, c.by, world.Start().Add(c.after), rules)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if c.want == inbox.Conflict {
				var conflict *inbox.Error
				require.ErrorAs(t, err, &conflict)
				require.Equal(t, conversation, *conflict.Current)
				require.Equal(t, by, conflict.By)
				require.Equal(t, world.Start(), conflict.At)
			}
		})
	}
	undone := inbox.Undo(taken.After, taken.Event, turnOf(by, world.Start().Add(time.Second)))
	restored := teammates.Ownership
	restored.OwnedSince = world.Start().Add(time.Second) // the whole time of rule reclaimAfter is there again
	require.Equal(t, restored, undone.After.Ownership)
	require.Equal(t, inbox.EventUndone, undone.Event.Kind)
	require.Equal(t, taken.After.Version+1, undone.After.Version)
	require.Equal(t, taken.After.Epoch+1, undone.After.Epoch)
	require.Equal(t, taken.Event.To, undone.Event.From)
	require.Equal(t, inbox.InvalidInput, inbox.CodeOf(access.Undoable(undone.After, undone.Event, by, world.Start(), rules)))
}

// A message moves nothing but the activity: a claim that was begun before it
// stays good. B:S2
func TestSendKeepsTheVersion(t *testing.T) {
	c := world.States(world.Me)["chat: mine"]
	m := inbox.Send(c, inbox.Message{Author: world.AsMember(world.Me).Actor, Body: "Hi"}, turnOf(world.AsMember(world.Me).Actor, world.Start()))
	want := c
	want.LastActivityAt = world.Start()
	require.Equal(t, want, m.After)
	require.Equal(t, inbox.MessageEvent, m.Event.Type)
	require.Equal(t, c.Version, m.Event.Version)
	require.Equal(t, c.Epoch, m.Event.Epoch)
	require.Equal(t, m.Event.From, m.Event.To)
	require.Len(t, m.Event.Messages, 1)
}

// An agent never handles a ticket, not even one that it made. Section 1.
func TestNoAgentHandlesATicket(t *testing.T) {
	ticket := world.NewConversation(workspace.Ticket)
	require.Equal(t, inbox.HandledByQueue, ticket.Handler())
	chat := world.NewConversation(workspace.Livechat)
	require.Equal(t, inbox.HandledByAI, chat.Handler())
	chat.OriginAgent = ""
	require.Equal(t, inbox.HandledByQueue, chat.Handler())
}

// Nobody new is awaited once a conversation was closed. B:L2
func TestCloseForgetsThatTheOwnerLeft(t *testing.T) {
	before := world.States(world.Me)["chat: left by a teammate"]
	for _, rule := range []workspace.OnCloseChat{workspace.ReturnToOriginAI, workspace.KeepAssignee, workspace.UnassignWhenClose} {
		turn := turnOf(world.AsMember(world.Manager).Actor, world.Start())
		turn.Rules.OnCloseChat = rule
		require.False(t, inbox.Close(before, turn).After.Left, rule)
	}
	moved := inbox.AssignToTeam(before, world.Billing, "", turnOf(world.AsMember(world.Manager).Actor, world.Start()))
	require.True(t, moved.After.Left, "a queue is not a new owner")
}

// Whether a person or the rules chose the owner. Section 3.
func TestAutomatic(t *testing.T) {
	chat, mine := world.NewConversation(workspace.Livechat), world.States(world.Me)["chat: mine"]
	turn := turnOf(world.AsMember(world.Me).Actor, world.Start())
	byRules := inbox.AutoAssign(chat, world.Mate, world.Start(), turn.Rules).After
	for name, c := range map[string]struct {
		after inbox.Conversation
		want  bool
	}{
		"by the queue":       {byRules, true},
		"to a team":          {inbox.AssignToTeam(chat, world.Billing, world.Mate, turn).After, true},
		"transfer to a team": {inbox.TransferToTeam(mine, world.Billing, world.Mate, turn).After, true},
		"hand-off to anyone": {inbox.HandOff(chat, "", world.Mate, true, turn).After, true},
		"hand-off by name":   {inbox.HandOff(chat, "", world.Mate, false, turn).After, false},
		"assign":             {inbox.Assign(byRules, world.Senior, turn).After, false},
		"take over":          {inbox.TakeOver(byRules, turn).After, false},
		"unassign":           {inbox.Unassign(byRules, turn).After, false},
		"to the queue":       {inbox.AssignToTeam(byRules, world.Billing, "", turn).After, false},
		"close":              {inbox.Close(byRules, turn).After, false},
	} {
		require.Equal(t, c.want, c.after.Automatic, name)
	}
}
