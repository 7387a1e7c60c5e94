package desk_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// asleep is a chat of mine that sleeps until a time, or until the contact writes.
func asleep(until time.Time) inbox.Conversation {
	c := world.Owned(world.NewConversation(workspace.Livechat), world.Me, world.Billing)
	c.NeededSince, c.OwnedSince = world.Start().Add(-2*time.Hour), world.Start().Add(-time.Hour)
	c.AsleepSince, c.GrabsUntil = world.Start().Add(-time.Minute), until
	return c
}

// A sleeper keeps its owner and frees the owner's place; nobody is told, the contact sees
// nothing, and another time replaces the first.
func TestSnooze(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: mine")
	before := d.Stored(t, "c")
	soon := world.Start().Add(time.Hour)
	out, err := d.Desk.Snooze(t.Context(), world.AsMember(world.Me), r, soon.Add(time.Microsecond))
	require.NoError(t, err)
	after := d.Stored(t, "c")
	require.Equal(t, inbox.EventSnoozed, out.Event.Kind)
	require.Equal(t, world.Start(), after.AsleepSince)
	require.Equal(t, soon, after.AsleepUntil(), "to the millisecond, as it is stored")
	require.Equal(t, world.Me, after.Assignee)
	require.Equal(t, before.Epoch, after.Epoch)
	require.Empty(t, after.CountsFor())
	require.Zero(t, d.Counts[world.Me].Open(), "the place is free")
	require.Empty(t, inbox.NotificationsOf(out.Event))
	require.Empty(t, out.Event.Messages)
	require.False(t, out.Event.Public(), "the contact hears nothing")
	require.Equal(t, before.PublicActivityAt(), after.PublicActivityAt(), "and sees no activity")
	d.Pass(time.Minute)
	_, err = d.Desk.Snooze(t.Context(), world.AsMember(world.Manager), r, soon.Add(time.Hour))
	require.NoError(t, err)
	again := d.Stored(t, "c")
	require.Equal(t, soon.Add(time.Hour), again.AsleepUntil())
	require.Equal(t, after.AsleepSince, again.AsleepSince)
	require.Equal(t, before.PublicActivityAt(), again.PublicActivityAt())
	require.Zero(t, d.Counts[world.Me].Open())
}

// Which ends a sleep can have.
func TestSnoozeUntil(t *testing.T) {
	waits := func(c *inbox.Conversation) { c.AwaitingReplySince = world.Start().Add(-time.Minute) }
	answered := func(*inbox.Conversation) {}
	for name, c := range map[string]struct {
		with  func(*inbox.Conversation)
		until time.Time
		field string
	}{
		"in a second":               {answered, world.Start().Add(time.Second), ""},
		"in a year":                 {answered, world.Start().Add(desk.MaxSnooze), ""},
		"until the contact writes":  {answered, time.Time{}, ""},
		"a time, the contact waits": {waits, world.Start().Add(time.Hour), ""},
		"now":                       {answered, world.Start(), "until.time"},
		"yesterday":                 {answered, world.Start().Add(-24 * time.Hour), "until.time"},
		"in more than a year":       {answered, world.Start().Add(desk.MaxSnooze + time.Millisecond), "until.time"},
		"open, the contact waits":   {waits, time.Time{}, "conversationId"},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			chat := world.Owned(world.NewConversation(workspace.Livechat), world.Me, world.Billing)
			c.with(&chat)
			d.Put(chat)
			_, err := d.Desk.Snooze(t.Context(), world.AsMember(world.Me), desk.Request{Conversation: "c"}, c.until)
			if c.field == "" {
				require.NoError(t, err)
				return
			}
			require.Equal(t, []string{c.field}, world.Refused(t, err, inbox.InvalidInput).Field)
		})
	}
}

// A contact who writes while somebody puts the conversation aside is not slept over.
func TestTheContactWritesMeanwhile(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: mine")
	d.MeanwhileDo(t, func(ctx context.Context) error {
		_, err := d.Messages.Send(ctx, world.AsContact("c"), desk.SendRequest{Conversation: "c", Body: "One more thing"})
		return err
	})
	_, err := d.Desk.Snooze(t.Context(), world.AsMember(world.Me), r, time.Time{})
	world.Refused(t, err, inbox.InvalidInput)
	require.False(t, d.Stored(t, "c").Asleep())
}

// Who has it after waking, by whatever woke it.
func TestWaking(t *testing.T) {
	by := func(p inbox.Principal) func(*testing.T, *world.Inbox) error {
		return func(t *testing.T, d *world.Inbox) error {
			_, err := d.Desk.Wake(t.Context(), p, desk.Request{Conversation: "c"})
			return err
		}
	}
	timer := func(t *testing.T, d *world.Inbox) error {
		d.Pass(time.Hour)
		return d.Queues.QueueLeft(t.Context())
	}
	contact := func(t *testing.T, d *world.Inbox) error {
		_, err := d.Messages.Send(t.Context(), world.AsContact("c"), desk.SendRequest{Conversation: "c", Body: "Hello?"})
		return err
	}
	is := func(to workspace.Availability) func(*world.Inbox) {
		return func(d *world.Inbox) { d.Member(world.Me, func(m *workspace.Member) { m.Availability = to }) }
	}
	full := func(d *world.Inbox) { d.Busy(world.Me, workspace.DefaultRules().MaxAutoAssigned) }
	gone := func(d *world.Inbox) { d.Member(world.Me, func(m *workspace.Member) { m.Removed = true }) }
	for name, c := range map[string]struct {
		state func(*world.Inbox)
		wake  func(*testing.T, *world.Inbox) error
		cause inbox.WakeCause
		kept  bool
		told  bool
	}{
		"time, online":              {is(workspace.Online), timer, inbox.WokenByTime, true, true},
		"time, away":                {is(workspace.Away), timer, inbox.WokenByTime, false, true},
		"time, offline":             {is(workspace.Offline), timer, inbox.WokenByTime, false, true},
		"time, at the cap":          {full, timer, inbox.WokenByTime, false, true},
		"time, gone":                {gone, timer, inbox.WokenByTime, false, true},
		"contact, online":           {is(workspace.Online), contact, inbox.WokenByContact, true, true},
		"contact, offline":          {is(workspace.Offline), contact, inbox.WokenByContact, false, true},
		"contact, at the cap":       {full, contact, inbox.WokenByContact, false, true},
		"owner, though away":        {is(workspace.Away), by(world.AsMember(world.Me)), inbox.WokenByPerson, true, false},
		"owner, though at the cap":  {full, by(world.AsMember(world.Me)), inbox.WokenByPerson, true, false},
		"manager, owner is online":  {is(workspace.Online), by(world.AsMember(world.Manager)), inbox.WokenByPerson, true, true},
		"manager, owner is offline": {is(workspace.Offline), by(world.AsMember(world.Manager)), inbox.WokenByPerson, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			before := d.Put(asleep(world.Start().Add(time.Hour)))
			c.state(d)
			load := d.Counts[world.Me].Open()
			require.NoError(t, c.wake(t, d))
			after := d.Stored(t, "c")
			e := d.Recorded()[len(d.Recorded())-1]
			require.Equal(t, inbox.EventWoken, e.Kind)
			require.Equal(t, c.cause, e.WakeCause())
			require.False(t, after.Asleep())
			require.Zero(t, after.GrabsUntil)
			told := slices.ContainsFunc(inbox.NotificationsOf(e), func(n inbox.Notification) bool {
				return n.Kind == inbox.NotifyWoken && n.Audience == inbox.ToMember(world.Me)
			})
			require.Equal(t, c.told, told)
			if c.kept {
				require.Equal(t, world.Me, after.Assignee)
				require.Equal(t, before.Epoch, after.Epoch)
				require.Equal(t, e.At, after.OwnedSince, "with the whole time to answer")
				require.Equal(t, load+1, d.Counts[world.Me].Open())
				require.Equal(t, c.cause == inbox.WokenByContact, e.Public(), "its message alone")
				return
			}
			require.True(t, after.Due(), "the rules give it to anyone, its owner included")
			require.False(t, after.Left)
			require.Equal(t, before.NeededSince, after.WaitingSince, "at its age")
			require.Equal(t, load, d.Counts[world.Me].Open())
		})
	}
}

// A ticket does not count toward the cap, so its owner has it back however busy.
func TestWakingATicket(t *testing.T) {
	d := world.New(t)
	c := asleep(world.Start())
	c.Kind = workspace.Ticket
	d.Put(c)
	d.Busy(world.Me, 100)
	require.NoError(t, d.Queues.QueueLeft(t.Context()))
	require.Equal(t, world.Me, d.Stored(t, "c").Assignee)
}

// What wakes together never passes the cap of its owner, and nothing stays asleep. The
// next deadline is known.
func TestManyWakeAtOnce(t *testing.T) {
	d := world.New(t, func(c *services.Config) { c.DispatchConcurrency = 8 })
	const many = 500
	for i := range many {
		c := asleep(world.Start())
		c.ID = inbox.ConversationID(fmt.Sprintf("c%03d", i))
		d.Put(c)
	}
	later := asleep(world.Start().Add(time.Hour))
	later.ID = "later"
	d.Put(later)
	next, err := d.Queues.MeetDeadlines(t.Context())
	require.NoError(t, err)
	require.Equal(t, later.GrabsUntil, next)
	kept, queued := 0, 0
	for _, c := range d.Sorted() {
		switch {
		case c.ID == later.ID:
			require.True(t, c.Asleep())
		case c.Assignee == world.Me:
			kept++
		case c.Due():
			queued++
		}
	}
	limit := workspace.DefaultRules().MaxAutoAssigned
	require.Equal(t, limit, kept)
	require.Equal(t, many-limit, queued)
	require.Equal(t, limit, d.Counts[world.Me].Open())
}

// The rules leave a sleeper alone: it is not taken back, not closed as idle, not given out.
func TestTheRulesLeaveSleepersAlone(t *testing.T) {
	d := world.New(t)
	d.Rules(func(r *workspace.Rules) {
		r.ReclaimAfter, r.ReclaimOffline, r.CloseIdleAfter = time.Second, workspace.ReclaimOfflineAfterGrace, time.Second
	})
	d.Member(world.Me, func(m *workspace.Member) { m.Availability = workspace.Offline })
	c := asleep(world.Start().Add(24 * time.Hour))
	c.AwaitingReplySince = world.Start().Add(-time.Hour)
	before := d.Put(c)
	require.NoError(t, d.Queues.Reclaim(t.Context(), world.Home))
	require.NoError(t, d.Queues.CloseIdle(t.Context()))
	require.NoError(t, d.Queues.QueueLeft(t.Context()))
	_, err := d.Queues.Drain(t.Context(), world.Home, inbox.Queue{Team: world.Billing, Kind: workspace.Livechat})
	require.NoError(t, err)
	require.Equal(t, before, d.Stored(t, "c"))
	require.Zero(t, access.ReclaimAt(d.Access(t, world.AsMember(world.Me)), before))
}
