// Package world is the workspace in which the use cases of the inbox are tested: its
// people, one store in memory, and the states, verbs and lives of a conversation. Each
// room of inbox/ tests its own use cases in it.
package world

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

// The people of the tests. Me, Mate, Senior, Manager and Observer are in the team
// Billing, Stranger is in Sales, and Owner is in none.
const (
	Me       workspace.MemberID = "me"
	Mate     workspace.MemberID = "mate"
	Senior   workspace.MemberID = "senior"
	Manager  workspace.MemberID = "manager"
	Observer workspace.MemberID = "observer"
	Owner    workspace.MemberID = "owner"
	Stranger workspace.MemberID = "stranger"

	Billing workspace.TeamID = "billing"
	Sales   workspace.TeamID = "sales"

	Bot      workspace.AgentID = "bot"
	OtherBot workspace.AgentID = "other-bot"

	Feeder workspace.KeyID = "key"

	Home workspace.WorkspaceID = "home"
)

// Start is when every test begins.
func Start() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }

// World is a workspace under the policy that the program ships.
type World struct {
	// Roster is the directory, which a test may change in place.
	Roster *workspace.Directory
	Policy access.Authorizer
}

// shipped is loaded once: a load takes a third of a second, and nothing changes it.
//
//nolint:gochecknoglobals // see above
var shipped = sync.OnceValues(func() (*authz.Policy, error) { return authz.Preset("default") })

// Preset returns the policy that the program ships. It is the same for all tests of a
// package, which must not change it.
func Preset(t *testing.T) *authz.Policy {
	t.Helper()
	preset, err := shipped()
	require.NoError(t, err)
	return preset
}

// NewWorld returns a world with a directory of its own.
func NewWorld(t *testing.T) *World {
	t.Helper()
	return &World{Roster: NewDirectory(), Policy: authz.New(Preset(t))}
}

// NewDirectory returns the directory with which every test begins.
func NewDirectory() *workspace.Directory {
	d := &workspace.Directory{
		Workspace: workspace.Workspace{
			ID: Home, Name: "Home", Plan: "enterprise", TimeZone: "UTC", Rules: workspace.DefaultRules(), Rev: 1,
			Handovers: workspace.Handovers{"": Feeder}, // what no key began
		},
		Members: map[workspace.MemberID]workspace.Member{},
		Teams: map[workspace.TeamID]workspace.Team{
			Billing: {ID: Billing, Workspace: Home, Name: "Billing", Rev: 1},
			Sales:   {ID: Sales, Workspace: Home, Name: "Sales", Rev: 1},
		},
		Agents: map[workspace.AgentID]workspace.AIAgent{
			Bot:      {ID: Bot, Workspace: Home, Name: "Bot", Rev: 1},
			OtherBot: {ID: OtherBot, Workspace: Home, Name: "Other Bot", Rev: 1},
		},
		Keys: map[workspace.KeyID]workspace.APIKey{
			Feeder: {ID: Feeder, Workspace: Home, Name: "Website", Role: workspace.RoleIntegration, Rev: 1},
		},
	}
	for _, m := range []workspace.Member{
		{ID: Me, Name: "Mia", Roles: []workspace.RoleName{"agent"}, Teams: []workspace.TeamID{Billing}},
		{ID: Mate, Name: "Max", Roles: []workspace.RoleName{"agent"}, Teams: []workspace.TeamID{Billing}},
		{ID: Senior, Name: "Sue", Roles: []workspace.RoleName{"senior_agent"}, Teams: []workspace.TeamID{Billing}},
		{ID: Manager, Name: "Moe", Roles: []workspace.RoleName{"manager"}, Teams: []workspace.TeamID{Billing}},
		{ID: Observer, Name: "Ovi", Roles: []workspace.RoleName{"observer"}, Teams: []workspace.TeamID{Billing}},
		{ID: Stranger, Name: "Stan", Roles: []workspace.RoleName{"agent"}, Teams: []workspace.TeamID{Sales}},
		{ID: Owner, Name: "Olga", Roles: []workspace.RoleName{"owner"}},
	} {
		m.Workspace, m.Rev, m.Availability, m.OnlineSince = Home, 1, workspace.Online, Start()
		d.Members[m.ID] = m
	}
	return d
}

// Clone is a world whose directory can be changed without touching w's.
func (w *World) Clone() *World {
	d := *w.Roster
	d.Members, d.Teams, d.Agents = maps.Clone(d.Members), maps.Clone(d.Teams), maps.Clone(d.Agents)
	return &World{Roster: &d, Policy: w.Policy}
}

// Member changes a member in place.
func (w *World) Member(id workspace.MemberID, edit func(*workspace.Member)) {
	m := w.Roster.Members[id]
	edit(&m)
	w.Roster.Members[id] = m
}

// Rules changes the rules in place.
func (w *World) Rules(edit func(*workspace.Rules)) { edit(&w.Roster.Workspace.Rules) }

// Access is what p may do now.
func (w *World) Access(t *testing.T, p inbox.Principal) access.Access {
	t.Helper()
	a, err := access.NewAccess(p, w.Roster, w.Policy)
	require.NoError(t, err)
	return a
}

// AsMember is a member of the world as a caller.
func AsMember(id workspace.MemberID) inbox.Principal {
	return inbox.Principal{Workspace: Home, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(id)}}
}

// AsAgent is an AI agent as a caller.
func AsAgent(id workspace.AgentID) inbox.Principal {
	return inbox.Principal{Workspace: Home, Actor: workspace.Actor{Kind: workspace.ActorAgent, ID: string(id)}}
}

// AsContact is the contact of a conversation as a caller.
func AsContact(c inbox.ConversationID) inbox.Principal {
	visitor := workspace.Actor{Kind: workspace.ActorContact, ID: "visitor"}
	return inbox.Principal{Workspace: Home, Actor: visitor, Conversation: c}
}

// AsPartner is the API key Feeder as a caller.
func AsPartner() inbox.Principal {
	return inbox.Principal{Workspace: Home, Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: string(Feeder)}}
}

// AsSystem is the system as a caller.
func AsSystem() inbox.Principal {
	return inbox.Principal{Workspace: Home, Actor: workspace.System()}
}

// Callers are the columns of the tables of testdata.
func Callers() map[string]inbox.Principal {
	return map[string]inbox.Principal{
		"agent": AsMember(Me), "senior_agent": AsMember(Senior), "manager": AsMember(Manager), "observer": AsMember(Observer),
		"origin_AI": AsAgent(Bot), "other_AI": AsAgent(OtherBot),
		"contact": AsContact("c"), "other_contact": AsContact("another"),
	}
}

// Names are the keys of m, sorted.
func Names[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
