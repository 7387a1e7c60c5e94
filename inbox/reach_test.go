package inbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// scopes is a policy in which each role reaches as far as was drawn.
type scopes struct {
	reach   map[string]workspace.Scope
	monitor bool
}

var _ access.Authorizer = scopes{}

func (s scopes) Scope(q access.GrantQuery, kind workspace.Kind, action workspace.PermAction) workspace.Scope {
	return s.reach[fmt.Sprint(q.Role, kind, action)]
}

func (s scopes) Workspace(access.GrantQuery, workspace.WorkspaceAction) bool { return false }

func (s scopes) Includes(workspace.PlanName, workspace.Feature) (bool, workspace.PlanName) {
	return s.monitor, "top"
}

func (s scopes) Plans() []workspace.Plan { return []workspace.Plan{{Name: "top"}} }

func (s scopes) Roles() []workspace.RoleName { return nil }

func (s scopes) PresetRole(name workspace.RoleName) (workspace.PresetRole, bool) {
	return workspace.PresetRole{Name: name, Label: string(name)}, false
}

// A list shows exactly what single decisions allow, for every kind of caller,
// policy, rule, plan and team. B:Z1, B:Z5, B:Z8
func TestReachAgreesWithSight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDirectory(t)
		p := rapid.SampledFrom([]inbox.Principal{
			asMember("m0"), asMember("m1"), asMember("m2"), asMember("m3"), asAgent(bot), asAgent(otherBot), asContact("c"), asContact("another"), asPartner(), asSystem(),
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
	d := newDirectory()
	d.Workspace.Rules.Visibility = rapid.SampledFrom([]workspace.Visibility{workspace.VisibleScoped, workspace.VisibleExclusive, workspace.VisibleOpen}).Draw(t, "visibility")
	for i := range 5 {
		m := workspace.Member{ID: workspace.MemberID(fmt.Sprint("m", i)), Workspace: home, Removed: rapid.IntRange(0, 4).Draw(t, "removed") == 0}
		m.Roles = rapid.SliceOfN(rapid.SampledFrom([]workspace.RoleName{"agent", "manager"}), 0, 2).Draw(t, "roles")
		m.Teams = rapid.SliceOfNDistinct(rapid.SampledFrom([]workspace.TeamID{billing, sales}), 0, 2, rapid.ID).Draw(t, "teams")
		d.Members[m.ID] = m
	}
	return d
}

func drawScopes(t *rapid.T) scopes {
	s := scopes{reach: map[string]workspace.Scope{}, monitor: rapid.Bool().Draw(t, "monitor")}
	for _, role := range []workspace.RoleName{"agent", "manager", workspace.RoleAIAgent, workspace.RoleIntegration} {
		for _, kind := range workspace.Kinds() {
			for _, action := range []workspace.PermAction{workspace.PermView, workspace.PermMonitor} {
				s.reach[fmt.Sprint(role, kind, action)] = workspace.Scope(rapid.IntRange(0, 3).Draw(t, "scope"))
			}
		}
	}
	return s
}

func drawConversation(t *rapid.T) inbox.Conversation {
	c := newConversation(rapid.SampledFrom(workspace.Kinds()).Draw(t, "kind"))
	c.ID = rapid.SampledFrom([]inbox.ConversationID{"c", "another"}).Draw(t, "id")
	c.OriginAgent = rapid.SampledFrom([]workspace.AgentID{"", bot, otherBot}).Draw(t, "agent")
	c.Assignee = rapid.SampledFrom([]workspace.MemberID{"", "m0", "m1", "m2", "m3", "m4"}).Draw(t, "assignee")
	c.Team = rapid.SampledFrom([]workspace.TeamID{"", billing, sales}).Draw(t, "team")
	c.Status = rapid.SampledFrom([]inbox.Status{inbox.Open, inbox.Closed, inbox.Unset}).Draw(t, "status")
	return c
}

// What a removed member owns stays in sight of the team. B:Z1
func TestRemovedTeammatesConversationsStayInSight(t *testing.T) {
	w := newWorld(t)
	w.member(mate, func(m *workspace.Member) { m.Removed = true })
	a := w.access(t, asMember(me))
	c := states(me)["chat: a teammate's"]
	require.True(t, a.Sees(c))
	require.True(t, a.VisibilityFilter().Matches(c))
	require.True(t, a.Can(c, inbox.ActionTakeOver).Allowed)
}

// B:V1
func TestViewMatches(t *testing.T) {
	w := newWorld(t)
	reach := w.access(t, asMember(me)).VisibilityFilter()
	all := states(me)
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
		{access.View{Assignees: []workspace.MemberID{mate}}, []string{"chat: a teammate's"}, []string{"chat: mine"}},
		{access.View{Teams: []workspace.TeamID{sales, billing}}, []string{"chat: a stranger's", "chat: queued in my team"}, []string{"chat: mine"}},
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
