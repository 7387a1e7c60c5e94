package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// B:A2
func TestSelectable(t *testing.T) {
	w := world.NewWorld(t)
	a := w.Access(t, world.AsMember(world.Manager))
	c := world.States(world.Me)["chat: mine"]
	for id, want := range map[workspace.MemberID]inbox.TargetReason{
		world.Me: inbox.TargetCurrent, world.Mate: "", world.Stranger: "", world.Manager: "", world.Observer: inbox.TargetNotLiveAgent,
	} {
		reason, ok := a.Selectable(c, w.Roster.Members[id], inbox.ActionAssign)
		require.Equal(t, want, reason, id)
		require.Equal(t, want == "", ok, id)
	}
}
