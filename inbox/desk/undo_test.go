package desk_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// B:K5
func TestUndoRestoresTheOwner(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "chat: a teammate's")
	taken, err := d.Desk.TakeOver(t.Context(), world.AsMember(world.Me), r, world.Ptr("Hi"), "")
	require.NoError(t, err)
	d.Pass(10 * time.Second)
	undone, err := d.Desk.Undo(t.Context(), world.AsMember(world.Me), taken.Event.ID, "u")
	require.NoError(t, err)
	require.Equal(t, world.Mate, undone.Conversation.Assignee)
	restored := taken.Event.From
	restored.OwnedSince = d.Clock() // B:R1
	require.Equal(t, restored, undone.Conversation.Ownership)
	require.Equal(t, inbox.EventUndone, undone.Event.Kind)
	require.Equal(t, taken.Conversation.Epoch+1, undone.Conversation.Epoch)
	require.Equal(t, 0, d.Counts[world.Me].Open())
	require.Equal(t, 1, d.Counts[world.Mate].Open())

	again, err := d.Desk.Undo(t.Context(), world.AsMember(world.Me), taken.Event.ID, "u")
	require.NoError(t, err)
	require.Equal(t, undone, again)
	_, err = d.Desk.Undo(t.Context(), world.AsMember(world.Me), taken.Event.ID, "")
	require.Equal(t, world.Mate, world.Refused(t, err, inbox.Conflict).Current.Assignee, "once is enough")
}

// B:K5
func TestUndoRefused(t *testing.T) {
	transfer := func(t *testing.T, d *world.Inbox) inbox.Event {
		out, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), access.Owner{Team: world.Sales}, "")
		require.NoError(t, err)
		return out.Event
	}
	for name, c := range map[string]struct {
		by    inbox.Principal
		setUp func(t *testing.T, d *world.Inbox)
		want  inbox.Code
	}{
		"nothing happened since": {world.AsMember(world.Me), func(*testing.T, *world.Inbox) {}, ""},
		"by the new owner":       {world.AsMember(world.Stranger), func(*testing.T, *world.Inbox) {}, inbox.PermissionDenied},
		"by an owner of all":     {world.AsMember(world.Owner), func(*testing.T, *world.Inbox) {}, inbox.PermissionDenied},
		"too late":               {world.AsMember(world.Me), func(_ *testing.T, d *world.Inbox) { d.Pass(10*time.Second + time.Millisecond) }, inbox.UndoExpired},
		"a window of its own": {world.AsMember(world.Me), func(_ *testing.T, d *world.Inbox) {
			d.Pass(time.Minute)
			d.Rules(func(r *workspace.Rules) { r.UndoWindow = time.Hour })
		}, ""},
		"no window at all": {world.AsMember(world.Me), func(_ *testing.T, d *world.Inbox) {
			d.Pass(time.Millisecond)
			d.Rules(func(r *workspace.Rules) { r.UndoWindow = 0 })
		}, inbox.UndoExpired},
		"after a message": {world.AsMember(world.Me), func(t *testing.T, d *world.Inbox) {
			d.Pass(time.Second)
			_, err := d.Messages.Send(t.Context(), world.AsContact("c"), say("Hello?"))
			require.NoError(t, err)
		}, inbox.Conflict},
		"after another step": {world.AsMember(world.Me), func(t *testing.T, d *world.Inbox) {
			_, err := d.Desk.SetStatus(t.Context(), world.AsMember(world.Manager), desk.Request{Conversation: "c"}, inbox.Unset)
			require.NoError(t, err)
		}, inbox.Conflict},
		"while somebody is faster": {world.AsMember(world.Me), func(t *testing.T, d *world.Inbox) {
			d.MeanwhileDo(t, func(ctx context.Context) error {
				_, err := d.Desk.TakeOver(ctx, world.AsMember(world.Senior), desk.Request{Conversation: "c"}, nil, "")
				return err
			})
		}, inbox.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			e := transfer(t, d)
			c.setUp(t, d)
			out, err := d.Desk.Undo(t.Context(), c.by, e.ID, "")
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err == nil {
				require.Equal(t, world.Me, out.Conversation.Assignee)
			} else {
				require.NotEqual(t, world.Me, d.Stored(t, "c").Assignee)
			}
		})
	}
	d := world.New(t)
	_, err := d.Desk.Undo(t.Context(), world.AsMember(world.Me), "made-up", "")
	world.Refused(t, err, inbox.NotFound)
	_, err = d.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Away, "", "")
	require.NoError(t, err)
	_, err = d.Desk.Undo(t.Context(), world.AsMember(world.Me), d.Recorded()[0].ID, "")
	world.Refused(t, err, inbox.NotFound)
	claim, err := d.Desk.Claim(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: AI answers"))
	require.NoError(t, err)
	_, err = d.Desk.Undo(t.Context(), world.AsMember(world.Me), claim.Event.ID, "")
	require.Equal(t, []string{"eventId"}, world.Refused(t, err, inbox.InvalidInput).Field)
}
