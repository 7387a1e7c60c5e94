package inbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Callers with one viewpoint see the same, and so does whoever stands for them, for
// every policy, rule and team. B:Z4, B:Z8
func TestAViewpointSeesWhatEachOfItSees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, policy := drawDirectory(t), drawScopes(t)
		groups := map[access.VisibilityClass][]access.Access{}
		for _, p := range []inbox.Principal{asMember("m0"), asMember("m1"), asMember("m2"), asMember("m3"), asAgent(bot), asContact("c"), asPartner(), asSystem()} {
			a, err := access.NewAccess(p, d, policy)
			if err != nil {
				continue // removed
			}
			if viewpoint, ok := a.VisibilityClass(); ok {
				groups[viewpoint] = append(groups[viewpoint], a)
			}
		}
		for viewpoint, all := range groups {
			stand := all[0].As(viewpoint)
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
	w := newWorld(t)
	of := func(p inbox.Principal) (access.VisibilityClass, bool) { return w.access(t, p).VisibilityClass() }
	everything, ok := of(asMember(manager))
	require.True(t, ok)
	require.Empty(t, everything.Teams, "who sees all is told the same whatever the team")
	for _, all := range []workspace.MemberID{owner, senior, observer} {
		viewpoint, ok := of(asMember(all))
		require.True(t, ok, all)
		require.Equal(t, everything, viewpoint, all)
	}
	mine, ok := of(asMember(me))
	require.True(t, ok)
	theirs, ok := of(asMember(mate))
	require.True(t, ok)
	require.Equal(t, mine, theirs)
	other, ok := of(asMember(stranger))
	require.True(t, ok)
	require.NotEqual(t, mine, other)
	for _, alone := range []inbox.Principal{asAgent(bot), asContact("c"), asPartner(), asSystem()} {
		_, ok := of(alone)
		require.False(t, ok, alone)
	}
	w.member(me, func(m *workspace.Member) { m.Teams = nil })
	_, ok = of(asMember(me))
	require.False(t, ok, "what somebody without a team owns is seen by nobody else")
	w.directory.Workspace.Rules.Visibility = workspace.VisibleExclusive
	_, ok = of(asMember(mate))
	require.False(t, ok)
	a := w.access(t, asMember(manager))
	require.False(t, a.As(everything).May(workspace.WorkspaceManage))
	require.False(t, a.As(everything).Can(states(me)["chat: mine"], inbox.ActionTakeOver).Allowed)
}
