package inbox_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

// Whoever lost a conversation out of sight is told who took it and when, by every
// verb and whatever version they saw; whoever never had it lacks a permission.
// A claim names the owner instead. B:K3, B:K1, B:A4
func TestWhoLostItIsToldWhoTookIt(t *testing.T) {
	ctx := context.Background()
	verbs := map[string]func(d *desk, by inbox.Principal, r inbox.Request) error{
		"take over": func(d *desk, by inbox.Principal, r inbox.Request) error {
			_, err := d.TakeOver(ctx, by, r, nil, "")
			return err
		},
		"transfer": func(d *desk, by inbox.Principal, r inbox.Request) error {
			_, err := d.Transfer(ctx, by, r, inbox.Owner{Member: senior}, "")
			return err
		},
		"assign": func(d *desk, by inbox.Principal, r inbox.Request) error {
			_, err := d.Assign(ctx, by, r, inbox.Owner{Member: senior}, "")
			return err
		},
		"unassign": func(d *desk, by inbox.Principal, r inbox.Request) error { _, err := d.Unassign(ctx, by, r); return err },
		"leave":    func(d *desk, by inbox.Principal, r inbox.Request) error { _, err := d.Leave(ctx, by, r); return err },
		"close": func(d *desk, by inbox.Principal, r inbox.Request) error {
			_, err := d.SetStatus(ctx, by, r, inbox.Closed)
			return err
		},
		"read": func(d *desk, by inbox.Principal, r inbox.Request) error {
			_, err := d.Service.Conversation(ctx, by, r.Conversation)
			return err
		},
		"send": func(d *desk, by inbox.Principal, r inbox.Request) error {
			_, err := d.Send(ctx, by, inbox.SendRequest{Conversation: r.Conversation, Body: "Hello?"})
			return err
		},
	}
	for name, verb := range verbs {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.begin(t, "chat: mine")
			taken, err := d.Transfer(ctx, asMember(me), r, inbox.Owner{Member: stranger}, "")
			require.NoError(t, err)
			_, err = d.SetStatus(ctx, asMember(owner), r, inbox.Unset) // not how it was lost
			require.NoError(t, err)
			for _, seen := range []*int{nil, ptr(3)} {
				again := r
				again.ExpectedVersion = seen
				lost := refused(t, verb(d, asMember(me), again), inbox.AccessLost)
				require.Equal(t, asMember(me).Actor, lost.By)
				require.Equal(t, taken.Event.At, lost.At)
				require.NotContains(t, lost.Message, "permission")
				require.Nil(t, lost.Current)
			}
			refused(t, verb(d, asMember(mate), r), inbox.PermissionDenied)
		})
	}
}
