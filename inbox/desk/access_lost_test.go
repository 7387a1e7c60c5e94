package desk_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/internal/world"
)

// Whoever lost a conversation out of sight is told who took it and when, by every
// verb and whatever version they saw; whoever never had it lacks a permission.
// A claim names the owner instead. B:K3, B:K1, B:A4
func TestWhoLostItIsToldWhoTookIt(t *testing.T) {
	ctx := context.Background()
	verbs := map[string]func(d *world.Inbox, by inbox.Principal, r desk.Request) error{
		"take over": func(d *world.Inbox, by inbox.Principal, r desk.Request) error {
			_, err := d.Desk.TakeOver(ctx, by, r, nil, "")
			return err
		},
		"transfer": func(d *world.Inbox, by inbox.Principal, r desk.Request) error {
			_, err := d.Desk.Transfer(ctx, by, r, access.Owner{Member: world.Senior}, "")
			return err
		},
		"assign": func(d *world.Inbox, by inbox.Principal, r desk.Request) error {
			_, err := d.Desk.Assign(ctx, by, r, access.Owner{Member: world.Senior}, "")
			return err
		},
		"unassign": func(d *world.Inbox, by inbox.Principal, r desk.Request) error {
			_, err := d.Desk.Unassign(ctx, by, r)
			return err
		},
		"leave": func(d *world.Inbox, by inbox.Principal, r desk.Request) error {
			_, err := d.Desk.Leave(ctx, by, r)
			return err
		},
		"close": func(d *world.Inbox, by inbox.Principal, r desk.Request) error {
			_, err := d.Desk.SetStatus(ctx, by, r, inbox.Closed)
			return err
		},
		"read": func(d *world.Inbox, by inbox.Principal, r desk.Request) error {
			_, err := d.Services.Reader.Conversation(ctx, by, r.Conversation)
			return err
		},
		"send": func(d *world.Inbox, by inbox.Principal, r desk.Request) error {
			_, err := d.Messages.Send(ctx, by, desk.SendRequest{Conversation: r.Conversation, Body: "Hello?"})
			return err
		},
	}
	for name, verb := range verbs {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			r := d.Begin(t, "chat: mine")
			taken, err := d.Desk.Transfer(ctx, world.AsMember(world.Me), r, access.Owner{Member: world.Stranger}, "")
			require.NoError(t, err)
			_, err = d.Desk.SetStatus(ctx, world.AsMember(world.Owner), r, inbox.Unset) // not how it was lost
			require.NoError(t, err)
			for _, seen := range []*int{nil, world.Ptr(3)} {
				again := r
				again.ExpectedVersion = seen
				lost := world.Refused(t, verb(d, world.AsMember(world.Me), again), inbox.AccessLost)
				require.Equal(t, world.AsMember(world.Me).Actor, lost.By)
				require.Equal(t, taken.Event.At, lost.At)
				require.NotContains(t, lost.Message, "permission")
				require.Nil(t, lost.Current)
			}
			world.Refused(t, verb(d, world.AsMember(world.Mate), r), inbox.PermissionDenied)
		})
	}
}
