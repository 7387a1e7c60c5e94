package inbox_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
)

// "You were given it" and "the contact wrote" are over once the owner has answered,
// lost the conversation, or it is closed, by whatever door; a note ends nothing. B:S2
func TestANoticeIsOverWhenItsGroundIs(t *testing.T) {
	ctx := context.Background()
	gives := map[string]func(d *deskWorld, r desk.Request) error{
		"assigned": func(d *deskWorld, r desk.Request) error {
			_, err := d.Desk.Assign(ctx, asMember(manager), r, access.Owner{Member: me}, "")
			return err
		},
		"written to": func(d *deskWorld, r desk.Request) error {
			if _, err := d.Desk.Claim(ctx, asMember(me), r); err != nil {
				return err
			}
			_, err := d.Messages.Send(ctx, asContact(r.Conversation), desk.SendRequest{Conversation: r.Conversation, Body: "Hello?"})
			return err
		},
	}
	say := func(d *deskWorld, by inbox.Principal, r desk.Request, internal bool) error {
		_, err := d.Messages.Send(ctx, by, desk.SendRequest{Conversation: r.Conversation, Body: "Yes.", Internal: internal})
		return err
	}
	ends := map[string]struct {
		do   func(d *deskWorld, r desk.Request) error
		over bool
	}{
		"nothing":            {func(*deskWorld, desk.Request) error { return nil }, false},
		"the owner's note":   {func(d *deskWorld, r desk.Request) error { return say(d, asMember(me), r, true) }, false},
		"a colleague's note": {func(d *deskWorld, r desk.Request) error { return say(d, asMember(mate), r, true) }, false},
		"the owner's answer": {func(d *deskWorld, r desk.Request) error { return say(d, asMember(me), r, false) }, true},
		"a status": {func(d *deskWorld, r desk.Request) error {
			_, err := d.Desk.SetStatus(ctx, asMember(me), r, inbox.Unset)
			return err
		}, false},
		"the owner closes": {func(d *deskWorld, r desk.Request) error {
			_, err := d.Desk.SetStatus(ctx, asMember(me), r, inbox.Closed)
			return err
		}, true},
		"the contact closes": {func(d *deskWorld, r desk.Request) error {
			_, err := d.Desk.SetStatus(ctx, asContact(r.Conversation), r, inbox.Closed)
			return err
		}, true},
		"the owner leaves": {func(d *deskWorld, r desk.Request) error { _, err := d.Desk.Leave(ctx, asMember(me), r); return err }, true},
		"somebody takes over": {func(d *deskWorld, r desk.Request) error {
			_, err := d.Desk.TakeOver(ctx, asMember(manager), r, nil, "")
			return err
		}, true},
		"back to the AI agent": {func(d *deskWorld, r desk.Request) error {
			_, err := d.Desk.ReturnToAgent(ctx, asMember(me), r, "")
			return err
		}, true},
	}
	for given, give := range gives {
		for name, end := range ends {
			t.Run(given+"/"+name, func(t *testing.T) {
				d := newDesk(t)
				r := d.begin(t, "chat: AI answers")
				require.NoError(t, give(d, r))
				grounded := func() (unread int) {
					page, err := d.Notify.Notifications(ctx, asMember(me), true, inbox.PageRequest{Limit: 50})
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
	d := newDesk(t)
	r := d.begin(t, "chat: AI answers")
	_, err := d.Desk.Assign(t.Context(), asMember(manager), r, access.Owner{Member: me}, "")
	require.NoError(t, err)
	_, err = d.Desk.TakeOver(t.Context(), asMember(manager), r, nil, "")
	require.NoError(t, err)
	_, err = d.Desk.Transfer(t.Context(), asMember(manager), r, access.Owner{Member: me}, "")
	require.NoError(t, err)
	page, err := d.Notify.Notifications(t.Context(), asMember(me), true, inbox.PageRequest{Limit: 50})
	require.NoError(t, err)
	var kinds []inbox.NotificationKind
	for _, told := range page.Items {
		kinds = append(kinds, told.Notification.Kind)
	}
	require.ElementsMatch(t, []inbox.NotificationKind{inbox.NotifyTransferred, inbox.NotifyTakenOver}, kinds)
}
