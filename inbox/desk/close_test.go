package desk_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// Who else than people may close, and what. B:C1, B:C2
func TestWhoMayClose(t *testing.T) {
	reporting := inbox.Principal{Workspace: world.Home, Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: "reporting"}}
	for name, c := range map[string]struct {
		state string
		by    inbox.Principal
		rules func(*workspace.Rules)
		want  inbox.Code
	}{
		"the AI agent, its own":              {"chat: AI answers", world.AsAgent(world.Bot), nil, ""},
		"the AI agent, while it waits":       {"chat: queued of no team", world.AsAgent(world.Bot), nil, ""},
		"the AI agent, paused":               {"chat: queued of no team", world.AsAgent(world.Bot), func(r *workspace.Rules) { r.AIWhilePending = workspace.AIPausesPending }, inbox.NotAssignee},
		"the AI agent, a person's":           {"chat: mine", world.AsAgent(world.Bot), nil, inbox.NotAssignee},
		"the AI agent, a person's, going on": {"chat: mine", world.AsAgent(world.Bot), func(r *workspace.Rules) { r.CloseActor = workspace.CloseByAnyone }, inbox.NotAssignee},
		"the AI agent, a ticket":             {"ticket: queued in my team", world.AsAgent(world.Bot), nil, inbox.PermissionDenied},
		"another AI agent":                   {"chat: AI answers", world.AsAgent(world.OtherBot), nil, inbox.PermissionDenied},
		"a key, what it feeds":               {"chat: mine", world.AsPartner(), nil, ""},
		"a key, a ticket":                    {"ticket: a stranger's", world.AsPartner(), nil, ""},
		"a key that neither feeds nor sees":  {"chat: mine", reporting, nil, inbox.PermissionDenied},
		"the contact":                        {"chat: mine", world.AsContact("c"), nil, ""},
		"the contact of a ticket":            {"ticket: mine", world.AsContact("c"), nil, ""},
		"the contact, by the rule":           {"chat: mine", world.AsContact("c"), func(r *workspace.Rules) { r.ContactMayClose = false }, inbox.PermissionDenied},
		"another contact":                    {"chat: mine", world.AsContact("another"), nil, inbox.NotFound},
		"the contact, closed":                {"chat: closed and back with the AI", world.AsContact("c"), nil, inbox.ConversationClosed},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.World.Roster.Keys["reporting"] = workspace.APIKey{ID: "reporting", Workspace: world.Home, Role: workspace.RolePartner, Rev: 1, Permissions: []workspace.Permission{{Kind: workspace.Livechat, Action: workspace.PermClose, Scope: workspace.ScopeAll}}}
			if c.rules != nil {
				d.Rules(c.rules)
			}
			out, err := d.Desk.Close(t.Context(), c.by, d.Begin(t, c.state), desk.Closing{Reason: "Solved"})
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err == nil {
				require.Equal(t, inbox.Closed, out.Conversation.Status)
				require.Equal(t, "Solved", out.Event.Reason)
				require.Equal(t, c.by.Actor, out.Event.Actor)
			}
		})
	}
}

// A note and a reason travel with a closing; the note is an internal message of the
// same transaction. B:C1
func TestClosingWithANote(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: mine")
	r.Key = "once"
	with := desk.Closing{Reason: "SPAM", Note: "Wrote this five times"}
	out, err := d.Desk.Close(t.Context(), world.AsMember(world.Me), r, with)
	require.NoError(t, err)
	require.Equal(t, "SPAM", out.Event.Reason)
	require.Equal(t, with.Note, out.Event.Note)
	require.Len(t, out.Event.Messages, 1)
	note := out.Event.Messages[0]
	require.True(t, note.Internal)
	require.Equal(t, world.AsMember(world.Me).Actor, note.Author)
	require.Nil(t, out.Conversation.LastMessage, "the contact never sees it")
	again, err := d.Desk.Close(t.Context(), world.AsMember(world.Me), r, with)
	require.NoError(t, err)
	require.Equal(t, out, again)
	require.Len(t, d.Recorded(), 1)
	_, err = d.Desk.SetStatus(t.Context(), world.AsMember(world.Me), r, inbox.Closed)
	require.Equal(t, []string{"idempotencyKey"}, world.Refused(t, err, inbox.InvalidInput).Field)

	for name, c := range map[string]struct {
		by   inbox.Principal
		with desk.Closing
		want inbox.Code
	}{
		"a contact's note":         {world.AsContact("c"), desk.Closing{Note: "psst"}, inbox.InvalidInput},
		"a contact's reason":       {world.AsContact("c"), desk.Closing{Reason: "Thanks"}, ""},
		"a key's note":             {world.AsPartner(), desk.Closing{Note: "by the website"}, ""},
		"a long note":              {world.AsMember(world.Me), desk.Closing{Note: world.Long(inbox.MaxNote + 1)}, inbox.InvalidInput},
		"a long reason":            {world.AsMember(world.Me), desk.Closing{Reason: world.Long(inbox.MaxNote + 1)}, inbox.InvalidInput},
		"a note that looks empty":  {world.AsMember(world.Me), desk.Closing{Note: " \u200b"}, ""},
		"a note without the right": {world.AsMember(world.Senior), desk.Closing{Note: "FYI"}, inbox.PermissionDenied},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Rules(func(r *workspace.Rules) { r.CloseActor = workspace.CloseByAnyone })
			closer := workspace.CustomRole{Name: "closer", Permissions: []workspace.Permission{{Kind: workspace.Livechat, Action: workspace.PermClose, Scope: workspace.ScopeAll}, {Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeAll}}}
			d.World.Roster.Workspace.CustomRoles = []workspace.CustomRole{closer}
			d.Member(world.Senior, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"closer"} })
			_, err := d.Desk.Close(t.Context(), c.by, d.Begin(t, "chat: mine"), c.with)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
		})
	}
}

// What a contact closes is charged as a message is. B:S2
func TestAContactsClosingIsCharged(t *testing.T) {
	spent := &purse{}
	d := world.New(t, func(c *services.Config) { c.MessageQuota = spent })
	r := d.Begin(t, "chat: mine")
	for range 3 {
		_, err := d.Desk.Close(t.Context(), world.AsContact("c"), r, desk.Closing{Reason: "Done"})
		require.NoError(t, err)
		_, err = d.Desk.SetStatus(t.Context(), world.AsContact("c"), r, inbox.Open)
		require.NoError(t, err)
	}
	require.Len(t, spent.words, 6)
	require.Equal(t, 4, spent.words[0].Bytes)
}

// purse notes what is spent, and has no end.
type purse struct{ words []desk.MessageUsage }

func (p *purse) Spend(w desk.MessageUsage) error { p.words = append(p.words, w); return nil }

// B:C7, B:O8
func TestReturnToAgent(t *testing.T) {
	gone := func(d *world.Inbox) {
		a := d.World.Roster.Agents[world.Bot]
		a.Removed = true
		d.World.Roster.Agents[world.Bot] = a
	}
	unassign := func(rule workspace.UnassignRule) func(*world.Inbox) {
		return func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.Unassign = rule }) }
	}
	for name, c := range map[string]struct {
		state string
		by    inbox.Principal
		setUp func(*world.Inbox)
		want  inbox.Code
	}{
		"the assignee":                      {"chat: mine", world.AsMember(world.Me), nil, ""},
		"the assignee, under any rule":      {"chat: mine", world.AsMember(world.Me), unassign(workspace.UnassignByManager), ""},
		"who may assign, from the queue":    {"chat: queued in my team", world.AsMember(world.Me), nil, ""},
		"who may assign, what was left":     {"chat: left by a teammate", world.AsMember(world.Me), nil, ""},
		"a manager, another's":              {"chat: a teammate's", world.AsMember(world.Manager), nil, ""},
		"a teammate, another's":             {"chat: a teammate's", world.AsMember(world.Me), nil, inbox.NotAssignee},
		"a teammate, another's, by rule":    {"chat: a teammate's", world.AsMember(world.Me), unassign(workspace.UnassignByAnyone), ""},
		"out of reach":                      {"chat: a stranger's", world.AsMember(world.Me), nil, inbox.PermissionDenied},
		"an observer":                       {"chat: queued in my team", world.AsMember(world.Observer), nil, inbox.PermissionDenied},
		"the AI agent itself":               {"chat: queued in my team", world.AsAgent(world.Bot), nil, inbox.PermissionDenied},
		"the contact":                       {"chat: mine", world.AsContact("c"), nil, inbox.PermissionDenied},
		"what the AI agent answers":         {"chat: AI answers", world.AsMember(world.Me), nil, inbox.InvalidInput},
		"what is closed":                    {"chat: closed and a teammate's", world.AsMember(world.Manager), nil, inbox.ConversationClosed},
		"a ticket":                          {"ticket: mine", world.AsMember(world.Me), nil, inbox.InvalidInput},
		"a chat whose AI agent was removed": {"chat: mine", world.AsMember(world.Me), gone, inbox.InvalidInput},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			if c.setUp != nil {
				c.setUp(d)
			}
			r := d.Begin(t, c.state)
			before, loads := d.Stored(t, "c"), d.Counts[world.Me]
			out, err := d.Desk.ReturnToAgent(t.Context(), c.by, r, "Asks about a parcel again")
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Empty(t, d.Recorded())
				return
			}
			after := d.Stored(t, "c")
			require.Equal(t, inbox.EventReturnedToAI, out.Event.Kind)
			require.Equal(t, "Asks about a parcel again", out.Event.Note)
			require.Equal(t, inbox.HandledByAI, after.Handler())
			require.Equal(t, before.Epoch+1, after.Epoch)
			if before.Assignee == world.Me {
				require.Equal(t, loads.Open()-1, d.Counts[world.Me].Open(), "the slot is free")
			}
			_, err = d.Messages.Send(t.Context(), world.AsAgent(world.Bot), sayAt("Late", before.Epoch))
			world.Refused(t, err, inbox.StaleEpoch)
			_, err = d.Messages.Send(t.Context(), world.AsContact("c"), say("Where is it?"))
			require.NoError(t, err)
			_, err = d.Messages.Send(t.Context(), world.AsAgent(world.Bot), sayAt("On its way", after.Epoch))
			require.NoError(t, err, "the AI agent answers")
		})
	}
}

// A later hand-off prefers the former owner, who is there and has room. B:C4
func TestAHandoffPrefersTheFormerOwner(t *testing.T) {
	mine := world.Formerly(world.NewConversation(workspace.Livechat), world.Me)
	left := mine
	left.Left = true
	for name, c := range map[string]struct {
		chat  inbox.Conversation
		to    desk.HandoffTarget
		setUp func(*world.Inbox)
		want  workspace.MemberID
	}{
		"to anyone":            {mine, desk.HandoffTarget{}, nil, world.Me},
		"to a team of theirs":  {mine, desk.HandoffTarget{Team: world.Billing}, nil, world.Me},
		"to another team":      {mine, desk.HandoffTarget{Team: world.Sales}, func(d *world.Inbox) { d.Alone(world.Me, world.Stranger) }, world.Stranger},
		"to somebody by name":  {mine, desk.HandoffTarget{Member: world.Mate}, nil, world.Mate},
		"who is away":          {mine, desk.HandoffTarget{}, func(d *world.Inbox) { d.Alone(world.Mate) }, world.Mate},
		"who is at the cap":    {mine, desk.HandoffTarget{}, func(d *world.Inbox) { d.Busy(world.Me, 10) }, world.Mate},
		"full at the commit":   {mine, desk.HandoffTarget{}, func(d *world.Inbox) { d.Meanwhile = func() { d.Busy(world.Me, 10) } }, world.Mate},
		"who left it":          {left, desk.HandoffTarget{}, nil, world.Mate},
		"the rule is off":      {mine, desk.HandoffTarget{}, func(d *world.Inbox) { d.Rules(func(r *workspace.Rules) { r.StickyOwner = false }) }, world.Mate},
		"nobody had it before": {world.NewConversation(workspace.Livechat), desk.HandoffTarget{}, nil, world.Mate},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Alone(world.Me, world.Mate)
			d.Busy(world.Me, 3)
			if c.setUp != nil {
				c.setUp(d)
			}
			d.Put(c.chat)
			out, err := d.Desk.RequestHandoff(t.Context(), world.AsAgent(world.Bot), desk.Request{Conversation: "c"}, c.to)
			require.NoError(t, err)
			require.Equal(t, c.want, out.Conversation.Assignee)
		})
	}
}

// B:C6
func TestCloseIdle(t *testing.T) {
	since := world.Start().Add(-time.Hour)
	idle := func(c inbox.Conversation) inbox.Conversation { c.LastActivityAt = since; return c }
	at := world.States(world.Me)
	for name, c := range map[string]struct {
		c    inbox.Conversation
		rule time.Duration
		want bool
	}{
		"the AI agent's":      {idle(at["chat: AI answers"]), time.Hour, true},
		"in a queue":          {idle(at["chat: queued in my team"]), time.Hour, true},
		"a person's":          {idle(at["chat: a stranger's"]), time.Hour, true},
		"a ticket":            {idle(at["ticket: mine"]), time.Hour, false},
		"not for long enough": {idle(at["chat: mine"]), time.Hour + time.Second, false},
		"closed":              {idle(at["chat: closed and a teammate's"]), time.Hour, false},
		"the rule is off":     {idle(at["chat: mine"]), 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Rules(func(r *workspace.Rules) { r.CloseIdleAfter = c.rule })
			d.Put(c.c)
			require.NoError(t, d.Queues.CloseIdle(t.Context()))
			require.NoError(t, d.Queues.CloseIdle(t.Context()), "once")
			if !c.want {
				require.Empty(t, d.Recorded())
				return
			}
			require.Len(t, d.Recorded(), 1)
			e := d.Recorded()[0]
			require.Equal(t, inbox.EventClosed, e.Kind)
			require.Equal(t, workspace.System(), e.Actor)
			require.Equal(t, inbox.ReasonIdle, e.Reason)
			require.Equal(t, inbox.Closed, d.Stored(t, "c").Status)
			if c.c.Owned() {
				require.Equal(t, inbox.NotifyClosed, inbox.NotificationsOf(e)[0].Kind, "the owner is notified")
			}
		})
	}
}

// A message that comes while the system closes keeps the chat open, and two servers
// close each chat once. B:C6
func TestCloseIdleMeetsOthers(t *testing.T) {
	idle := func(d *world.Inbox, id inbox.ConversationID) {
		c := world.NewConversation(workspace.Livechat)
		c.ID, c.LastActivityAt = id, world.Start().Add(-2*time.Hour)
		d.Put(c)
	}
	d := world.New(t)
	d.Rules(func(r *workspace.Rules) { r.CloseIdleAfter = time.Hour })
	idle(d, "c")
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Messages.Send(ctx, world.AsContact("c"), say("Still here"))
		return err
	})
	require.NoError(t, d.Queues.CloseIdle(t.Context()))
	require.Equal(t, inbox.Open, d.Stored(t, "c").Status)

	d = world.New(t)
	d.Rules(func(r *workspace.Rules) { r.CloseIdleAfter = time.Hour })
	for _, id := range []inbox.ConversationID{"a", "b", "c"} {
		idle(d, id)
	}
	d.MeanwhileDo(t, d.Serve(d.Memory).Queues.CloseIdle)
	require.NoError(t, d.Queues.CloseIdle(t.Context()))
	require.Len(t, d.Recorded(), 3)
}
