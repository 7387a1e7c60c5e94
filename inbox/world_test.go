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
)

// The people of the tests. me, mate, senior, manager and observer are in the
// team billing, stranger is in sales, and owner is in none.
const (
	me       inbox.MemberID = "me"
	mate     inbox.MemberID = "mate"
	senior   inbox.MemberID = "senior"
	manager  inbox.MemberID = "manager"
	observer inbox.MemberID = "observer"
	owner    inbox.MemberID = "owner"
	stranger inbox.MemberID = "stranger"

	billing inbox.TeamID = "billing"
	sales   inbox.TeamID = "sales"

	bot      inbox.AgentID = "bot"
	otherBot inbox.AgentID = "other-bot"

	feeder inbox.KeyID = "key"

	home inbox.WorkspaceID = "home"
)

// start is when every test begins.
func start() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }

// world is a workspace under the policy that the program ships.
type world struct {
	directory *inbox.Directory
	policy    inbox.Authorizer
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

func newDirectory() *inbox.Directory {
	d := &inbox.Directory{
		Workspace: inbox.Workspace{ID: home, Name: "Home", Plan: "enterprise", TimeZone: "UTC", Rules: inbox.DefaultRules(), Rev: 1},
		Members:   map[inbox.MemberID]inbox.Member{},
		Teams: map[inbox.TeamID]inbox.Team{
			billing: {ID: billing, Workspace: home, Name: "Billing", Rev: 1},
			sales:   {ID: sales, Workspace: home, Name: "Sales", Rev: 1},
		},
		Agents: map[inbox.AgentID]inbox.AIAgent{
			bot:      {ID: bot, Workspace: home, Name: "Bot", Rev: 1},
			otherBot: {ID: otherBot, Workspace: home, Name: "Other Bot", Rev: 1},
		},
		Keys: map[inbox.KeyID]inbox.APIKey{feeder: {ID: feeder, Workspace: home, Name: "Website", Role: inbox.RoleIntegration, Rev: 1}},
	}
	for _, m := range []inbox.Member{
		{ID: me, Name: "Mia", Roles: []inbox.RoleName{"agent"}, Teams: []inbox.TeamID{billing}},
		{ID: mate, Name: "Max", Roles: []inbox.RoleName{"agent"}, Teams: []inbox.TeamID{billing}},
		{ID: senior, Name: "Sue", Roles: []inbox.RoleName{"senior_agent"}, Teams: []inbox.TeamID{billing}},
		{ID: manager, Name: "Moe", Roles: []inbox.RoleName{"manager"}, Teams: []inbox.TeamID{billing}},
		{ID: observer, Name: "Ovi", Roles: []inbox.RoleName{"observer"}, Teams: []inbox.TeamID{billing}},
		{ID: stranger, Name: "Stan", Roles: []inbox.RoleName{"agent"}, Teams: []inbox.TeamID{sales}},
		{ID: owner, Name: "Olga", Roles: []inbox.RoleName{"owner"}},
	} {
		m.Workspace, m.Rev, m.Availability, m.OnlineSince = home, 1, inbox.Online, start()
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
func (w *world) member(id inbox.MemberID, edit func(*inbox.Member)) {
	m := w.directory.Members[id]
	edit(&m)
	w.directory.Members[id] = m
}

func (w *world) rules(edit func(*inbox.Rules)) { edit(&w.directory.Workspace.Rules) }

func (w *world) access(t *testing.T, p inbox.Principal) inbox.Access {
	t.Helper()
	a, err := inbox.NewAccess(p, w.directory, w.policy)
	require.NoError(t, err)
	return a
}

func asMember(id inbox.MemberID) inbox.Principal {
	return inbox.Principal{Workspace: home, Actor: inbox.Actor{Kind: inbox.ActorMember, ID: string(id)}}
}

func asAgent(id inbox.AgentID) inbox.Principal {
	return inbox.Principal{Workspace: home, Actor: inbox.Actor{Kind: inbox.ActorAgent, ID: string(id)}}
}

func asContact(c inbox.ConversationID) inbox.Principal {
	return inbox.Principal{Workspace: home, Actor: inbox.Actor{Kind: inbox.ActorContact, ID: "visitor"}, Conversation: c}
}

func asPartner() inbox.Principal {
	return inbox.Principal{Workspace: home, Actor: inbox.Actor{Kind: inbox.ActorPartner, ID: string(feeder)}}
}

func asSystem() inbox.Principal {
	return inbox.Principal{Workspace: home, Actor: inbox.System()}
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
