package inbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// Who else than people may close, and what. B:C1, B:C2
func TestWhoMayClose(t *testing.T) {
	reporting := inbox.Principal{Workspace: home, Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: "reporting"}}
	for name, c := range map[string]struct {
		state string
		by    inbox.Principal
		rules func(*workspace.Rules)
		want  inbox.Code
	}{
		"the AI agent, its own":              {"chat: AI answers", asAgent(bot), nil, ""},
		"the AI agent, while it waits":       {"chat: queued of no team", asAgent(bot), nil, ""},
		"the AI agent, paused":               {"chat: queued of no team", asAgent(bot), func(r *workspace.Rules) { r.AIWhilePending = workspace.AIPausesPending }, inbox.NotAssignee},
		"the AI agent, a person's":           {"chat: mine", asAgent(bot), nil, inbox.NotAssignee},
		"the AI agent, a person's, going on": {"chat: mine", asAgent(bot), func(r *workspace.Rules) { r.CloseActor = workspace.CloseByAnyone }, inbox.NotAssignee},
		"the AI agent, a ticket":             {"ticket: queued in my team", asAgent(bot), nil, inbox.PermissionDenied},
		"another AI agent":                   {"chat: AI answers", asAgent(otherBot), nil, inbox.PermissionDenied},
		"a key, what it feeds":               {"chat: mine", asPartner(), nil, ""},
		"a key, a ticket":                    {"ticket: a stranger's", asPartner(), nil, ""},
		"a key that neither feeds nor sees":  {"chat: mine", reporting, nil, inbox.PermissionDenied},
		"the contact":                        {"chat: mine", asContact("c"), nil, ""},
		"the contact of a ticket":            {"ticket: mine", asContact("c"), nil, ""},
		"the contact, by the rule":           {"chat: mine", asContact("c"), func(r *workspace.Rules) { r.ContactMayClose = false }, inbox.PermissionDenied},
		"another contact":                    {"chat: mine", asContact("another"), nil, inbox.NotFound},
		"the contact, closed":                {"chat: closed and back with the AI", asContact("c"), nil, inbox.ConversationClosed},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.world.directory.Keys["reporting"] = workspace.APIKey{ID: "reporting", Workspace: home, Role: workspace.RolePartner, Rev: 1, Permissions: []workspace.Permission{{Kind: workspace.Livechat, Action: workspace.PermClose, Scope: workspace.ScopeAll}}}
			if c.rules != nil {
				d.rules(c.rules)
			}
			out, err := d.Desk.Close(t.Context(), c.by, d.begin(t, c.state), desk.Closing{Reason: "Solved"})
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
	d := newDesk(t)
	r := d.begin(t, "chat: mine")
	r.Key = "once"
	with := desk.Closing{Reason: "SPAM", Note: "Wrote this five times"}
	out, err := d.Desk.Close(t.Context(), asMember(me), r, with)
	require.NoError(t, err)
	require.Equal(t, "SPAM", out.Event.Reason)
	require.Equal(t, with.Note, out.Event.Note)
	require.Len(t, out.Event.Messages, 1)
	note := out.Event.Messages[0]
	require.True(t, note.Internal)
	require.Equal(t, asMember(me).Actor, note.Author)
	require.Nil(t, out.Conversation.LastMessage, "the contact never sees it")
	again, err := d.Desk.Close(t.Context(), asMember(me), r, with)
	require.NoError(t, err)
	require.Equal(t, out, again)
	require.Len(t, d.recorded(), 1)
	_, err = d.Desk.SetStatus(t.Context(), asMember(me), r, inbox.Closed)
	require.Equal(t, []string{"idempotencyKey"}, refused(t, err, inbox.InvalidInput).Field)

	for name, c := range map[string]struct {
		by   inbox.Principal
		with desk.Closing
		want inbox.Code
	}{
		"a contact's note":         {asContact("c"), desk.Closing{Note: "psst"}, inbox.InvalidInput},
		"a contact's reason":       {asContact("c"), desk.Closing{Reason: "Thanks"}, ""},
		"a key's note":             {asPartner(), desk.Closing{Note: "by the website"}, ""},
		"a long note":              {asMember(me), desk.Closing{Note: long(inbox.MaxNote + 1)}, inbox.InvalidInput},
		"a long reason":            {asMember(me), desk.Closing{Reason: long(inbox.MaxNote + 1)}, inbox.InvalidInput},
		"a note that looks empty":  {asMember(me), desk.Closing{Note: " \u200b"}, ""},
		"a note without the right": {asMember(senior), desk.Closing{Note: "FYI"}, inbox.PermissionDenied},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.rules(func(r *workspace.Rules) { r.CloseActor = workspace.CloseByAnyone })
			closer := workspace.CustomRole{Name: "closer", Permissions: []workspace.Permission{{Kind: workspace.Livechat, Action: workspace.PermClose, Scope: workspace.ScopeAll}, {Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeAll}}}
			d.world.directory.Workspace.CustomRoles = []workspace.CustomRole{closer}
			d.member(senior, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"closer"} })
			_, err := d.Desk.Close(t.Context(), c.by, d.begin(t, "chat: mine"), c.with)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
		})
	}
}

// What a contact closes is charged as a message is. B:S2
func TestAContactsClosingIsCharged(t *testing.T) {
	spent := &purse{}
	d := newDesk(t, func(c *services.Config) { c.MessageQuota = spent })
	r := d.begin(t, "chat: mine")
	for range 3 {
		_, err := d.Desk.Close(t.Context(), asContact("c"), r, desk.Closing{Reason: "Done"})
		require.NoError(t, err)
		_, err = d.Desk.SetStatus(t.Context(), asContact("c"), r, inbox.Open)
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
	gone := func(d *deskWorld) {
		a := d.world.directory.Agents[bot]
		a.Removed = true
		d.world.directory.Agents[bot] = a
	}
	unassign := func(rule workspace.UnassignRule) func(*deskWorld) {
		return func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.Unassign = rule }) }
	}
	for name, c := range map[string]struct {
		state string
		by    inbox.Principal
		setUp func(*deskWorld)
		want  inbox.Code
	}{
		"the assignee":                      {"chat: mine", asMember(me), nil, ""},
		"the assignee, under any rule":      {"chat: mine", asMember(me), unassign(workspace.UnassignByManager), ""},
		"who may assign, from the queue":    {"chat: queued in my team", asMember(me), nil, ""},
		"who may assign, what was left":     {"chat: left by a teammate", asMember(me), nil, ""},
		"a manager, another's":              {"chat: a teammate's", asMember(manager), nil, ""},
		"a teammate, another's":             {"chat: a teammate's", asMember(me), nil, inbox.NotAssignee},
		"a teammate, another's, by rule":    {"chat: a teammate's", asMember(me), unassign(workspace.UnassignByAnyone), ""},
		"out of reach":                      {"chat: a stranger's", asMember(me), nil, inbox.PermissionDenied},
		"an observer":                       {"chat: queued in my team", asMember(observer), nil, inbox.PermissionDenied},
		"the AI agent itself":               {"chat: queued in my team", asAgent(bot), nil, inbox.PermissionDenied},
		"the contact":                       {"chat: mine", asContact("c"), nil, inbox.PermissionDenied},
		"what the AI agent answers":         {"chat: AI answers", asMember(me), nil, inbox.InvalidInput},
		"what is closed":                    {"chat: closed and a teammate's", asMember(manager), nil, inbox.ConversationClosed},
		"a ticket":                          {"ticket: mine", asMember(me), nil, inbox.InvalidInput},
		"a chat whose AI agent was removed": {"chat: mine", asMember(me), gone, inbox.InvalidInput},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if c.setUp != nil {
				c.setUp(d)
			}
			r := d.begin(t, c.state)
			before, loads := d.stored(t, "c"), d.loads[me]
			out, err := d.Desk.ReturnToAgent(t.Context(), c.by, r, "Asks about a parcel again")
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Empty(t, d.recorded())
				return
			}
			after := d.stored(t, "c")
			require.Equal(t, inbox.EventReturnedToAI, out.Event.Kind)
			require.Equal(t, "Asks about a parcel again", out.Event.Note)
			require.Equal(t, inbox.HandledByAI, after.Handler())
			require.Equal(t, before.Epoch+1, after.Epoch)
			if before.Assignee == me {
				require.Equal(t, loads.Open()-1, d.loads[me].Open(), "the slot is free")
			}
			_, err = d.Messages.Send(t.Context(), asAgent(bot), sayAt("Late", before.Epoch))
			refused(t, err, inbox.StaleEpoch)
			_, err = d.Messages.Send(t.Context(), asContact("c"), say("Where is it?"))
			require.NoError(t, err)
			_, err = d.Messages.Send(t.Context(), asAgent(bot), sayAt("On its way", after.Epoch))
			require.NoError(t, err, "the AI agent answers")
		})
	}
}

// A later hand-off prefers the former owner, who is there and has room. B:C4
func TestAHandoffPrefersTheFormerOwner(t *testing.T) {
	mine := formerly(newConversation(workspace.Livechat), me)
	left := mine
	left.Left = true
	for name, c := range map[string]struct {
		chat  inbox.Conversation
		to    desk.HandoffTarget
		setUp func(*deskWorld)
		want  workspace.MemberID
	}{
		"to anyone":            {mine, desk.HandoffTarget{}, nil, me},
		"to a team of theirs":  {mine, desk.HandoffTarget{Team: billing}, nil, me},
		"to another team":      {mine, desk.HandoffTarget{Team: sales}, func(d *deskWorld) { d.alone(me, stranger) }, stranger},
		"to somebody by name":  {mine, desk.HandoffTarget{Member: mate}, nil, mate},
		"who is away":          {mine, desk.HandoffTarget{}, func(d *deskWorld) { d.alone(mate) }, mate},
		"who is at the cap":    {mine, desk.HandoffTarget{}, func(d *deskWorld) { d.busy(me, 10) }, mate},
		"full at the commit":   {mine, desk.HandoffTarget{}, func(d *deskWorld) { d.meanwhile = func() { d.busy(me, 10) } }, mate},
		"who left it":          {left, desk.HandoffTarget{}, nil, mate},
		"the rule is off":      {mine, desk.HandoffTarget{}, func(d *deskWorld) { d.rules(func(r *workspace.Rules) { r.StickyOwner = false }) }, mate},
		"nobody had it before": {newConversation(workspace.Livechat), desk.HandoffTarget{}, nil, mate},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.alone(me, mate)
			d.busy(me, 3)
			if c.setUp != nil {
				c.setUp(d)
			}
			d.put(c.chat)
			out, err := d.Desk.RequestHandoff(t.Context(), asAgent(bot), desk.Request{Conversation: "c"}, c.to)
			require.NoError(t, err)
			require.Equal(t, c.want, out.Conversation.Assignee)
		})
	}
}

// B:C6
func TestCloseIdle(t *testing.T) {
	since := start().Add(-time.Hour)
	idle := func(c inbox.Conversation) inbox.Conversation { c.LastActivityAt = since; return c }
	at := states(me)
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
			d := newDesk(t)
			d.rules(func(r *workspace.Rules) { r.CloseIdleAfter = c.rule })
			d.put(c.c)
			require.NoError(t, d.Queues.CloseIdle(t.Context()))
			require.NoError(t, d.Queues.CloseIdle(t.Context()), "once")
			if !c.want {
				require.Empty(t, d.recorded())
				return
			}
			require.Len(t, d.recorded(), 1)
			e := d.recorded()[0]
			require.Equal(t, inbox.EventClosed, e.Kind)
			require.Equal(t, workspace.System(), e.Actor)
			require.Equal(t, inbox.ReasonIdle, e.Reason)
			require.Equal(t, inbox.Closed, d.stored(t, "c").Status)
			if c.c.Owned() {
				require.Equal(t, inbox.NotifyClosed, inbox.NotificationsOf(e)[0].Kind, "the owner is notified")
			}
		})
	}
}

// A message that comes while the system closes keeps the chat open, and two servers
// close each chat once. B:C6
func TestCloseIdleMeetsOthers(t *testing.T) {
	idle := func(d *deskWorld, id inbox.ConversationID) {
		c := newConversation(workspace.Livechat)
		c.ID, c.LastActivityAt = id, start().Add(-2*time.Hour)
		d.put(c)
	}
	d := newDesk(t)
	d.rules(func(r *workspace.Rules) { r.CloseIdleAfter = time.Hour })
	idle(d, "c")
	d.meanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Messages.Send(ctx, asContact("c"), say("Still here"))
		return err
	})
	require.NoError(t, d.Queues.CloseIdle(t.Context()))
	require.Equal(t, inbox.Open, d.stored(t, "c").Status)

	d = newDesk(t)
	d.rules(func(r *workspace.Rules) { r.CloseIdleAfter = time.Hour })
	for _, id := range []inbox.ConversationID{"a", "b", "c"} {
		idle(d, id)
	}
	d.meanwhileDo(t, d.serve(d.memory).Queues.CloseIdle)
	require.NoError(t, d.Queues.CloseIdle(t.Context()))
	require.Len(t, d.recorded(), 3)
}
