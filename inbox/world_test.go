package inbox_test

import (
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/authz"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// The people of the tests. me, mate, senior, manager and observer are in the
// team billing, stranger is in sales, and owner is in none.
const (
	me       workspace.MemberID = "me"
	mate     workspace.MemberID = "mate"
	senior   workspace.MemberID = "senior"
	manager  workspace.MemberID = "manager"
	observer workspace.MemberID = "observer"
	owner    workspace.MemberID = "owner"
	stranger workspace.MemberID = "stranger"

	billing workspace.TeamID = "billing"
	sales   workspace.TeamID = "sales"

	bot      workspace.AgentID = "bot"
	otherBot workspace.AgentID = "other-bot"

	feeder workspace.KeyID = "key"

	home workspace.WorkspaceID = "home"
)

// start is when every test begins.
func start() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }

// world is a workspace under the policy that the program ships.
type world struct {
	directory *workspace.Directory
	policy    access.Authorizer
}

// shipped is loaded once: Casbin decides it anew at each load, which is slow
// under the race detector, and nothing changes it.
var shipped = sync.OnceValues(func() (*authz.Policy, error) { return authz.Preset("default") })

func newWorld(t *testing.T) *world {
	t.Helper()
	preset, err := shipped()
	require.NoError(t, err)
	return &world{directory: newDirectory(), policy: authz.New(preset)}
}

func newDirectory() *workspace.Directory {
	d := &workspace.Directory{
		Workspace: workspace.Workspace{ID: home, Name: "Home", Plan: "enterprise", TimeZone: "UTC", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{},
		Teams: map[workspace.TeamID]workspace.Team{
			billing: {ID: billing, Workspace: home, Name: "Billing", Rev: 1},
			sales:   {ID: sales, Workspace: home, Name: "Sales", Rev: 1},
		},
		Agents: map[workspace.AgentID]workspace.AIAgent{
			bot:      {ID: bot, Workspace: home, Name: "Bot", Rev: 1},
			otherBot: {ID: otherBot, Workspace: home, Name: "Other Bot", Rev: 1},
		},
		Keys: map[workspace.KeyID]workspace.APIKey{feeder: {ID: feeder, Workspace: home, Name: "Website", Role: workspace.RoleIntegration, Rev: 1}},
	}
	for _, m := range []workspace.Member{
		{ID: me, Name: "Mia", Roles: []workspace.RoleName{"agent"}, Teams: []workspace.TeamID{billing}},
		{ID: mate, Name: "Max", Roles: []workspace.RoleName{"agent"}, Teams: []workspace.TeamID{billing}},
		{ID: senior, Name: "Sue", Roles: []workspace.RoleName{"senior_agent"}, Teams: []workspace.TeamID{billing}},
		{ID: manager, Name: "Moe", Roles: []workspace.RoleName{"manager"}, Teams: []workspace.TeamID{billing}},
		{ID: observer, Name: "Ovi", Roles: []workspace.RoleName{"observer"}, Teams: []workspace.TeamID{billing}},
		{ID: stranger, Name: "Stan", Roles: []workspace.RoleName{"agent"}, Teams: []workspace.TeamID{sales}},
		{ID: owner, Name: "Olga", Roles: []workspace.RoleName{"owner"}},
	} {
		m.Workspace, m.Rev, m.Availability, m.OnlineSince = home, 1, workspace.Online, start()
		d.Members[m.ID] = m
	}
	return d
}

// clone is a world whose directory can be changed without touching w's.
func (w *world) clone() *world {
	d := *w.directory
	d.Members, d.Teams, d.Agents = maps.Clone(d.Members), maps.Clone(d.Teams), maps.Clone(d.Agents)
	return &world{directory: &d, policy: w.policy}
}

// member changes a member in place.
func (w *world) member(id workspace.MemberID, edit func(*workspace.Member)) {
	m := w.directory.Members[id]
	edit(&m)
	w.directory.Members[id] = m
}

func (w *world) rules(edit func(*workspace.Rules)) { edit(&w.directory.Workspace.Rules) }

func (w *world) access(t *testing.T, p inbox.Principal) access.Access {
	t.Helper()
	a, err := access.NewAccess(p, w.directory, w.policy)
	require.NoError(t, err)
	return a
}

func asMember(id workspace.MemberID) inbox.Principal {
	return inbox.Principal{Workspace: home, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(id)}}
}

func asAgent(id workspace.AgentID) inbox.Principal {
	return inbox.Principal{Workspace: home, Actor: workspace.Actor{Kind: workspace.ActorAgent, ID: string(id)}}
}

func asContact(c inbox.ConversationID) inbox.Principal {
	return inbox.Principal{Workspace: home, Actor: workspace.Actor{Kind: workspace.ActorContact, ID: "visitor"}, Conversation: c}
}

func asPartner() inbox.Principal {
	return inbox.Principal{Workspace: home, Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: string(feeder)}}
}

func asSystem() inbox.Principal {
	return inbox.Principal{Workspace: home, Actor: workspace.System()}
}

// callers are the columns of the tables of testdata.
func callers() map[string]inbox.Principal {
	return map[string]inbox.Principal{
		"agent": asMember(me), "senior_agent": asMember(senior), "manager": asMember(manager), "observer": asMember(observer),
		"origin_AI": asAgent(bot), "other_AI": asAgent(otherBot),
		"contact": asContact("c"), "other_contact": asContact("another"),
	}
}

func names[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
