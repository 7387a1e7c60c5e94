package notify_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/internal/world"
)

// "You were given it" and "the contact wrote" are over once the owner has answered,
// lost the conversation, or it is closed, by whatever door; a note ends nothing. B:S2
func TestANoticeIsOverWhenItsGroundIs(t *testing.T) {
	ctx := context.Background()
	gives := map[string]func(d *world.Inbox, r desk.Request) error{
		"assigned": func(d *world.Inbox, r desk.Request) error {
			_, err := d.Desk.Assign(ctx, world.AsMember(world.Manager), r, access.Owner{Member: world.Me}, "")
			return err
		},
		"written to": func(d *world.Inbox, r desk.Request) error {
			if _, err := d.Desk.Claim(ctx, world.AsMember(world.Me), r); err != nil {
				return err
			}
			_, err := d.Messages.Send(ctx, world.AsContact(r.Conversation), desk.SendRequest{Conversation: r.Conversation, Body: "Hello?"})
			return err
		},
	}
	say := func(d *world.Inbox, by inbox.Principal, r desk.Request, internal bool) error {
		_, err := d.Messages.Send(ctx, by, desk.SendRequest{Conversation: r.Conversation, Body: "Yes.", Internal: internal})
		return err
	}
	ends := map[string]struct {
		do   func(d *world.Inbox, r desk.Request) error
		over bool
	}{
		"nothing":            {func(*world.Inbox, desk.Request) error { return nil }, false},
		"the owner's note":   {func(d *world.Inbox, r desk.Request) error { return say(d, world.AsMember(world.Me), r, true) }, false},
		"a colleague's note": {func(d *world.Inbox, r desk.Request) error { return say(d, world.AsMember(world.Mate), r, true) }, false},
		"the owner's answer": {func(d *world.Inbox, r desk.Request) error { return say(d, world.AsMember(world.Me), r, false) }, true},
		"a status": {func(d *world.Inbox, r desk.Request) error {
			_, err := d.Desk.SetStatus(ctx, world.AsMember(world.Me), r, inbox.Unset)
			return err
		}, false},
		"the owner closes": {func(d *world.Inbox, r desk.Request) error {
			_, err := d.Desk.SetStatus(ctx, world.AsMember(world.Me), r, inbox.Closed)
			return err
		}, true},
		"the contact closes": {func(d *world.Inbox, r desk.Request) error {
			_, err := d.Desk.SetStatus(ctx, world.AsContact(r.Conversation), r, inbox.Closed)
			return err
		}, true},
		"the owner leaves": {func(d *world.Inbox, r desk.Request) error {
			_, err := d.Desk.Leave(ctx, world.AsMember(world.Me), r)
			return err
		}, true},
		"somebody takes over": {func(d *world.Inbox, r desk.Request) error {
			_, err := d.Desk.TakeOver(ctx, world.AsMember(world.Manager), r, nil, "")
			return err
		}, true},
		"back to the AI agent": {func(d *world.Inbox, r desk.Request) error {
			_, err := d.Desk.ReturnToAgent(ctx, world.AsMember(world.Me), r, "")
			return err
		}, true},
	}
	for given, give := range gives {
		for name, end := range ends {
			t.Run(given+"/"+name, func(t *testing.T) {
				d := world.New(t)
				r := d.Begin(t, "chat: AI answers")
				require.NoError(t, give(d, r))
				grounded := func() (unread int) {
					page, err := d.Notify.Notifications(ctx, world.AsMember(world.Me), true, inbox.PageRequest{Limit: 50})
					require.NoError(t, err)
					for _, told := range page.Items {
						switch told.Notification.Kind {
						case inbox.NotifyAssigned, inbox.NotifyTransferred, inbox.NotifyInbound:
							unread++
						}
					}
					return unread
				}
				require.Equal(t, 1, grounded())
				require.NoError(t, end.do(d, r))
				want := 1
				if end.over {
					want = 0
				}
				require.Equal(t, want, grounded())
			})
		}
	}
}

// What somebody lost stays to be read, and what is given again is told again.
func TestANoticeOfALossStays(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: AI answers")
	_, err := d.Desk.Assign(t.Context(), world.AsMember(world.Manager), r, access.Owner{Member: world.Me}, "")
	require.NoError(t, err)
	_, err = d.Desk.TakeOver(t.Context(), world.AsMember(world.Manager), r, nil, "")
	require.NoError(t, err)
	_, err = d.Desk.Transfer(t.Context(), world.AsMember(world.Manager), r, access.Owner{Member: world.Me}, "")
	require.NoError(t, err)
	page, err := d.Notify.Notifications(t.Context(), world.AsMember(world.Me), true, inbox.PageRequest{Limit: 50})
	require.NoError(t, err)
	var kinds []inbox.NotificationKind
	for _, told := range page.Items {
		kinds = append(kinds, told.Notification.Kind)
	}
	require.ElementsMatch(t, []inbox.NotificationKind{inbox.NotifyTransferred, inbox.NotifyTakenOver}, kinds)
}
