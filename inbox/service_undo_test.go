package inbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

// B:K5
func TestUndoRestoresTheOwner(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "chat: a teammate's")
	taken, err := d.Desk.TakeOver(t.Context(), asMember(me), r, ptr("Hi"), "")
	require.NoError(t, err)
	d.pass(10 * time.Second)
	undone, err := d.Desk.Undo(t.Context(), asMember(me), taken.Event.ID, "u")
	require.NoError(t, err)
	require.Equal(t, mate, undone.Conversation.Assignee)
	require.Equal(t, taken.Event.From, undone.Conversation.Ownership)
	require.Equal(t, inbox.EventUndone, undone.Event.Kind)
	require.Equal(t, taken.Conversation.Epoch+1, undone.Conversation.Epoch)
	require.Equal(t, 0, d.loads[me].Open())
	require.Equal(t, 1, d.loads[mate].Open())

	again, err := d.Desk.Undo(t.Context(), asMember(me), taken.Event.ID, "u")
	require.NoError(t, err)
	require.Equal(t, undone, again)
	_, err = d.Desk.Undo(t.Context(), asMember(me), taken.Event.ID, "")
	require.Equal(t, mate, refused(t, err, inbox.Conflict).Current.Assignee, "once is enough")
}

// B:K5
func TestUndoRefused(t *testing.T) {
	transfer := func(t *testing.T, d *deskWorld) inbox.Event {
		out, err := d.Desk.Transfer(t.Context(), asMember(me), d.begin(t, "chat: mine"), access.Owner{Team: sales}, "")
		require.NoError(t, err)
		return out.Event
	}
	for name, c := range map[string]struct {
		by    inbox.Principal
		setUp func(t *testing.T, d *deskWorld)
		want  inbox.Code
	}{
		"nothing happened since": {asMember(me), func(*testing.T, *deskWorld) {}, ""},
		"by the new owner":       {asMember(stranger), func(*testing.T, *deskWorld) {}, inbox.PermissionDenied},
		"by an owner of all":     {asMember(owner), func(*testing.T, *deskWorld) {}, inbox.PermissionDenied},
		"too late":               {asMember(me), func(_ *testing.T, d *deskWorld) { d.pass(10*time.Second + time.Millisecond) }, inbox.UndoExpired},
		"a window of its own": {asMember(me), func(_ *testing.T, d *deskWorld) {
			d.pass(time.Minute)
			d.rules(func(r *workspace.Rules) { r.UndoWindow = time.Hour })
		}, ""},
		"no window at all": {asMember(me), func(_ *testing.T, d *deskWorld) {
			d.pass(time.Millisecond)
			d.rules(func(r *workspace.Rules) { r.UndoWindow = 0 })
		}, inbox.UndoExpired},
		"after a message": {asMember(me), func(t *testing.T, d *deskWorld) {
			d.pass(time.Second)
			_, err := d.Messages.Send(t.Context(), asContact("c"), say("Hello?"))
			require.NoError(t, err)
		}, inbox.Conflict},
		"after another step": {asMember(me), func(t *testing.T, d *deskWorld) {
			_, err := d.Desk.SetStatus(t.Context(), asMember(manager), desk.Request{Conversation: "c"}, inbox.Unset)
			require.NoError(t, err)
		}, inbox.Conflict},
		"while somebody is faster": {asMember(me), func(t *testing.T, d *deskWorld) {
			d.meanwhileDo(t, func(ctx context.Context) error {
				_, err := d.Desk.TakeOver(ctx, asMember(senior), desk.Request{Conversation: "c"}, nil, "")
				return err
			})
		}, inbox.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			e := transfer(t, d)
			c.setUp(t, d)
			out, err := d.Desk.Undo(t.Context(), c.by, e.ID, "")
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err == nil {
				require.Equal(t, me, out.Conversation.Assignee)
			} else {
				require.NotEqual(t, me, d.stored(t, "c").Assignee)
			}
		})
	}
	d := newDesk(t)
	_, err := d.Desk.Undo(t.Context(), asMember(me), "made-up", "")
	refused(t, err, inbox.NotFound)
	_, err = d.Admin.SetAvailability(t.Context(), asMember(me), workspace.Away, "")
	require.NoError(t, err)
	_, err = d.Desk.Undo(t.Context(), asMember(me), d.recorded()[0].ID, "")
	refused(t, err, inbox.NotFound)
	claim, err := d.Desk.Claim(t.Context(), asMember(me), d.begin(t, "chat: AI answers"))
	require.NoError(t, err)
	_, err = d.Desk.Undo(t.Context(), asMember(me), claim.Event.ID, "")
	require.Equal(t, []string{"eventId"}, refused(t, err, inbox.InvalidInput).Field)
}
