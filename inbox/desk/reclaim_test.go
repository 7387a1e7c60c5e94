package desk_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// awaiting is a chat of mine whose contact waits since an hour, and that was taken back
// so often since.
func awaiting(reclaims int) inbox.Conversation {
	since := world.Start().Add(-time.Hour)
	c := world.Owned(world.NewConversation(workspace.Livechat), world.Me, world.Billing)
	c.AwaitingReplySince, c.OwnedSince, c.Reclaims, c.ReclaimsOf = since, since, reclaims, since
	return c
}

// Which conversations the rules take back, and when. B:R1
func TestReclaim(t *testing.T) {
	hour := func(r *workspace.Rules) { r.ReclaimAfter = time.Hour }
	with := func(edits ...func(*inbox.Conversation)) inbox.Conversation {
		c := awaiting(0)
		for _, edit := range edits {
			edit(&c)
		}
		return c
	}
	ticket := func(c *inbox.Conversation) { c.Kind = workspace.Ticket }
	for name, c := range map[string]struct {
		c     inbox.Conversation
		rules func(*workspace.Rules)
		plan  workspace.PlanName
		want  inbox.EventKind
	}{
		"unanswered for as long":           {with(), hour, "pro", inbox.EventReclaimed},
		"not for long enough":              {with(), func(r *workspace.Rules) { r.ReclaimAfter = time.Hour + time.Second }, "pro", ""},
		"the rule is off":                  {with(), func(*workspace.Rules) {}, "pro", ""},
		"of no kind":                       {with(), func(r *workspace.Rules) { hour(r); r.Reclaim = workspace.ReclaimNothing }, "pro", ""},
		"a ticket":                         {with(ticket), hour, "pro", ""},
		"a ticket where tickets too":       {with(ticket), func(r *workspace.Rules) { hour(r); r.Reclaim = workspace.ReclaimChatsAndTickets }, "pro", inbox.EventReclaimed},
		"a new owner has the whole time":   {with(func(c *inbox.Conversation) { c.OwnedSince = world.Start().Add(-time.Minute) }), hour, "pro", ""},
		"an owner of before it was kept":   {with(func(c *inbox.Conversation) { c.OwnedSince, c.Changed.At = time.Time{}, world.Start().Add(-time.Minute) }), hour, "pro", ""},
		"answered":                         {with(func(c *inbox.Conversation) { c.AwaitingReplySince = time.Time{} }), hour, "pro", ""},
		"in a queue":                       {with(func(c *inbox.Conversation) { c.Assignee, c.WaitingSince = "", world.Start() }), hour, "pro", ""},
		"above the plan":                   {with(), hour, "lite", ""},
		"taken back as often as it may be": {awaiting(1), hour, "pro", inbox.EventUnanswered},
		"and reported":                     {awaiting(2), hour, "pro", ""},
		"twice by the rule":                {awaiting(1), func(r *workspace.Rules) { hour(r); r.ReclaimLimit = 2 }, "pro", inbox.EventReclaimed},
		"in an earlier wait":               {with(func(c *inbox.Conversation) { c.Reclaims, c.ReclaimsOf = 1, world.Start().Add(-2*time.Hour) }), hour, "pro", inbox.EventReclaimed},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Roster.Workspace.Plan = c.plan
			d.Rules(c.rules)
			d.Put(c.c)
			require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home))
			require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home), "once")
			if c.want == "" {
				require.Empty(t, d.Recorded())
				return
			}
			require.Len(t, d.Recorded(), 1)
			e := d.Recorded()[0]
			require.Equal(t, c.want, e.Kind)
			require.Equal(t, workspace.System(), e.Actor)
			require.Equal(t, inbox.ReclaimUnanswered, e.ReclaimCause())
			if c.want == inbox.EventReclaimed {
				requireReclaimed(t, c.c, d.Stored(t, "c"), e)
			} else {
				requireReported(t, c.c, e)
			}
		})
	}
}

// What was taken back waits at its age, and not for the same member.
func requireReclaimed(t *testing.T, before, after inbox.Conversation, e inbox.Event) {
	t.Helper()
	require.Equal(t, inbox.HandledByQueue, after.Handler())
	require.Equal(t, before.Team, after.Team)
	require.Equal(t, before.AwaitingReplySince, after.WaitingSince, "it keeps its age")
	require.Equal(t, before.AwaitingReplySince, after.AwaitingReplySince)
	require.True(t, after.Due() && after.Left)
	require.Equal(t, world.Me, after.FormerAssignee)
	require.Equal(t, before.Epoch+1, after.Epoch)
	told := inbox.NotificationsOf(e)
	require.Equal(t, inbox.NotifyReclaimed, told[0].Kind)
	require.Equal(t, inbox.ToMember(world.Me), told[0].Audience)
	require.Equal(t, inbox.NotifyQueued, told[1].Kind, "the team hears that it waits")
	require.Contains(t, told[1].Except, world.Me)
}

func requireReported(t *testing.T, before inbox.Conversation, e inbox.Event) {
	t.Helper()
	require.Equal(t, before.Assignee, e.After.Assignee)
	require.Equal(t, before.Epoch, e.Epoch)
	told := inbox.NotificationsOf(e)
	require.Len(t, told, 1)
	require.Equal(t, inbox.NotifyUnanswered, told[0].Kind)
	require.Equal(t, inbox.ToAssigners(before.Kind), told[0].Audience)
}

// An answer that comes while the rules take the conversation back keeps it; a note and
// a second message of the contact do not, and the age stays that of the first. B:R1
func TestReclaimMeetsOthers(t *testing.T) {
	for name, c := range map[string]struct {
		by    inbox.Principal
		note  bool
		taken bool
	}{
		"the owner answers":        {world.AsMember(world.Me), false, false},
		"a colleague answers":      {world.AsMember(world.Senior), false, false},
		"the owner writes a note":  {world.AsMember(world.Me), true, true},
		"the contact writes again": {world.AsContact("c"), false, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Rules(func(r *workspace.Rules) { r.ReclaimAfter, r.SendPolicy = time.Hour, workspace.SendAnyone })
			before := awaiting(0)
			d.Put(before)
			d.MeanwhileDo(t, func(ctx context.Context) error {
				_, err := d.Messages.Send(ctx, c.by, desk.SendRequest{Conversation: "c", Body: "Said meanwhile", Internal: c.note})
				return err
			})
			require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home))
			after := d.Stored(t, "c")
			require.Equal(t, c.taken, !after.Owned())
			if c.taken {
				require.Equal(t, before.AwaitingReplySince, after.WaitingSince)
			}
		})
	}
	d := world.New(t)
	d.Rules(func(r *workspace.Rules) { r.ReclaimAfter = time.Hour })
	d.Put(awaiting(0))
	d.MeanwhileDo(t, func(ctx context.Context) error { return d.Serve(d.Memory).Queues.Reclaim(ctx, world.Home) })
	require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home))
	require.Len(t, d.Recorded(), 1, "two servers take it back once")
}

// From whom who is OFFLINE conversations are taken, and when. B:R1
func TestReclaimOffline(t *testing.T) {
	const onInbound, afterGrace = workspace.ReclaimOfflineOnInbound, workspace.ReclaimOfflineAfterGrace
	for name, c := range map[string]struct {
		rule    workspace.ReclaimOffline
		is      workspace.Availability
		plan    workspace.PlanName
		inbound bool // the contact writes; else it waits already
		want    bool
	}{
		"the contact writes to who is offline":   {onInbound, workspace.Offline, "pro", true, true},
		"also after grace":                       {afterGrace, workspace.Offline, "pro", true, true},
		"to who is away":                         {onInbound, workspace.Away, "pro", true, false},
		"to who is online":                       {onInbound, workspace.Online, "pro", true, false},
		"the rule is off":                        {workspace.ReclaimOfflineNever, workspace.Offline, "pro", true, false},
		"above the plan":                         {onInbound, workspace.Offline, "lite", true, false},
		"the contact waits for who went offline": {afterGrace, workspace.Offline, "pro", false, true},
		"and only then":                          {afterGrace, workspace.Away, "pro", false, false},
		"but not on inbound alone":               {onInbound, workspace.Offline, "pro", false, false},
		"nor above the plan":                     {afterGrace, workspace.Offline, "lite", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Roster.Workspace.Plan = c.plan
			d.Rules(func(r *workspace.Rules) { r.ReclaimOffline = c.rule })
			d.Member(world.Me, func(m *workspace.Member) { m.Availability = c.is })
			before := awaiting(0)
			if c.inbound {
				before.AwaitingReplySince = time.Time{}
			}
			d.Put(before)
			if c.inbound {
				for range 2 { // with the same key it is said once
					sent, err := d.Messages.Send(t.Context(), world.AsContact("c"), desk.SendRequest{Conversation: "c", Body: "Anybody there?", Key: "k"})
					require.NoError(t, err)
					require.Equal(t, "Anybody there?", sent.Message.Body)
					require.Equal(t, d.Recorded()[0].ID, sent.Event.ID)
				}
			} else {
				require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home))
			}
			after := d.Stored(t, "c")
			require.Equal(t, c.want, !after.Owned())
			if !c.want {
				return
			}
			require.Len(t, d.Recorded(), 1, "in one transaction")
			e := d.Recorded()[0]
			require.Equal(t, inbox.ReclaimOwnerOffline, e.ReclaimCause())
			require.Equal(t, workspace.System(), e.Actor)
			require.Equal(t, after.AwaitingReplySince, after.WaitingSince)
			require.Equal(t, inbox.NotifyReclaimed, inbox.NotificationsOf(e)[0].Kind)
		})
	}
}

// What is taken back goes to somebody else, at the front of the queue. B:R1 B:Q8
func TestReclaimedGoesToSomebodyElse(t *testing.T) {
	d := world.New(t)
	d.Rules(func(r *workspace.Rules) { r.ReclaimAfter = time.Hour })
	d.Alone(world.Me, world.Mate)
	c := awaiting(0)
	c.Team = ""
	d.Put(c)
	require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home))
	_, err := d.Queues.Drain(t.Context(), world.Home, inbox.Queue{Kind: workspace.Livechat})
	require.NoError(t, err)
	require.Equal(t, world.Mate, d.Stored(t, "c").Assignee)
	d.Pass(time.Hour)
	require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home))
	require.Equal(t, world.Mate, d.Stored(t, "c").Assignee, "once, then somebody is told")
	require.Equal(t, inbox.EventUnanswered, d.Recorded()[2].Kind)
}

// Where nobody else is free, what was taken back waits, and goes to the member whom it was
// taken from once they come ONLINE again; not before, and not if somebody else is free.
// What a member gave up stays with the others. B:R1 B:Q8
func TestReclaimedGoesBackToWhoComesBackAlone(t *testing.T) {
	comesBack := func(d *world.Inbox) {
		d.Pass(time.Minute)
		d.Member(world.Me, func(m *workspace.Member) { m.Availability, m.OnlineSince = workspace.Online, d.Clock() })
	}
	for name, c := range map[string]struct {
		left      bool // the owner leaves it, instead of being silent
		online    []workspace.MemberID
		meanwhile func(d *world.Inbox)
		want      workspace.MemberID
	}{
		"stays, and is the only one":     {false, []workspace.MemberID{world.Me}, nil, ""},
		"comes back, and is":             {false, []workspace.MemberID{world.Me}, comesBack, world.Me},
		"comes back, and is not":         {false, []workspace.MemberID{world.Me, world.Mate}, comesBack, world.Mate},
		"comes back, the other has many": {false, []workspace.MemberID{world.Me, world.Mate}, func(d *world.Inbox) { comesBack(d); d.Busy(world.Mate, 100) }, world.Me},
		"comes back to what was left":    {true, []workspace.MemberID{world.Me}, func(d *world.Inbox) { d.Pass(time.Hour); comesBack(d) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Rules(func(r *workspace.Rules) { r.ReclaimAfter = time.Hour })
			d.Alone(c.online...)
			owned := awaiting(0)
			owned.Team = ""
			d.Put(owned)
			if c.left {
				_, err := d.Desk.Leave(t.Context(), world.AsMember(world.Me), desk.Request{Conversation: "c"})
				require.NoError(t, err)
			} else {
				require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home))
			}
			if c.meanwhile != nil {
				c.meanwhile(d)
			}
			require.NoError(t, d.Queues.QueueLeft(t.Context()))
			_, err := d.Queues.Drain(t.Context(), world.Home, inbox.Queue{Kind: workspace.Livechat})
			require.NoError(t, err)
			require.Equal(t, c.want, d.Stored(t, "c").Assignee)
		})
	}
}

// The limit is of reclaimAfter alone: whoever gets what was taken from a member who was
// OFFLINE has the time of the rule, and what they leave unanswered is taken back. B:R1
func TestReclaimOfflineSpendsNoLimit(t *testing.T) {
	for _, rule := range []workspace.ReclaimOffline{workspace.ReclaimOfflineOnInbound, workspace.ReclaimOfflineAfterGrace} {
		t.Run(string(rule), func(t *testing.T) {
			d := world.New(t)
			d.Rules(func(r *workspace.Rules) { r.ReclaimAfter, r.ReclaimOffline = time.Hour, rule })
			d.Alone(world.Me, world.Mate)
			d.Member(world.Me, func(m *workspace.Member) { m.Availability = workspace.Offline })
			c := awaiting(0)
			c.Team, c.AwaitingReplySince = "", time.Time{}
			d.Put(c)
			_, err := d.Messages.Send(t.Context(), world.AsContact("c"), desk.SendRequest{Conversation: "c", Body: "Anybody there?"})
			require.NoError(t, err)
			_, err = d.Queues.Drain(t.Context(), world.Home, inbox.Queue{Kind: workspace.Livechat})
			require.NoError(t, err)
			require.Equal(t, world.Mate, d.Stored(t, "c").Assignee)
			d.Pass(time.Hour)
			require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home))
			require.False(t, d.Stored(t, "c").Owned(), "from who did not answer, too")
			require.Equal(t, inbox.ReclaimUnanswered, d.Recorded()[2].ReclaimCause())
		})
	}
}

// The answer that loses by a blink takes the conversation back, in its own transaction;
// later, or once somebody else has it, it is written as anybody's. B:R1
func TestAnAnswerThatLosesByABlink(t *testing.T) {
	for name, c := range map[string]struct {
		by        inbox.Principal
		note      bool
		meanwhile func(d *world.Inbox)
		want      workspace.MemberID
	}{
		"the former owner answers": {world.AsMember(world.Me), false, nil, world.Me},
		"with a note":              {world.AsMember(world.Me), true, nil, ""},
		"too late":                 {world.AsMember(world.Me), false, func(d *world.Inbox) { d.Pass(time.Minute) }, ""},
		"a colleague":              {world.AsMember(world.Senior), false, nil, ""},
		"who may no longer own":    {world.AsMember(world.Me), false, func(d *world.Inbox) { d.Member(world.Me, func(m *workspace.Member) { m.Roles = nil }) }, ""},
		"when somebody else has it": {world.AsMember(world.Me), false, func(d *world.Inbox) {
			_, _ = d.Desk.Claim(context.Background(), world.AsMember(world.Mate), desk.Request{Conversation: "c"})
		}, world.Mate},
		"when it was left before": {world.AsMember(world.Me), false, func(d *world.Inbox) {
			_, _ = d.Desk.Claim(context.Background(), world.AsMember(world.Me), desk.Request{Conversation: "c"})
			_, _ = d.Desk.Leave(context.Background(), world.AsMember(world.Me), desk.Request{Conversation: "c"})
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Rules(func(r *workspace.Rules) { r.ReclaimAfter, r.SendPolicy = time.Hour, workspace.SendAnyone })
			before := awaiting(0)
			d.Put(before)
			require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home))
			if c.meanwhile != nil {
				c.meanwhile(d)
			}
			sent, err := d.Messages.Send(t.Context(), c.by, desk.SendRequest{Conversation: "c", Body: "Here I am", Internal: c.note, Key: "k"})
			after := d.Stored(t, "c")
			require.Equal(t, c.want, after.Assignee)
			if c.want != world.Me {
				return
			}
			require.NoError(t, err)
			require.Equal(t, "Here I am", sent.Message.Body)
			e := d.Recorded()[1]
			require.Equal(t, inbox.EventUndone, e.Kind)
			require.Zero(t, after.AwaitingReplySince)
			require.Equal(t, before.Team, after.Team)
			require.Len(t, d.Recorded(), 2, "in one transaction")
		})
	}
}
