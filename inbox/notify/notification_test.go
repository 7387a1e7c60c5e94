package notify_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// hearing is which kinds each person hears.
type hearing = map[workspace.MemberID][]inbox.NotificationKind

// heardOf is what each member of the directory hears of the events.
func heardOf(t require.TestingT, w *world.World, told []inbox.Notification) hearing {
	out := hearing{}
	for id := range w.Roster.Members {
		a, err := access.NewAccess(world.AsMember(id), w.Roster, w.Policy)
		require.NoError(t, err)
		for _, n := range told {
			if notify.Receives(a, n) {
				out[id] = append(out[id], n.Kind)
			}
		}
	}
	return out
}

const (
	assigned      = inbox.NotifyAssigned
	transferred   = inbox.NotifyTransferred
	takenOver     = inbox.NotifyTakenOver
	closedByOther = inbox.NotifyClosed
	upForGrabs    = inbox.NotifyUpForGrabs
	inbound       = inbox.NotifyInbound
	inQueue       = inbox.NotifyQueued
)

func each(kind inbox.NotificationKind, who ...workspace.MemberID) hearing {
	out := hearing{}
	for _, id := range who {
		out[id] = []inbox.NotificationKind{kind}
	}
	return out
}

// Who hears what of each verb. The observer may claim nothing and is told nothing;
// the manager and the owner may claim everything. B:A1, B:T1, B:K1, B:L1, B:S2
func TestWhoIsNotified(t *testing.T) {
	type run = func(ctx context.Context, d *world.Inbox, r desk.Request) error
	assign := func(by workspace.MemberID, to access.Owner) run {
		return func(ctx context.Context, d *world.Inbox, r desk.Request) error {
			_, err := d.Desk.Assign(ctx, world.AsMember(by), r, to, "")
			return err
		}
	}
	verb := func(p inbox.Principal, do func(*desk.Service, context.Context, inbox.Principal, desk.Request) (desk.Outcome, error)) run {
		return func(ctx context.Context, d *world.Inbox, r desk.Request) error {
			_, err := do(d.Desk, ctx, p, r)
			return err
		}
	}
	takeOver := func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
		return s.TakeOver(ctx, p, r, nil, "")
	}
	transfer := func(to access.Owner) func(*desk.Service, context.Context, inbox.Principal, desk.Request) (desk.Outcome, error) {
		return func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.Transfer(ctx, p, r, to, "")
		}
	}
	handOff := func(to desk.HandoffTarget) func(*desk.Service, context.Context, inbox.Principal, desk.Request) (desk.Outcome, error) {
		return func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.RequestHandoff(ctx, p, r, to)
		}
	}
	closing := func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
		return s.SetStatus(ctx, p, r, inbox.Closed)
	}
	says := func(by inbox.Principal) run {
		return func(ctx context.Context, d *world.Inbox, r desk.Request) error {
			_, err := d.Messages.Send(ctx, by, desk.SendRequest{Conversation: r.Conversation, Body: "hello", Epoch: world.Ptr(2)})
			return err
		}
	}
	claimers := []workspace.MemberID{world.Me, world.Mate, world.Senior, world.Manager, world.Stranger, world.Owner}
	without := func(who []workspace.MemberID, not ...workspace.MemberID) []workspace.MemberID {
		return slices.DeleteFunc(slices.Clone(who), func(m workspace.MemberID) bool { return slices.Contains(not, m) })
	}
	inBilling := []workspace.MemberID{world.Me, world.Mate, world.Senior, world.Manager}
	mineInBilling := func(d *world.Inbox) {
		d.Put(world.Owned(world.NewConversation(workspace.Livechat), world.Me, world.Billing))
	}
	managersTransfer := func(d *world.Inbox) {
		d.Rules(func(r *workspace.Rules) { r.TransferActor = workspace.TransferByManagers })
	}
	for name, c := range map[string]struct {
		state string
		put   func(*world.Inbox)
		do    run
		want  hearing
	}{
		"assign":            {"chat: AI answers", nil, assign(world.Manager, access.Owner{Member: world.Mate}), each(assigned, world.Mate)},
		"assign to oneself": {"chat: AI answers", nil, assign(world.Manager, access.Owner{Member: world.Manager}), hearing{}},
		"assign another's":  {"chat: a teammate's", managersTransfer, assign(world.Manager, access.Owner{Member: world.Me}), hearing{world.Me: {transferred}, world.Mate: {takenOver}}},
		"assign to a team": {"chat: AI answers", nil, func(ctx context.Context, d *world.Inbox, r desk.Request) error {
			d.Alone(world.Mate)
			return assign(world.Manager, access.Owner{Team: world.Billing})(ctx, d, r)
		}, each(assigned, world.Mate)},
		"into a team's queue": {"chat: AI answers", nil, func(ctx context.Context, d *world.Inbox, r desk.Request) error {
			d.Alone()
			return assign(world.Manager, access.Owner{Team: world.Billing})(ctx, d, r)
		}, each(inQueue, without(inBilling, world.Manager)...)},
		"claim":               {"chat: queued in my team", nil, verb(world.AsMember(world.Me), (*desk.Service).Claim), hearing{}},
		"unassign one's own":  {"chat: mine", mineInBilling, verb(world.AsMember(world.Me), (*desk.Service).Unassign), each(inQueue, without(inBilling, world.Me)...)},
		"unassign of no team": {"chat: mine", nil, verb(world.AsMember(world.Me), (*desk.Service).Unassign), each(upForGrabs, without(claimers, world.Me)...)},
		"unassign another's": {"chat: a teammate's", nil, verb(world.AsMember(world.Manager), (*desk.Service).Unassign), func() hearing {
			h := each(upForGrabs, without(claimers, world.Manager)...)
			h[world.Mate] = []inbox.NotificationKind{takenOver}
			return h
		}()},
		"leave":           {"chat: mine", nil, verb(world.AsMember(world.Me), (*desk.Service).Leave), each(upForGrabs, without(claimers, world.Me)...)},
		"leave in a team": {"chat: mine", mineInBilling, verb(world.AsMember(world.Me), (*desk.Service).Leave), each(upForGrabs, world.Mate, world.Senior, world.Manager, world.Owner)},
		"transfer":        {"chat: mine", nil, verb(world.AsMember(world.Me), transfer(access.Owner{Member: world.Mate})), each(transferred, world.Mate)},
		"transfer to a team's queue": {"chat: mine", nil, func(ctx context.Context, d *world.Inbox, r desk.Request) error {
			d.Alone()
			return verb(world.AsMember(world.Me), transfer(access.Owner{Team: world.Sales}))(ctx, d, r)
		}, each(inQueue, world.Stranger)},
		"take over":             {"chat: a teammate's", nil, verb(world.AsMember(world.Me), takeOver), each(takenOver, world.Mate)},
		"take over from nobody": {"chat: queued of no team", nil, verb(world.AsMember(world.Me), takeOver), hearing{}},
		"hand off to a member":  {"chat: AI answers", nil, verb(world.AsAgent(world.Bot), handOff(desk.HandoffTarget{Member: world.Mate})), each(assigned, world.Mate)},
		"hand off to nobody there": {"chat: AI answers", nil, func(ctx context.Context, d *world.Inbox, r desk.Request) error {
			d.Alone()
			return verb(world.AsAgent(world.Bot), handOff(desk.HandoffTarget{}))(ctx, d, r)
		}, each(upForGrabs, claimers...)},
		"close another's":    {"chat: a teammate's", nil, verb(world.AsMember(world.Manager), closing), each(closedByOther, world.Mate)},
		"close one's own":    {"chat: mine", nil, verb(world.AsMember(world.Me), closing), hearing{}},
		"the contact closes": {"chat: a teammate's", nil, verb(world.AsContact("c"), closing), each(closedByOther, world.Mate)},
		"a key closes":       {"chat: a teammate's", nil, verb(world.AsPartner(), closing), each(closedByOther, world.Mate)},
		"the AI closes":      {"chat: AI answers", nil, verb(world.AsAgent(world.Bot), closing), hearing{}},
		"return another's to the AI": {"chat: a teammate's", nil, verb(world.AsMember(world.Manager), func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.ReturnToAgent(ctx, p, r, "")
		}), each(takenOver, world.Mate)},
		"contact, to the assignee": {"chat: a teammate's", nil, says(world.AsContact("c")), each(inbound, world.Mate)},
		"contact, to a queue":      {"chat: queued in my team", nil, says(world.AsContact("c")), each(inbound, inBilling...)},
		"contact, to any queue":    {"chat: queued of no team", nil, says(world.AsContact("c")), each(inbound, claimers...)},
		"contact, to the AI":       {"chat: AI answers", nil, says(world.AsContact("c")), hearing{}},
		"the AI":                   {"chat: AI answers", nil, says(world.AsAgent(world.Bot)), hearing{}},
		"the assignee":             {"chat: mine", nil, says(world.AsMember(world.Me)), hearing{}},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			r := d.Begin(t, c.state)
			if c.put != nil {
				c.put(d)
			}
			require.NoError(t, c.do(t.Context(), d, r))
			require.Len(t, d.Recorded(), 1)
			require.Equal(t, c.want, heardOf(t, d.World, inbox.NotificationsOf(d.Recorded()[0])))
		})
	}
}

// Whatever people do, nobody hears twice of one event or of what they did
// themselves, and what can be claimed is announced to exactly those who may claim
// it, for exactly as long. B:L1
func TestAnnouncedWhileItCanBeClaimed(t *testing.T) {
	w := world.NewWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := w.Clone()
		l := world.NewLife(rt, w)
		ids := map[inbox.NotificationID]bool{}
		var open []inbox.Notification
		for version := 0; len(ids) < 40; {
			if l.Last.Version != version {
				version = l.Last.Version
				open = checkTold(rt, w, l, open, ids)
			}
			if rapid.IntRange(0, 20).Draw(rt, "enough") == 0 {
				return
			}
			l.Step(rt)
		}
	})
}

// checkTold checks what the last event of l tells, and gives what is open now.
func checkTold(t *rapid.T, w *world.World, l *world.Life, open []inbox.Notification, ids map[inbox.NotificationID]bool) []inbox.Notification {
	e := l.Last
	e.ID = inbox.EventID(fmt.Sprintf("e%d", e.Version))
	after := l.Conversation
	e.After = &after
	if back, ok := inbox.Withdrawn(e); ok && back.Kind != inbox.NotifyOffered {
		require.Equal(t, []inbox.NotificationID{back.ID}, []inbox.NotificationID{open[0].ID})
		require.Equal(t, open[0].Kind, back.Kind)
		open = nil
	}
	told := inbox.NotificationsOf(e)
	for _, n := range told {
		require.False(t, ids[n.ID], "%s twice", n.ID)
		ids[n.ID] = true
		if n.Claimable {
			open = append(open, n)
		}
	}
	for id, kinds := range heardOf(t, w, told) {
		require.Len(t, kinds, 1, "%s of %s", id, e.Kind)
		require.NotEqual(t, e.Actor.Member(), id)
	}
	waits := !after.Owned() && after.Status != inbox.Closed && (after.Left || after.Waiting())
	offered := after.Offer.Open() && after.Offer.Claimable() // to all of a team, who may accept it
	require.False(t, waits && offered)
	require.Equal(t, waits || offered, len(open) == 1, "%s: %v", e.Kind, open)
	if waits && open[0].Kind == upForGrabs {
		hear := heardOf(t, w, open)
		for id := range w.Roster.Members {
			a, err := access.NewAccess(world.AsMember(id), w.Roster, w.Policy)
			require.NoError(t, err)
			may := a.Can(after, inbox.ActionClaim).Allowed && a.Sees(after)
			require.Equal(t, may && !slices.Contains(open[0].Except, id), len(hear[id]) == 1, "%s", id)
		}
	}
	return open
}

// A permission lost takes away what it let hear, one gained gives it, and what
// somebody was told in person stays.
func TestNotificationsFollowPermissions(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: mine")
	d.Put(world.Owned(world.NewConversation(workspace.Livechat), world.Me, world.Billing))
	_, err := d.Desk.Leave(t.Context(), world.AsMember(world.Me), r)
	require.NoError(t, err)
	count := func(id workspace.MemberID) int {
		n, err := d.Services.Notify.CountNotifications(t.Context(), world.AsMember(id), true)
		require.NoError(t, err)
		return n
	}
	require.Equal(t, 1, count(world.Mate))
	require.Zero(t, count(world.Stranger))
	d.Member(world.Mate, func(m *workspace.Member) { m.Teams = []workspace.TeamID{world.Sales} })
	require.Zero(t, count(world.Mate))
	d.Member(world.Mate, func(m *workspace.Member) {
		m.Teams = []workspace.TeamID{world.Billing}
		m.Roles = []workspace.RoleName{"observer"}
	})
	require.Zero(t, count(world.Mate), "who may not claim is not told")
	d.Member(world.Mate, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"agent"} })
	require.Equal(t, 1, count(world.Mate))
	d.Member(world.Stranger, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"manager"} })
	require.Equal(t, 1, count(world.Stranger))
	d.Member(world.Stranger, func(m *workspace.Member) { m.Roles = []workspace.RoleName{} })
	_, err = d.Services.Notify.CountNotifications(t.Context(), world.AsMember(world.Stranger), true)
	world.Refused(t, err, inbox.PermissionDenied)

	_, err = d.Desk.Assign(t.Context(), world.AsMember(world.Manager), r, access.Owner{Member: world.Mate}, "a secret note")
	require.NoError(t, err)
	_, err = d.Desk.TakeOver(t.Context(), world.AsMember(world.Senior), r, world.Ptr("I take this"), "")
	require.NoError(t, err)
	d.Member(world.Mate, func(m *workspace.Member) { m.Teams = []workspace.TeamID{world.Sales} })
	_, err = d.Desk.Leave(t.Context(), world.AsMember(world.Senior), r)
	require.NoError(t, err)
	page, err := d.Notify.Notifications(t.Context(), world.AsMember(world.Mate), false, inbox.PageRequest{Limit: 10})
	require.NoError(t, err)
	require.Len(t, page.Items, 2, "what was told in person stays")
	require.Equal(t, world.Senior, page.Items[0].Conversation.Assignee, "who took it may be told")
	for _, told := range page.Items {
		require.False(t, told.Visible)
		require.NotEmpty(t, told.Conversation.Assignee, "what came later is not told")
		require.Nil(t, told.Conversation.LastMessage)
		require.Empty(t, told.Event.Note)
		require.Empty(t, told.Event.Messages)
	}
}

// Only members are notified.
func TestOnlyMembersHear(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: mine")
	for _, p := range []inbox.Principal{world.AsAgent(world.Bot), world.AsContact(r.Conversation), world.AsPartner(), world.AsSystem()} {
		_, err := d.Notify.Notifications(t.Context(), p, false, inbox.PageRequest{Limit: 10})
		world.Refused(t, err, inbox.PermissionDenied)
		_, err = d.Services.Notify.CountNotifications(t.Context(), p, true)
		world.Refused(t, err, inbox.PermissionDenied)
		_, err = d.Notify.Notification(t.Context(), p, "id")
		world.Refused(t, err, inbox.PermissionDenied)
		world.Refused(t, d.Notify.MarkNotificationsRead(t.Context(), p, notify.Reading{All: true}), inbox.PermissionDenied)
	}
}

// However often a verb is repeated with its key, everybody is told once.
func TestRepeatsNotifyOnce(t *testing.T) {
	world.EachVerb(t, func(t *testing.T, d *world.Inbox, v world.Verb, r desk.Request) {
		r.Key = "key"
		for range 3 {
			_, err := v.Do(t.Context(), d.Services, v.By, r)
			require.NoError(t, err)
		}
		require.Len(t, d.Recorded(), 1)
		want := heardOf(t, d.World, inbox.NotificationsOf(d.Recorded()[0]))
		for id := range d.World.Roster.Members {
			page, err := d.Notify.Notifications(t.Context(), world.AsMember(id), false, inbox.PageRequest{Limit: 10})
			require.NoError(t, err)
			require.Len(t, page.Items, len(want[id]))
		}
	})
}

// given makes n notifications for me, oldest first.
func given(t *testing.T, d *world.Inbox, n int) (ids []inbox.NotificationID) {
	t.Helper()
	for range n {
		c := world.NewConversation(workspace.Livechat)
		c.ID = inbox.ConversationID(d.NewID())
		d.Put(c)
		d.Pass(time.Second)
		_, err := d.Desk.Assign(t.Context(), world.AsMember(world.Manager), desk.Request{Conversation: c.ID}, access.Owner{Member: world.Me}, "")
		require.NoError(t, err)
		events := d.Recorded()
		ids = append(ids, inbox.NotificationsOf(events[len(events)-1])[0].ID)
	}
	return ids
}

func unread(t *testing.T, d *world.Inbox) (ids []inbox.NotificationID) {
	t.Helper()
	page, err := d.Notify.Notifications(t.Context(), world.AsMember(world.Me), true, inbox.PageRequest{Limit: 1000})
	require.NoError(t, err)
	for _, told := range slices.Backward(page.Items) {
		require.False(t, told.Read)
		ids = append(ids, told.Notification.ID)
	}
	n, err := d.Services.Notify.CountNotifications(t.Context(), world.AsMember(world.Me), true)
	require.NoError(t, err)
	require.Len(t, ids, n)
	return ids
}

func TestMarkingRead(t *testing.T) {
	d := world.New(t)
	ids := given(t, d, 5)
	mark := func(r notify.Reading) {
		require.NoError(t, d.Notify.MarkNotificationsRead(t.Context(), world.AsMember(world.Me), r))
	}
	mark(notify.Reading{IDs: []inbox.NotificationID{ids[3], ids[3], "unknown"}})
	require.Equal(t, []inbox.NotificationID{ids[0], ids[1], ids[2], ids[4]}, unread(t, d))
	told, err := d.Notify.Notification(t.Context(), world.AsMember(world.Me), ids[3])
	require.NoError(t, err)
	require.True(t, told.Read)
	_, err = d.Notify.Notification(t.Context(), world.AsMember(world.Mate), ids[3])
	world.Refused(t, err, inbox.NotFound)

	second, err := d.Notify.Notification(t.Context(), world.AsMember(world.Me), ids[1])
	require.NoError(t, err)
	mark(notify.Reading{UpTo: new(second.Notification.PageCursor())})
	require.Equal(t, []inbox.NotificationID{ids[2], ids[4]}, unread(t, d))
	first, err := d.Notify.Notification(t.Context(), world.AsMember(world.Me), ids[0])
	require.NoError(t, err)
	mark(notify.Reading{UpTo: new(first.Notification.PageCursor())})
	require.Len(t, unread(t, d), 2, "what was read stays read")
	mark(notify.Reading{All: true})
	require.Empty(t, unread(t, d))
	rev := d.Marks[world.Me].Rev
	mark(notify.Reading{All: true})
	require.Equal(t, rev, d.Marks[world.Me].Rev, "nothing changed, nothing written")
	require.Equal(t, given(t, d, 1), unread(t, d), "what comes later is unread")
	require.NoError(t, d.Notify.MarkNotificationsRead(t.Context(), world.AsMember(world.Observer), notify.Reading{All: true}), "nothing to read")
}

// What others' notifications are called tells nothing and marks nothing.
func TestMarkingOthersRead(t *testing.T) {
	d := world.New(t)
	ids := given(t, d, 1)
	world.Refused(t, d.Notify.MarkNotificationsRead(t.Context(), world.AsMember(world.Mate), notify.Reading{IDs: ids}), inbox.NotFound)
	require.Zero(t, d.Marks[world.Mate].Rev)
	require.Equal(t, ids, unread(t, d))
}

// Whatever clocks say and however it is marked, exactly what was marked is read:
// ids mark themselves, a cursor marks what stood at it and behind it in the list
// that it is from, and nothing that is committed later comes as read. B:V8a
func TestReadingMarksWhatWasShown(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := world.New(t)
		read := map[inbox.NotificationID]bool{}
		mark := func(r notify.Reading) {
			require.NoError(rt, d.Notify.MarkNotificationsRead(t.Context(), world.AsMember(world.Me), r))
		}
		list := func() []inbox.Notification {
			page, err := d.Notify.Notifications(t.Context(), world.AsMember(world.Me), false, inbox.PageRequest{Limit: 1000})
			require.NoError(rt, err)
			var all []inbox.Notification
			for _, told := range page.Items {
				require.Equal(rt, read[told.Notification.ID], told.Read)
				all = append(all, told.Notification)
			}
			return all
		}
		shown := list()
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			switch step := rapid.IntRange(0, 4).Draw(rt, "step"); {
			case step == 0 || len(shown) == 0:
				d.Pass(time.Duration(rapid.IntRange(-10, 10).Draw(rt, "clock")) * time.Second)
				given(t, d, rapid.IntRange(1, 3).Draw(rt, "given"))
			case step == 1:
				shown = list()
			case step == 2:
				n := rapid.SampledFrom(shown).Draw(rt, "one")
				mark(notify.Reading{IDs: []inbox.NotificationID{n.ID}})
				read[n.ID] = true
			case step == 3:
				i := rapid.IntRange(0, len(shown)-1).Draw(rt, "up to")
				mark(notify.Reading{UpTo: new(shown[i].PageCursor())})
				for _, n := range shown[i:] {
					read[n.ID] = true
				}
			default:
				shown = list()
				mark(notify.Reading{All: true})
				for _, n := range shown {
					read[n.ID] = true
				}
			}
			require.Len(rt, unread(t, d), len(list())-len(read))
		}
	})
}

// Ids mark nothing but themselves, however many there are. Those that have nothing
// unread before them are one mark; past the bound of the others nothing is marked.
func TestMarkingManyOneByOne(t *testing.T) {
	d := world.New(t)
	ids := given(t, d, notify.MaxSingleMarks+3)
	mark := func(ids ...inbox.NotificationID) error {
		return d.Notify.MarkNotificationsRead(t.Context(), world.AsMember(world.Me), notify.Reading{IDs: ids})
	}
	for chunk := range slices.Chunk(ids[1:notify.MaxSingleMarks+1], 100) {
		require.NoError(t, mark(chunk...))
	}
	want := []inbox.NotificationID{ids[0], ids[len(ids)-2], ids[len(ids)-1]}
	require.Equal(t, want, unread(t, d))
	world.Refused(t, mark(ids[len(ids)-1]), inbox.InvalidInput)
	require.Equal(t, want, unread(t, d))
	require.NoError(t, mark(ids[0]))
	require.Equal(t, want[1:], unread(t, d))
	require.Empty(t, d.Marks[world.Me].Single)
	require.NoError(t, mark(ids[len(ids)-1]))
	require.Equal(t, want[1:2], unread(t, d))
}

func TestNotificationFaults(t *testing.T) {
	d := world.New(t)
	ids := given(t, d, 1)
	d.Fault = errors.New("away")
	_, err := d.Notify.Notification(t.Context(), world.AsMember(world.Me), ids[0])
	require.ErrorIs(t, err, d.Fault)
	_, err = d.Notify.Notifications(t.Context(), world.AsMember(world.Me), true, inbox.PageRequest{Limit: 1})
	require.ErrorIs(t, err, d.Fault)
	_, err = d.Services.Notify.CountNotifications(t.Context(), world.AsMember(world.Me), true)
	require.ErrorIs(t, err, d.Fault)
	for _, r := range []notify.Reading{{IDs: ids}, {All: true}, {UpTo: &inbox.PageCursor{ID: "x"}}} {
		require.ErrorIs(t, d.Notify.MarkNotificationsRead(t.Context(), world.AsMember(world.Me), r), d.Fault)
	}
}
