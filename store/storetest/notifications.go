package storetest

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/notify"
	"switchboard/inbox/workspace"
)

// The audiences of the tests, as inbox makes them.
const (
	toMia     inbox.Audience = "member:mia"
	toNoa     inbox.Audience = "member:noa"
	toAnyone  inbox.Audience = "claimers:LIVECHAT:"
	toBilling inbox.Audience = "team:LIVECHAT:billing"
)

// stepped is the change that a pure verb makes, n seconds into the tests' time.
func stepped(c inbox.Conversation, by workspace.MemberID, n int, verb func(inbox.Conversation, inbox.Command) inbox.Move) commit.Change {
	t := inbox.Command{By: workspace.Actor{Kind: workspace.ActorMember, ID: string(by)}, At: at(n), Rules: workspace.DefaultRules()}
	m := verb(c, t)
	m.Event.ID = inbox.EventID(id("e"))
	after := m.After
	m.Event.After = &after
	return commit.Change{Conversation: m.After, Guard: commit.Guard{Version: c.Version}, Event: m.Event}
}

func given(to workspace.MemberID) func(inbox.Conversation, inbox.Command) inbox.Move {
	return func(c inbox.Conversation, t inbox.Command) inbox.Move { return inbox.Assign(c, to, t) }
}

func queuedFor(team workspace.TeamID) func(inbox.Conversation, inbox.Command) inbox.Move {
	return func(c inbox.Conversation, t inbox.Command) inbox.Move { return inbox.AssignToTeam(c, team, "", t) }
}

// told lists what the member hears in these audiences.
func (d *fixture) told(m workspace.MemberID, audiences ...inbox.Audience) []inbox.Notification {
	d.t.Helper()
	page, err := d.ListNotifications(soon(d.t), d.heard(m, audiences...))
	require.NoError(d.t, err)
	return unplaced(page.Items)
}

// unplaced are notifications as their events make them, before a list gives them
// places.
func unplaced(all []inbox.Notification) []inbox.Notification {
	out := slices.Clone(all)
	for i := range out {
		out[i].Sequence = 0
	}
	return out
}

func (d *fixture) heard(m workspace.MemberID, audiences ...inbox.Audience) notify.NotificationQuery {
	return notify.NotificationQuery{Workspace: d.ws, Member: m, Audiences: audiences, Page: inbox.PageRequest{Limit: 100}}
}

// A notification is written with its event, once, and is for its audience alone.
func notificationsWritten(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.created()
	change := stepped(c, "noa", 1, given("mia"))
	change.Event.Key = inbox.IdempotencyKey{Actor: change.Event.Actor, Key: "k", Request: "r"}
	d.commit(change)
	want := inbox.NotificationsOf(change.Event)
	require.Len(t, want, 1)
	require.Equal(t, want, d.told("mia", toMia, toAnyone))
	require.Empty(t, d.told("mia", toNoa))
	require.Empty(t, d.told("noa", toMia), "who did it is not told")
	require.Empty(t, d.told("mia"), "no audience, no notification")

	require.Error(t, d.Commit(soon(t), change), "the same event again")
	again := stepped(change.Conversation, "noa", 2, given("zoe"))
	again.Event.Key = change.Event.Key
	require.ErrorIs(t, d.Commit(soon(t), again), commit.ErrDuplicateKey)
	require.Len(t, d.told("mia", toMia), 1)
	require.Empty(t, d.told("zoe", "member:zoe"), "what was rolled back was not told")

	found, err := d.NotificationsByID(soon(t), d.ws, []inbox.NotificationID{want[0].ID, "none", inbox.NotificationID(change.Event.ID)})
	require.NoError(t, err)
	require.Equal(t, want, unplaced(slices.Collect(maps.Values(found))))
	events, err := d.Events(soon(t), d.ws, []inbox.EventID{change.Event.ID, "none", inbox.EventID(want[0].ID)})
	require.NoError(t, err)
	require.Equal(t, map[inbox.EventID]inbox.Event{change.Event.ID: change.Event}, events)

	other := *d
	other.ws = "another"
	require.Empty(t, other.told("mia", toMia))
	found, err = d.NotificationsByID(soon(t), other.ws, []inbox.NotificationID{want[0].ID})
	require.NoError(t, err)
	require.Empty(t, found)
	events, err = d.Events(soon(t), other.ws, []inbox.EventID{change.Event.ID})
	require.NoError(t, err)
	require.Empty(t, events)
}

// What can be claimed is told to all who may, and gone for all in the commit that
// gives it to somebody; what is no longer to be claimed stays. B:L1
func notificationsWithdrawn(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.commit(stepped(d.created(), "noa", 1, given("mia")))
	other := d.commit(stepped(d.created(), "zoe", 1, queuedFor("billing")))
	left := stepped(c, "mia", 2, inbox.Leave)
	c = d.commit(left)
	require.Equal(t, inbox.NotificationsOf(left.Event), d.told("noa", toNoa, toAnyone))
	require.Empty(t, d.told("mia", toAnyone), "who left is not told")

	said := saying(c, "anybody?")
	said.Conversation.LastActivityAt, said.Event.At = at(3), at(3)
	d.commit(said)
	require.Len(t, d.told("noa", toAnyone), 2)

	lost := stepped(c, "noa", 4, inbox.Claim)
	lost.Guard.Version++
	require.ErrorIs(t, d.Commit(soon(t), lost), commit.ErrStale)
	require.Len(t, d.told("noa", toAnyone), 2, "nobody has it yet")

	d.commit(stepped(c, "noa", 4, inbox.Claim))
	require.Empty(t, d.told("zoe", toAnyone))
	require.Len(t, d.told("mia", toMia), 1, "that mia was given it stays told")
	require.Len(t, d.told("mia", toBilling), 1, "another conversation still waits")

	// From one queue into another it is announced anew, and once.
	other = d.commit(stepped(other, "zoe", 5, queuedFor("sales")))
	require.Empty(t, d.told("mia", toBilling))
	require.Len(t, d.told("mia", "team:LIVECHAT:sales"), 1)
	d.commit(stepped(other, "zoe", 6, queuedFor("billing")))
	require.Len(t, d.told("mia", toBilling), 1)
}

// Read marks narrow what is listed and counted, and of two saves one wins.
func notificationsRead(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.created()
	for n := range 6 { // pairs of the same moment, told apart by id
		c = d.commit(stepped(c, "noa", n/2, given([]workspace.MemberID{"mia", "zoe"}[n%2])))
		other := d.created()
		d.commit(stepped(other, "noa", n/2, given("mia")))
	}
	listed, err := d.ListNotifications(soon(t), d.heard("mia", toMia))
	require.NoError(t, err)
	all := listed.Items
	require.True(t, slices.IsSortedFunc(all, newerFirst))
	none, err := d.ReadMarks(soon(t), d.ws, "mia")
	require.NoError(t, err)
	require.Equal(t, notify.ReadMarks{Workspace: d.ws, Member: "mia"}, none)

	marks := none.With(inbox.PageCursor{}, nil)
	for i, n := range slices.Backward(all) {
		marks = marks.With(inbox.PageCursor{}, []inbox.PageCursor{all[0].PageCursor()})
		marks = marks.With(n.PageCursor(), nil)
		marks.Rev++
		require.NoError(t, d.SaveReadMarks(soon(t), marks))
		require.ErrorIs(t, d.SaveReadMarks(soon(t), marks), commit.ErrStale)
		stored, err := d.ReadMarks(soon(t), d.ws, "mia")
		require.NoError(t, err)
		require.Equal(t, marks, stored)

		q := d.heard("mia", toMia)
		q.Unread = &stored
		want := slices.DeleteFunc(slices.Clone(all[:i]), stored.Read)
		page, err := d.ListNotifications(soon(t), q)
		require.NoError(t, err)
		require.Len(t, page.Items, len(want))
		for j := range want {
			require.Equal(t, want[j], page.Items[j])
		}
		count, err := d.CountNotifications(soon(t), q, 100)
		require.NoError(t, err)
		require.Equal(t, len(want), count)
		count, err = d.CountNotifications(soon(t), q, 2)
		require.NoError(t, err)
		require.Equal(t, min(2, len(want)), count)
	}
	of, err := d.ReadMarks(soon(t), "another", "mia")
	require.NoError(t, err)
	require.Zero(t, of.Rev)
}

func newerFirst(a, b inbox.Notification) int {
	if d := b.At.Compare(a.At); d != 0 {
		return d
	}
	return strings.Compare(string(b.ID), string(a.ID))
}

// Of two who save at once one has to look again.
func notificationMarksRace(t *testing.T, open Opener) {
	d := newDesk(t, open)
	for rev := 1; rev <= 10; rev++ {
		save := func() error {
			return d.SaveReadMarks(soon(t), notify.ReadMarks{Workspace: d.ws, Member: "mia", Rev: rev})
		}
		errs := together(save, save)
		if errs[0] == nil {
			errs[0], errs[1] = errs[1], errs[0]
		}
		require.ErrorIs(t, errs[0], commit.ErrStale)
		require.NoError(t, errs[1])
	}
}

// Whatever verbs follow each other, the list is what follows from the events, in
// whatever pages it is read, and the feed tells events alone.
func notificationsProperty(t *testing.T, open Opener) {
	shared := newDesk(t, open)
	rapid.Check(t, func(rt *rapid.T) {
		d := &fixture{Engine: shared.Engine, t: t, ws: workspace.WorkspaceID(id("ws"))}
		feed, err := d.Watch(soon(t), "")
		require.NoError(t, err)
		defer func() { require.NoError(t, feed.Close(soon(t))) }()
		var want []inbox.Notification
		chats := []inbox.Conversation{d.created(), d.created()}
		events := []inbox.EventID{}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			i := rapid.IntRange(0, 1).Draw(rt, "chat")
			c := chats[i]
			by := rapid.SampledFrom([]workspace.MemberID{"mia", "noa"}).Draw(rt, "by")
			verb := rapid.SampledFrom([]func(inbox.Conversation, inbox.Command) inbox.Move{
				inbox.Leave, inbox.Claim, inbox.TakeOver, inbox.Unassign, given("mia"), given("noa"), queuedFor("billing"), queuedFor(""),
			}).Draw(rt, "verb")
			change := stepped(c, by, rapid.IntRange(0, 3).Draw(rt, "at"), verb)
			events = append(events, change.Event.ID)
			chats[i] = d.commit(change)
			if _, ok := inbox.Withdrawn(change.Event); ok {
				want = slices.DeleteFunc(want, func(n inbox.Notification) bool { return n.Claimable && n.Conversation == c.ID })
			}
			want = append(want, inbox.NotificationsOf(change.Event)...)
		}
		me := rapid.SampledFrom([]workspace.MemberID{"mia", "noa"}).Draw(rt, "me")
		q := d.heard(me, inbox.Audience("member:"+me), toAnyone, toBilling)
		want = slices.DeleteFunc(want, func(n inbox.Notification) bool {
			return !slices.Contains(q.Audiences, n.Audience) || slices.Contains(n.Except, me)
		})
		slices.SortFunc(want, newerFirst)
		require.Equal(rt, append([]inbox.Notification(nil), want...), unplaced(d.paged(rt, q, rapid.IntRange(1, 4).Draw(rt, "page"))))
		seen := []inbox.EventID{}
		for len(seen) < len(events)+len(chats) {
			item, err := feed.Next(soon(t))
			require.NoError(rt, err)
			seen = append(seen, item.Event.ID)
		}
		require.Equal(rt, events, seen[len(chats):])
	})
}

// paged reads a whole list in pages.
func (d *fixture) paged(t require.TestingT, q notify.NotificationQuery, size int) (all []inbox.Notification) {
	q.Page = inbox.PageRequest{Limit: size}
	for {
		page, err := d.ListNotifications(soon(d.t), q)
		require.NoError(t, err)
		all = append(all, page.Items...)
		if !page.HasNext {
			return all
		}
		last := page.Items[len(page.Items)-1]
		q.Page.After = new(last.PageCursor())
	}
}

// Many who claim at once: one has it, and nobody is left with an offer.
func notificationsRace(t *testing.T, open Opener) {
	d := newDesk(t, open)
	c := d.created()
	for range 10 {
		c = d.commit(stepped(c, "zoe", 1, queuedFor("billing")))
		require.Len(t, d.told("uma", toBilling), 1)
		mia, noa := stepped(c, "mia", 2, inbox.Claim), stepped(c, "noa", 2, inbox.Claim)
		said := saying(c, "hello?")
		errs := together(
			func() error { return d.Commit(soon(t), mia) }, func() error { return d.Commit(soon(t), noa) }, func() error { return d.Commit(soon(t), said) })
		require.Empty(t, d.told("uma", toBilling))
		switch {
		case errs[0] == nil && errors.Is(errs[1], commit.ErrStale):
			c = mia.Conversation
		case errs[1] == nil && errors.Is(errs[0], commit.ErrStale):
			c = noa.Conversation
		default:
			t.Fatal(errs)
		}
		c.LastActivityAt = c.LastActivityAt.Add(time.Second)
		c = d.commit(stepped(c, c.Assignee, 3, inbox.Unassign))
		require.Len(t, d.told("zoe", toBilling), 1)
	}
}
