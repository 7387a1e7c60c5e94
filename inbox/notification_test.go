package inbox_test

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
)

// hearing is which kinds each person hears.
type hearing = map[workspace.MemberID][]inbox.NotificationKind

// heardOf is what each member of the directory hears of the events.
func (w *world) heardOf(t require.TestingT, told []inbox.Notification) hearing {
	out := hearing{}
	for id := range w.directory.Members {
		a, err := access.NewAccess(asMember(id), w.directory, w.policy)
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
	type run = func(ctx context.Context, d *deskWorld, r desk.Request) error
	assign := func(by workspace.MemberID, to access.Owner) run {
		return func(ctx context.Context, d *deskWorld, r desk.Request) error {
			_, err := d.Desk.Assign(ctx, asMember(by), r, to, "")
			return err
		}
	}
	verb := func(p inbox.Principal, do func(*desk.Service, context.Context, inbox.Principal, desk.Request) (desk.Outcome, error)) run {
		return func(ctx context.Context, d *deskWorld, r desk.Request) error {
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
		return func(ctx context.Context, d *deskWorld, r desk.Request) error {
			_, err := d.Messages.Send(ctx, by, desk.SendRequest{Conversation: r.Conversation, Body: "hello", Epoch: ptr(2)})
			return err
		}
	}
	claimers := []workspace.MemberID{me, mate, senior, manager, stranger, owner}
	without := func(who []workspace.MemberID, not ...workspace.MemberID) []workspace.MemberID {
		return slices.DeleteFunc(slices.Clone(who), func(m workspace.MemberID) bool { return slices.Contains(not, m) })
	}
	inBilling := []workspace.MemberID{me, mate, senior, manager}
	mineInBilling := func(d *deskWorld) { d.put(owned(newConversation(workspace.Livechat), me, billing)) }
	managersTransfer := func(d *deskWorld) {
		d.rules(func(r *workspace.Rules) { r.TransferActor = workspace.TransferByManagers })
	}
	for name, c := range map[string]struct {
		state string
		put   func(*deskWorld)
		do    run
		want  hearing
	}{
		"assign":            {"chat: AI answers", nil, assign(manager, access.Owner{Member: mate}), each(assigned, mate)},
		"assign to oneself": {"chat: AI answers", nil, assign(manager, access.Owner{Member: manager}), hearing{}},
		"assign another's":  {"chat: a teammate's", managersTransfer, assign(manager, access.Owner{Member: me}), hearing{me: {transferred}, mate: {takenOver}}},
		"assign to a team": {"chat: AI answers", nil, func(ctx context.Context, d *deskWorld, r desk.Request) error {
			d.alone(mate)
			return assign(manager, access.Owner{Team: billing})(ctx, d, r)
		}, each(assigned, mate)},
		"into a team's queue": {"chat: AI answers", nil, func(ctx context.Context, d *deskWorld, r desk.Request) error {
			d.alone()
			return assign(manager, access.Owner{Team: billing})(ctx, d, r)
		}, each(inQueue, without(inBilling, manager)...)},
		"claim":               {"chat: queued in my team", nil, verb(asMember(me), (*desk.Service).Claim), hearing{}},
		"unassign one's own":  {"chat: mine", mineInBilling, verb(asMember(me), (*desk.Service).Unassign), each(inQueue, without(inBilling, me)...)},
		"unassign of no team": {"chat: mine", nil, verb(asMember(me), (*desk.Service).Unassign), each(upForGrabs, without(claimers, me)...)},
		"unassign another's": {"chat: a teammate's", nil, verb(asMember(manager), (*desk.Service).Unassign), func() hearing {
			h := each(upForGrabs, without(claimers, manager)...)
			h[mate] = []inbox.NotificationKind{takenOver}
			return h
		}()},
		"leave":           {"chat: mine", nil, verb(asMember(me), (*desk.Service).Leave), each(upForGrabs, without(claimers, me)...)},
		"leave in a team": {"chat: mine", mineInBilling, verb(asMember(me), (*desk.Service).Leave), each(upForGrabs, mate, senior, manager, owner)},
		"transfer":        {"chat: mine", nil, verb(asMember(me), transfer(access.Owner{Member: mate})), each(transferred, mate)},
		"transfer to a team's queue": {"chat: mine", nil, func(ctx context.Context, d *deskWorld, r desk.Request) error {
			d.alone()
			return verb(asMember(me), transfer(access.Owner{Team: sales}))(ctx, d, r)
		}, each(inQueue, stranger)},
		"take over":             {"chat: a teammate's", nil, verb(asMember(me), takeOver), each(takenOver, mate)},
		"take over from nobody": {"chat: queued of no team", nil, verb(asMember(me), takeOver), hearing{}},
		"hand off to a member":  {"chat: AI answers", nil, verb(asAgent(bot), handOff(desk.HandoffTarget{Member: mate})), each(assigned, mate)},
		"hand off to nobody there": {"chat: AI answers", nil, func(ctx context.Context, d *deskWorld, r desk.Request) error {
			d.alone()
			return verb(asAgent(bot), handOff(desk.HandoffTarget{}))(ctx, d, r)
		}, each(upForGrabs, claimers...)},
		"close another's":    {"chat: a teammate's", nil, verb(asMember(manager), closing), each(closedByOther, mate)},
		"close one's own":    {"chat: mine", nil, verb(asMember(me), closing), hearing{}},
		"the contact closes": {"chat: a teammate's", nil, verb(asContact("c"), closing), each(closedByOther, mate)},
		"a key closes":       {"chat: a teammate's", nil, verb(asPartner(), closing), each(closedByOther, mate)},
		"the AI closes":      {"chat: AI answers", nil, verb(asAgent(bot), closing), hearing{}},
		"return another's to the AI": {"chat: a teammate's", nil, verb(asMember(manager), func(s *desk.Service, ctx context.Context, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.ReturnToAgent(ctx, p, r, "")
		}), each(takenOver, mate)},
		"contact, to the assignee": {"chat: a teammate's", nil, says(asContact("c")), each(inbound, mate)},
		"contact, to a queue":      {"chat: queued in my team", nil, says(asContact("c")), each(inbound, inBilling...)},
		"contact, to any queue":    {"chat: queued of no team", nil, says(asContact("c")), each(inbound, claimers...)},
		"contact, to the AI":       {"chat: AI answers", nil, says(asContact("c")), hearing{}},
		"the AI":                   {"chat: AI answers", nil, says(asAgent(bot)), hearing{}},
		"the assignee":             {"chat: mine", nil, says(asMember(me)), hearing{}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.begin(t, c.state)
			if c.put != nil {
				c.put(d)
			}
			require.NoError(t, c.do(t.Context(), d, r))
			require.Len(t, d.recorded(), 1)
			require.Equal(t, c.want, d.heardOf(t, inbox.NotificationsOf(d.recorded()[0])))
		})
	}
}

// Whatever people do, nobody hears twice of one event or of what they did
// themselves, and what can be claimed is announced to exactly those who may claim
// it, for exactly as long. B:L1
func TestAnnouncedWhileItCanBeClaimed(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := w.clone()
		l := newLife(rt, w)
		ids := map[inbox.NotificationID]bool{}
		var open []inbox.Notification
		for version := 0; len(ids) < 40; {
			if l.last.Version != version {
				version = l.last.Version
				open = w.checkTold(rt, l, open, ids)
			}
			if rapid.IntRange(0, 20).Draw(rt, "enough") == 0 {
				return
			}
			l.step(rt)
		}
	})
}

// checkTold checks what the last event of l tells, and gives what is open now.
func (w *world) checkTold(t *rapid.T, l *life, open []inbox.Notification, ids map[inbox.NotificationID]bool) []inbox.Notification {
	e := l.last
	e.ID = inbox.EventID(fmt.Sprintf("e%d", e.Version))
	after := l.c
	e.After = &after
	if back, ok := inbox.Withdrawn(e); ok {
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
	for id, kinds := range w.heardOf(t, told) {
		require.Len(t, kinds, 1, "%s of %s", id, e.Kind)
		require.NotEqual(t, e.Actor.Member(), id)
	}
	waits := !after.Owned() && after.Status != inbox.Closed && (after.Left || after.Waiting())
	require.Equal(t, waits, len(open) == 1, "%s: %v", e.Kind, open)
	if waits && open[0].Kind == upForGrabs {
		hear := w.heardOf(t, open)
		for id := range w.directory.Members {
			a, err := access.NewAccess(asMember(id), w.directory, w.policy)
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
	d := newDesk(t)
	r := d.begin(t, "chat: mine")
	d.put(owned(newConversation(workspace.Livechat), me, billing))
	_, err := d.Desk.Leave(t.Context(), asMember(me), r)
	require.NoError(t, err)
	count := func(id workspace.MemberID) int {
		n, err := d.Services.Notify.CountNotifications(t.Context(), asMember(id), true)
		require.NoError(t, err)
		return n
	}
	require.Equal(t, 1, count(mate))
	require.Zero(t, count(stranger))
	d.member(mate, func(m *workspace.Member) { m.Teams = []workspace.TeamID{sales} })
	require.Zero(t, count(mate))
	d.member(mate, func(m *workspace.Member) {
		m.Teams = []workspace.TeamID{billing}
		m.Roles = []workspace.RoleName{"observer"}
	})
	require.Zero(t, count(mate), "who may not claim is not told")
	d.member(mate, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"agent"} })
	require.Equal(t, 1, count(mate))
	d.member(stranger, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"manager"} })
	require.Equal(t, 1, count(stranger))
	d.member(stranger, func(m *workspace.Member) { m.Roles = []workspace.RoleName{} })
	_, err = d.Services.Notify.CountNotifications(t.Context(), asMember(stranger), true)
	refused(t, err, inbox.PermissionDenied)

	_, err = d.Desk.Assign(t.Context(), asMember(manager), r, access.Owner{Member: mate}, "a secret note")
	require.NoError(t, err)
	_, err = d.Desk.TakeOver(t.Context(), asMember(senior), r, ptr("I take this"), "")
	require.NoError(t, err)
	d.member(mate, func(m *workspace.Member) { m.Teams = []workspace.TeamID{sales} })
	_, err = d.Desk.Leave(t.Context(), asMember(senior), r)
	require.NoError(t, err)
	page, err := d.Notify.Notifications(t.Context(), asMember(mate), false, inbox.PageRequest{Limit: 10})
	require.NoError(t, err)
	require.Len(t, page.Items, 2, "what was told in person stays")
	require.Equal(t, senior, page.Items[0].Conversation.Assignee, "who took it may be told")
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
	d := newDesk(t)
	r := d.begin(t, "chat: mine")
	for _, p := range []inbox.Principal{asAgent(bot), asContact(r.Conversation), asPartner(), asSystem()} {
		_, err := d.Notify.Notifications(t.Context(), p, false, inbox.PageRequest{Limit: 10})
		refused(t, err, inbox.PermissionDenied)
		_, err = d.Services.Notify.CountNotifications(t.Context(), p, true)
		refused(t, err, inbox.PermissionDenied)
		_, err = d.Notify.Notification(t.Context(), p, "id")
		refused(t, err, inbox.PermissionDenied)
		refused(t, d.Notify.MarkNotificationsRead(t.Context(), p, notify.Reading{All: true}), inbox.PermissionDenied)
	}
}

// However often a verb is repeated with its key, everybody is told once.
func TestRepeatsNotifyOnce(t *testing.T) {
	eachVerb(t, func(t *testing.T, d *deskWorld, v serviceVerb, r desk.Request) {
		r.Key = "key"
		for range 3 {
			_, err := v.do(t.Context(), d.Services, v.by, r)
			require.NoError(t, err)
		}
		require.Len(t, d.recorded(), 1)
		want := d.heardOf(t, inbox.NotificationsOf(d.recorded()[0]))
		for id := range d.world.directory.Members {
			page, err := d.Notify.Notifications(t.Context(), asMember(id), false, inbox.PageRequest{Limit: 10})
			require.NoError(t, err)
			require.Len(t, page.Items, len(want[id]))
		}
	})
}

// given makes n notifications for me, oldest first.
func (d *deskWorld) given(t *testing.T, n int) (ids []inbox.NotificationID) {
	t.Helper()
	for range n {
		c := newConversation(workspace.Livechat)
		c.ID = inbox.ConversationID(d.newID())
		d.put(c)
		d.pass(time.Second)
		_, err := d.Desk.Assign(t.Context(), asMember(manager), desk.Request{Conversation: c.ID}, access.Owner{Member: me}, "")
		require.NoError(t, err)
		events := d.recorded()
		ids = append(ids, inbox.NotificationsOf(events[len(events)-1])[0].ID)
	}
	return ids
}

func (d *deskWorld) unread(t *testing.T) (ids []inbox.NotificationID) {
	t.Helper()
	page, err := d.Notify.Notifications(t.Context(), asMember(me), true, inbox.PageRequest{Limit: 1000})
	require.NoError(t, err)
	for _, told := range slices.Backward(page.Items) {
		require.False(t, told.Read)
		ids = append(ids, told.Notification.ID)
	}
	n, err := d.Services.Notify.CountNotifications(t.Context(), asMember(me), true)
	require.NoError(t, err)
	require.Len(t, ids, n)
	return ids
}

func TestMarkingRead(t *testing.T) {
	d := newDesk(t)
	ids := d.given(t, 5)
	mark := func(r notify.Reading) {
		require.NoError(t, d.Notify.MarkNotificationsRead(t.Context(), asMember(me), r))
	}
	mark(notify.Reading{IDs: []inbox.NotificationID{ids[3], ids[3], "unknown"}})
	require.Equal(t, []inbox.NotificationID{ids[0], ids[1], ids[2], ids[4]}, d.unread(t))
	told, err := d.Notify.Notification(t.Context(), asMember(me), ids[3])
	require.NoError(t, err)
	require.True(t, told.Read)
	_, err = d.Notify.Notification(t.Context(), asMember(mate), ids[3])
	refused(t, err, inbox.NotFound)

	second, err := d.Notify.Notification(t.Context(), asMember(me), ids[1])
	require.NoError(t, err)
	mark(notify.Reading{UpTo: new(second.Notification.PageCursor())})
	require.Equal(t, []inbox.NotificationID{ids[2], ids[4]}, d.unread(t))
	first, err := d.Notify.Notification(t.Context(), asMember(me), ids[0])
	require.NoError(t, err)
	mark(notify.Reading{UpTo: new(first.Notification.PageCursor())})
	require.Len(t, d.unread(t), 2, "what was read stays read")
	mark(notify.Reading{All: true})
	require.Empty(t, d.unread(t))
	rev := d.marks[me].Rev
	mark(notify.Reading{All: true})
	require.Equal(t, rev, d.marks[me].Rev, "nothing changed, nothing written")
	require.Equal(t, d.given(t, 1), d.unread(t), "what comes later is unread")
	require.NoError(t, d.Notify.MarkNotificationsRead(t.Context(), asMember(observer), notify.Reading{All: true}), "nothing to read")
}

// What others' notifications are called tells nothing and marks nothing.
func TestMarkingOthersRead(t *testing.T) {
	d := newDesk(t)
	ids := d.given(t, 1)
	refused(t, d.Notify.MarkNotificationsRead(t.Context(), asMember(mate), notify.Reading{IDs: ids}), inbox.NotFound)
	require.Zero(t, d.marks[mate].Rev)
	require.Equal(t, ids, d.unread(t))
}

// Whatever clocks say and however it is marked, exactly what was marked is read:
// ids mark themselves, a cursor marks what stood at it and behind it in the list
// that it is from, and nothing that is committed later comes as read. B:V8a
func TestReadingMarksWhatWasShown(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk(t)
		read := map[inbox.NotificationID]bool{}
		mark := func(r notify.Reading) {
			require.NoError(rt, d.Notify.MarkNotificationsRead(t.Context(), asMember(me), r))
		}
		list := func() []inbox.Notification {
			page, err := d.Notify.Notifications(t.Context(), asMember(me), false, inbox.PageRequest{Limit: 1000})
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
				d.pass(time.Duration(rapid.IntRange(-10, 10).Draw(rt, "clock")) * time.Second)
				d.given(t, rapid.IntRange(1, 3).Draw(rt, "given"))
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
			require.Len(rt, d.unread(t), len(list())-len(read))
		}
	})
}

// Ids mark nothing but themselves, however many there are. Those that have nothing
// unread before them are one mark; past the bound of the others nothing is marked.
func TestMarkingManyOneByOne(t *testing.T) {
	d := newDesk(t)
	ids := d.given(t, notify.MaxSingleMarks+3)
	mark := func(ids ...inbox.NotificationID) error {
		return d.Notify.MarkNotificationsRead(t.Context(), asMember(me), notify.Reading{IDs: ids})
	}
	for chunk := range slices.Chunk(ids[1:notify.MaxSingleMarks+1], 100) {
		require.NoError(t, mark(chunk...))
	}
	want := []inbox.NotificationID{ids[0], ids[len(ids)-2], ids[len(ids)-1]}
	require.Equal(t, want, d.unread(t))
	refused(t, mark(ids[len(ids)-1]), inbox.InvalidInput)
	require.Equal(t, want, d.unread(t))
	require.NoError(t, mark(ids[0]))
	require.Equal(t, want[1:], d.unread(t))
	require.Empty(t, d.marks[me].Single)
	require.NoError(t, mark(ids[len(ids)-1]))
	require.Equal(t, want[1:2], d.unread(t))
}

func TestNotificationFaults(t *testing.T) {
	d := newDesk(t)
	ids := d.given(t, 1)
	d.fault = errors.New("away")
	_, err := d.Notify.Notification(t.Context(), asMember(me), ids[0])
	require.ErrorIs(t, err, d.fault)
	_, err = d.Notify.Notifications(t.Context(), asMember(me), true, inbox.PageRequest{Limit: 1})
	require.ErrorIs(t, err, d.fault)
	_, err = d.Services.Notify.CountNotifications(t.Context(), asMember(me), true)
	require.ErrorIs(t, err, d.fault)
	for _, r := range []notify.Reading{{IDs: ids}, {All: true}, {UpTo: &inbox.PageCursor{ID: "x"}}} {
		require.ErrorIs(t, d.Notify.MarkNotificationsRead(t.Context(), asMember(me), r), d.fault)
	}
}
