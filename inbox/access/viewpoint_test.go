package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// Callers with one viewpoint see the same, and so does whoever stands for them, for
// every policy, rule and team. B:Z4, B:Z8
func TestAViewpointSeesWhatEachOfItSees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, policy := drawDirectory(t), drawScopes(t)
		groups := map[access.VisibilityClass][]access.Access{}
		for _, p := range []inbox.Principal{world.AsMember("m0"), world.AsMember("m1"), world.AsMember("m2"), world.AsMember("m3"), world.AsAgent(world.Bot), world.AsContact("c"), world.AsPartner(), world.AsSystem()} {
			a, err := access.NewAccess(p, d, policy)
			if err != nil {
				continue // removed
			}
			if viewpoint, ok := a.VisibilityClass(); ok {
				groups[viewpoint] = append(groups[viewpoint], a)
			}
		}
		for viewpoint, all := range groups {
			stand := all[0].As(&viewpoint)
			for range 10 {
				c := drawConversation(t)
				for _, a := range all {
					if a.Sees(c) != stand.Sees(c) {
						t.Fatalf("%s sees %v, the viewpoint %v\nviewpoint: %+v\nconversation: %+v", a.Principal.Actor.ID, a.Sees(c), stand.Sees(c), viewpoint, c)
					}
					if (a.ViewsAny() == nil) != (stand.ViewsAny() == nil) {
						t.Fatal("one views lists, the other does not")
					}
				}
			}
		}
	})
}

// B:Z4
func TestWhoSharesAViewpoint(t *testing.T) {
	w := world.NewWorld(t)
	of := func(p inbox.Principal) (access.VisibilityClass, bool) { return w.Access(t, p).VisibilityClass() }
	everything, ok := of(world.AsMember(world.Manager))
	require.True(t, ok)
	for _, all := range []workspace.MemberID{world.Owner, world.Senior, world.Observer} {
		viewpoint, ok := of(world.AsMember(all))
		require.True(t, ok, all)
		require.Equal(t, everything, viewpoint, all)
	}
	for _, alone := range []inbox.Principal{
		world.AsMember(world.Me), world.AsMember(world.Mate), world.AsMember(world.Stranger), // who see what is offered to them
		world.AsAgent(world.Bot), world.AsContact("c"), world.AsPartner(), world.AsSystem(),
	} {
		_, ok := of(alone)
		require.False(t, ok, alone)
	}
	w.Roster.Workspace.Rules.Visibility = workspace.VisibleOpen
	viewpoint, ok := of(world.AsMember(world.Me))
	require.True(t, ok, "everybody sees everything")
	require.Equal(t, everything, viewpoint)
	w.Roster.Workspace.Rules.Visibility = workspace.VisibleExclusive
	_, ok = of(world.AsMember(world.Mate))
	require.False(t, ok)
	a := w.Access(t, world.AsMember(world.Manager))
	require.False(t, a.As(&everything).May(workspace.WorkspaceManage))
	require.False(t, a.As(&everything).Can(world.States(world.Me)["chat: mine"], inbox.ActionTakeOver).Allowed)
}
