package access_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

var _ access.Authorizer = world.Scopes{}

// A list shows exactly what single decisions allow, for every kind of caller,
// policy, rule, plan and team. B:Z1, B:Z5, B:Z8
func TestReachAgreesWithSight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDirectory(t)
		p := rapid.SampledFrom([]inbox.Principal{
			world.AsMember("m0"), world.AsMember("m1"), world.AsMember("m2"), world.AsMember("m3"), world.AsAgent(world.Bot), world.AsAgent(world.OtherBot), world.AsContact("c"), world.AsContact("another"), world.AsPartner(), world.AsSystem(),
		}).Draw(t, "who")
		a, err := access.NewAccess(p, d, drawScopes(t))
		if inbox.CodeOf(err) == inbox.Unauthenticated {
			t.Skip("a removed member asks nothing")
		}
		reach := a.VisibilityFilter()
		for range 10 {
			c := drawConversation(t)
			if got, want := reach.Matches(c), a.Sees(c); got != want {
				t.Fatalf("reach says %v, sight %v\ncaller: %+v\nreach: %+v\nconversation: %+v", got, want, p, reach, c)
			}
			if a.Sees(c) != a.Can(c, inbox.ActionView).Allowed {
				t.Fatal("VIEW is what is seen")
			}
		}
	})
}

func drawDirectory(t *rapid.T) *workspace.Directory {
	d := world.NewDirectory()
	d.Workspace.Rules.Visibility = rapid.SampledFrom([]workspace.Visibility{workspace.VisibleScoped, workspace.VisibleExclusive, workspace.VisibleOpen}).Draw(t, "visibility")
	for i := range 5 {
		m := workspace.Member{ID: workspace.MemberID(fmt.Sprint("m", i)), Workspace: world.Home, Removed: rapid.IntRange(0, 4).Draw(t, "removed") == 0}
		m.Roles = rapid.SliceOfN(rapid.SampledFrom([]workspace.RoleName{"agent", "manager"}), 0, 2).Draw(t, "roles")
		m.Teams = rapid.SliceOfNDistinct(rapid.SampledFrom([]workspace.TeamID{world.Billing, world.Sales}), 0, 2, rapid.ID).Draw(t, "teams")
		d.Members[m.ID] = m
	}
	return d
}

func drawScopes(t *rapid.T) world.Scopes {
	s := world.Scopes{Reach: map[string]workspace.Scope{}, Monitor: rapid.Bool().Draw(t, "monitor")}
	for _, role := range []workspace.RoleName{"agent", "manager", workspace.RoleAIAgent, workspace.RoleIntegration} {
		for _, kind := range workspace.Kinds() {
			for _, action := range []workspace.PermAction{workspace.PermView, workspace.PermMonitor} {
				s.Reach[fmt.Sprint(role, kind, action)] = workspace.Scope(rapid.IntRange(0, 3).Draw(t, "scope"))
			}
		}
	}
	return s
}

func drawConversation(t *rapid.T) inbox.Conversation {
	c := world.NewConversation(rapid.SampledFrom(workspace.Kinds()).Draw(t, "kind"))
	c.ID = rapid.SampledFrom([]inbox.ConversationID{"c", "another"}).Draw(t, "id")
	c.OriginAgent = rapid.SampledFrom([]workspace.AgentID{"", world.Bot, world.OtherBot}).Draw(t, "agent")
	c.Assignee = rapid.SampledFrom([]workspace.MemberID{"", "m0", "m1", "m2", "m3", "m4"}).Draw(t, "assignee")
	c.Team = rapid.SampledFrom([]workspace.TeamID{"", world.Billing, world.Sales}).Draw(t, "team")
	c.Status = rapid.SampledFrom([]inbox.Status{inbox.Open, inbox.Closed, inbox.Unset}).Draw(t, "status")
	return c
}

// What a removed member owns stays in sight of the team. B:Z1
func TestRemovedTeammatesConversationsStayInSight(t *testing.T) {
	w := world.NewWorld(t)
	w.Member(world.Mate, func(m *workspace.Member) { m.Removed = true })
	a := w.Access(t, world.AsMember(world.Me))
	c := world.States(world.Me)["chat: a teammate's"]
	require.True(t, a.Sees(c))
	require.True(t, a.VisibilityFilter().Matches(c))
	require.True(t, a.Can(c, inbox.ActionTakeOver).Allowed)
}

// B:V1
func TestViewMatches(t *testing.T) {
	w := world.NewWorld(t)
	reach := w.Access(t, world.AsMember(world.Me)).VisibilityFilter()
	all := world.States(world.Me)
	for _, c := range []struct {
		view access.View
		want []string
		not  []string
	}{
		{access.View{}, []string{"chat: mine", "chat: closed and back with the AI"}, nil},
		{access.View{List: access.ListAll}, []string{"chat: a stranger's"}, nil},
		{access.View{List: access.ListMine}, []string{"chat: mine", "ticket: mine"}, []string{"chat: a teammate's", "chat: AI answers"}},
		{access.View{List: access.ListUnassigned}, []string{"chat: AI answers", "chat: queued of no team"}, []string{"chat: mine", "chat: closed and back with the AI"}},
		{access.View{List: access.ListQueued}, []string{"chat: queued in my team", "ticket: queued in my team"}, []string{"chat: AI answers", "chat: mine", "chat: closed and stopped"}},
		{access.View{List: access.ListMyTeams}, []string{"chat: queued in my team"}, []string{"chat: queued of no team", "chat: a stranger's"}},
		{access.View{Kinds: []workspace.Kind{workspace.Ticket}}, []string{"ticket: mine"}, []string{"chat: mine"}},
		{access.View{Statuses: []inbox.Status{inbox.Closed}}, []string{"chat: closed and stopped"}, []string{"chat: mine"}},
		{access.View{Handlers: []inbox.Handler{inbox.HandledByAI}}, []string{"chat: AI answers"}, []string{"chat: mine", "chat: queued in my team"}},
		{access.View{Assignees: []workspace.MemberID{world.Mate}}, []string{"chat: a teammate's"}, []string{"chat: mine"}},
		{access.View{Teams: []workspace.TeamID{world.Sales, world.Billing}}, []string{"chat: a stranger's", "chat: queued in my team"}, []string{"chat: mine"}},
		{access.View{Channels: []string{"web"}}, []string{"chat: mine"}, nil},
		{access.View{Channels: []string{"sms"}}, nil, []string{"chat: mine"}},
		{access.View{Contacts: []inbox.ContactID{"visitor"}}, []string{"chat: mine"}, nil},
		{access.View{Contacts: []inbox.ContactID{"x"}}, nil, []string{"chat: mine"}},
	} {
		for _, name := range c.want {
			require.Contains(t, all, name)
			require.True(t, c.view.Matches(reach, all[name]), "%+v should hold %q", c.view, name)
		}
		for _, name := range c.not {
			require.Contains(t, all, name)
			require.False(t, c.view.Matches(reach, all[name]), "%+v should not hold %q", c.view, name)
		}
	}
	require.False(t, access.View{List: access.ListMine}.Matches(access.VisibilityFilter{}, all["chat: AI answers"]), "who is no member owns nothing")
}
