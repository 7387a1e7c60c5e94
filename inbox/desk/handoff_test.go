package desk_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// B:H1, B:Q7
func TestHandOff(t *testing.T) {
	for name, c := range map[string]struct {
		state    string
		by       inbox.Principal
		to       desk.HandoffTarget
		setUp    func(d *world.Inbox)
		want     inbox.Code
		reason   inbox.TargetReason
		assignee workspace.MemberID
		team     workspace.TeamID
		warnings []inbox.Warning
	}{
		"to a member":                    {to: desk.HandoffTarget{Member: world.Mate, RequireOnline: true}, assignee: world.Mate},
		"to a member at the cap":         {to: desk.HandoffTarget{Member: world.Mate, RequireOnline: true}, setUp: func(d *world.Inbox) { d.Busy(world.Mate, 99) }, assignee: world.Mate},
		"to a member who is away":        {to: desk.HandoffTarget{Member: world.Mate, RequireOnline: true}, setUp: away, want: inbox.TargetNotPermitted, reason: inbox.TargetAway},
		"to a member who is offline":     {to: desk.HandoffTarget{Member: world.Mate, RequireOnline: true}, setUp: func(d *world.Inbox) { d.Alone(world.Me) }, want: inbox.TargetNotPermitted, reason: inbox.TargetOffline},
		"to a member, away or not":       {to: desk.HandoffTarget{Member: world.Mate}, setUp: away, assignee: world.Mate, warnings: []inbox.Warning{inbox.WarnTargetAway}},
		"to no live agent":               {to: desk.HandoffTarget{Member: world.Observer, RequireOnline: true}, want: inbox.TargetNotPermitted, reason: inbox.TargetNotLiveAgent},
		"to nobody of ours":              {to: desk.HandoffTarget{Member: "foreign", RequireOnline: true}, want: inbox.TargetNotPermitted, reason: inbox.TargetNotMember},
		"to a team":                      {to: desk.HandoffTarget{Team: world.Sales, RequireOnline: true}, assignee: world.Stranger, team: world.Sales},
		"to a team of nobody":            {to: desk.HandoffTarget{Team: world.Sales, RequireOnline: true}, setUp: func(d *world.Inbox) { d.Alone(world.Me) }, team: world.Sales, warnings: []inbox.Warning{inbox.WarnTeamAbsent}},
		"to a team that claims":          {to: desk.HandoffTarget{Team: world.Billing, RequireOnline: true}, setUp: func(d *world.Inbox) { editBilling(d, func(t *workspace.Team) { t.Method = workspace.Voluntary }) }, team: world.Billing},
		"to no team of ours":             {to: desk.HandoffTarget{Team: "foreign", RequireOnline: true}, want: inbox.TargetNotPermitted, reason: inbox.TargetNoTeam},
		"to anyone":                      {to: desk.HandoffTarget{RequireOnline: true}, setUp: func(d *world.Inbox) { d.Alone(world.Stranger) }, assignee: world.Stranger},
		"to anyone, and nobody is there": {to: desk.HandoffTarget{RequireOnline: true}, setUp: func(d *world.Inbox) { d.Alone(world.Observer) }},
		"by another agent":               {by: world.AsAgent(world.OtherBot), want: inbox.PermissionDenied},
		"by a member":                    {by: world.AsMember(world.Owner), want: inbox.PermissionDenied},
		"of what waits already":          {state: "chat: queued of no team", want: inbox.NotAssignee},
		"of what a person owns":          {state: "chat: mine", want: inbox.AlreadyAssigned},
		"of a ticket":                    {state: "ticket: queued in my team", want: inbox.NotAssignee},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			if c.state == "" {
				c.state = "chat: AI answers"
			}
			if c.by.Workspace == "" {
				c.by = world.AsAgent(world.Bot)
			}
			if c.setUp != nil {
				c.setUp(d)
			}
			out, err := d.Desk.RequestHandoff(t.Context(), c.by, d.Begin(t, c.state), c.to)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Equal(t, c.reason, world.Refused(t, err, c.want).Target)
				require.Zero(t, d.Commits)
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

func away(d *world.Inbox) {
	d.Member(world.Mate, func(m *workspace.Member) { m.Availability = workspace.Away })
}

// Under any number of hand-offs at once nobody exceeds the cap, and what is
// over waits. B:Q6, B:Q7
func TestHandOffsAtOnceKeepTheCap(t *testing.T) {
	const chats, limit = 24, 3
	for _, method := range []workspace.Method{workspace.Balanced, workspace.Random, workspace.RoundRobin} {
		d := world.New(t)
		d.Alone(world.Me, world.Mate, world.Senior)
		d.Rules(func(r *workspace.Rules) { r.Method, r.MaxAutoAssigned = method, limit })
		for i := range chats {
			c := world.NewConversation(workspace.Livechat)
			c.ID = inbox.ConversationID(fmt.Sprint("chat", i))
			d.Put(c)
		}
		errs := make([]error, chats)
		var all sync.WaitGroup
		for i := range chats {
			all.Go(func() {
				r := desk.Request{Conversation: inbox.ConversationID(fmt.Sprint("chat", i))}
				_, errs[i] = d.Desk.RequestHandoff(context.Background(), world.AsAgent(world.Bot), r, desk.HandoffTarget{Team: world.Billing, RequireOnline: true})
			})
		}
		all.Wait()
		waiting := 0
		for i, err := range errs {
			require.NoError(t, err)
			if d.Stored(t, inbox.ConversationID(fmt.Sprint("chat", i))).Waiting() {
				waiting++
			}
		}
		require.Equal(t, chats-3*limit, waiting, method)
		for _, id := range []workspace.MemberID{world.Me, world.Mate, world.Senior} {
			require.Equal(t, limit, d.Counts[id].Open(), "%s of %s", id, method)
		}
	}
}
