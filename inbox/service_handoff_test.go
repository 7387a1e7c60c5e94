package inbox_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// B:H1, B:Q7
func TestHandOff(t *testing.T) {
	for name, c := range map[string]struct {
		state    string
		by       inbox.Principal
		to       desk.HandoffTarget
		setUp    func(d *deskWorld)
		want     inbox.Code
		reason   inbox.TargetReason
		assignee workspace.MemberID
		team     workspace.TeamID
		warnings []inbox.Warning
	}{
		"to a member":                    {to: desk.HandoffTarget{Member: mate, RequireOnline: true}, assignee: mate},
		"to a member at the cap":         {to: desk.HandoffTarget{Member: mate, RequireOnline: true}, setUp: func(d *deskWorld) { d.busy(mate, 99) }, assignee: mate},
		"to a member who is away":        {to: desk.HandoffTarget{Member: mate, RequireOnline: true}, setUp: away, want: inbox.TargetNotPermitted, reason: inbox.TargetAway},
		"to a member who is offline":     {to: desk.HandoffTarget{Member: mate, RequireOnline: true}, setUp: func(d *deskWorld) { d.alone(me) }, want: inbox.TargetNotPermitted, reason: inbox.TargetOffline},
		"to a member, away or not":       {to: desk.HandoffTarget{Member: mate}, setUp: away, assignee: mate, warnings: []inbox.Warning{inbox.WarnTargetAway}},
		"to no live agent":               {to: desk.HandoffTarget{Member: observer, RequireOnline: true}, want: inbox.TargetNotPermitted, reason: inbox.TargetNotLiveAgent},
		"to nobody of ours":              {to: desk.HandoffTarget{Member: "foreign", RequireOnline: true}, want: inbox.TargetNotPermitted, reason: inbox.TargetNotMember},
		"to a team":                      {to: desk.HandoffTarget{Team: sales, RequireOnline: true}, assignee: stranger, team: sales},
		"to a team of nobody":            {to: desk.HandoffTarget{Team: sales, RequireOnline: true}, setUp: func(d *deskWorld) { d.alone(me) }, team: sales, warnings: []inbox.Warning{inbox.WarnTeamAbsent}},
		"to a team that claims":          {to: desk.HandoffTarget{Team: billing, RequireOnline: true}, setUp: func(d *deskWorld) { d.team(func(t *workspace.Team) { t.Method = workspace.Voluntary }) }, team: billing},
		"to no team of ours":             {to: desk.HandoffTarget{Team: "foreign", RequireOnline: true}, want: inbox.TargetNotPermitted, reason: inbox.TargetNoTeam},
		"to anyone":                      {to: desk.HandoffTarget{RequireOnline: true}, setUp: func(d *deskWorld) { d.alone(stranger) }, assignee: stranger},
		"to anyone, and nobody is there": {to: desk.HandoffTarget{RequireOnline: true}, setUp: func(d *deskWorld) { d.alone(observer) }},
		"by another agent":               {by: asAgent(otherBot), want: inbox.PermissionDenied},
		"by a member":                    {by: asMember(owner), want: inbox.PermissionDenied},
		"of what waits already":          {state: "chat: queued of no team", want: inbox.NotAssignee},
		"of what a person owns":          {state: "chat: mine", want: inbox.AlreadyAssigned},
		"of a ticket":                    {state: "ticket: queued in my team", want: inbox.NotAssignee},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if c.state == "" {
				c.state = "chat: AI answers"
			}
			if c.by.Workspace == "" {
				c.by = asAgent(bot)
			}
			if c.setUp != nil {
				c.setUp(d)
			}
			out, err := d.Desk.RequestHandoff(t.Context(), c.by, d.begin(t, c.state), c.to)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Equal(t, c.reason, refused(t, err, c.want).Target)
				require.Zero(t, d.commits)
				return
			}
			require.Equal(t, c.assignee, out.Conversation.Assignee)
			require.Equal(t, c.team, out.Conversation.Team)
			require.Equal(t, c.warnings, out.Warnings)
			require.Equal(t, c.assignee == "", out.Conversation.Waiting())
			require.Equal(t, inbox.EventHandedOff, out.Event.Kind)
		})
	}
}

func away(d *deskWorld) {
	d.member(mate, func(m *workspace.Member) { m.Availability = workspace.Away })
}

// Under any number of hand-offs at once nobody exceeds the cap, and what is
// over waits. B:Q6, B:Q7
func TestHandOffsAtOnceKeepTheCap(t *testing.T) {
	const chats, limit = 24, 3
	for _, method := range []workspace.Method{workspace.Balanced, workspace.Random, workspace.RoundRobin} {
		d := newDesk(t)
		d.alone(me, mate, senior)
		d.rules(func(r *workspace.Rules) { r.Method, r.MaxAutoAssigned = method, limit })
		for i := range chats {
			c := newConversation(workspace.Livechat)
			c.ID = inbox.ConversationID(fmt.Sprint("chat", i))
			d.put(c)
		}
		errs := make([]error, chats)
		var all sync.WaitGroup
		for i := range chats {
			all.Go(func() {
				r := desk.Request{Conversation: inbox.ConversationID(fmt.Sprint("chat", i))}
				_, errs[i] = d.Desk.RequestHandoff(context.Background(), asAgent(bot), r, desk.HandoffTarget{Team: billing, RequireOnline: true})
			})
		}
		all.Wait()
		waiting := 0
		for i, err := range errs {
			require.NoError(t, err)
			if d.stored(t, inbox.ConversationID(fmt.Sprint("chat", i))).Waiting() {
				waiting++
			}
		}
		require.Equal(t, chats-3*limit, waiting, method)
		for _, id := range []workspace.MemberID{me, mate, senior} {
			require.Equal(t, limit, d.loads[id].Open(), "%s of %s", id, method)
		}
	}
}
