package blackbox_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

const (
	faultMembers = 24
	faultChats   = 32 // at first
)

// faultRoles has the role of each member by number.
func faultRole(n int) inbox.RoleName {
	switch {
	case n < 4:
		return "manager"
	case n < 8:
		return "senior_agent"
	case n < faultMembers-2:
		return "agent"
	}
	return "observer"
}

func faultMember(n int) inbox.MemberID { return inbox.MemberID(fmt.Sprintf("f-m%02d", n)) }

func faultTeam(n int) inbox.TeamID { return inbox.TeamID(fmt.Sprintf("f-t%d", n%3)) }

func faultAgent(n int) inbox.AgentID { return inbox.AgentID(fmt.Sprintf("f-bot%d", n%2)) }

// faultWebsite is the API key that starts the first chats, and its secret.
func faultWebsite() (k inbox.APIKey, secret string) {
	return inbox.APIKey{ID: "f-website", Workspace: "faults", Name: "Website", Role: inbox.RoleIntegration, Rev: 1}.WithSecret(make([]byte, 32))
}

// faultWorkspace has fewer slots than there are conversations, so that queues
// form, and teams with methods of their own.
func faultWorkspace() *inbox.Directory {
	const ws = "faults"
	d := &inbox.Directory{
		Workspace: inbox.Workspace{ID: ws, Name: "Faults", Plan: "enterprise", TimeZone: "UTC", Rules: inbox.DefaultRules(), Rev: 1},
		Members:   map[inbox.MemberID]inbox.Member{}, Teams: map[inbox.TeamID]inbox.Team{}, Agents: map[inbox.AgentID]inbox.AIAgent{},
	}
	website, _ := faultWebsite()
	d.Keys = map[inbox.KeyID]inbox.APIKey{website.ID: website}
	d.Workspace.Rules.MaxAutoAssigned = 2
	d.Workspace.Rules.AutoAssignTickets = true
	for n, method := range []inbox.Method{"", inbox.RoundRobin, inbox.Random} {
		id := faultTeam(n)
		d.Teams[id] = inbox.Team{ID: id, Workspace: ws, Name: string(id), Method: method, Rev: 1}
	}
	for n := range 2 {
		id := faultAgent(n)
		d.Agents[id] = inbox.AIAgent{ID: id, Workspace: ws, Name: string(id), Rev: 1}
	}
	for n := range faultMembers {
		m := inbox.Member{
			ID: faultMember(n), Workspace: ws, Name: string(faultMember(n)), Roles: []inbox.RoleName{faultRole(n)}, Rev: 1,
			Teams: []inbox.TeamID{faultTeam(n)}, Availability: inbox.Offline,
		}
		if n%2 == 0 {
			m.Availability, m.OnlineSince = inbox.Online, time.Now().UTC().Truncate(time.Millisecond)
		}
		d.Members[m.ID] = m
	}
	return d
}

// faultPrincipal are who has tokens, apart from contacts.
func faultPrincipal(kind inbox.ActorKind, id string) inbox.Principal {
	return inbox.Principal{Actor: inbox.Actor{Kind: kind, ID: id}}
}

// seed starts the first chats, while nothing is broken yet, and gives the tokens
// of their contacts by the chats' global ids.
func (r *faultRun) seed() map[string]string {
	contacts := map[string]string{}
	_, secret := faultWebsite()
	for n := range faultChats {
		c := &faultClient{run: r, name: fmt.Sprint("seed", n), token: secret, http: faultHTTP(r.t, 1)}
		agent := globalID("AIAgent", string(faultAgent(n)))
		a := c.answer(r.t.Context(), faultAct{verb: "startLivechat", input: object{"contact": object{"name": "Vera"}, "message": "Hello?", "aiAgentId": agent}})
		require.Empty(r.t, a.code, a.text)
		contacts[a.conversation], _ = dig(a.payload, "contactToken").(string)
	}
	return contacts
}

// hire makes the clients: several for each person, so that conflicts are sure.
func (r *faultRun) hire(tokens func(inbox.Principal) string, contacts map[string]string, seed uint64) {
	chats := slices.Sorted(maps.Keys(contacts))
	for n := range faultClients {
		c := &faultClient{run: r, name: fmt.Sprint("c", n), random: rand.New(rand.NewPCG(seed, uint64(n)+1)), http: faultHTTP(r.t, 2)}
		switch {
		case n < 52:
			member := faultMember(n % (faultMembers - 2))
			c.me, c.verbs, c.token = globalID("Member", string(member)), faultMemberVerbs, tokens(faultPrincipal(inbox.ActorMember, string(member)))
		case n < 58:
			agent := faultAgent(n)
			c.me, c.verbs, c.token = globalID("AIAgent", string(agent)), faultAgentVerbs, tokens(faultPrincipal(inbox.ActorAgent, string(agent)))
		default:
			c.mine, c.verbs = chats[n%len(chats)], faultContactVerbs
			c.token = contacts[c.mine]
		}
		r.clients = append(r.clients, c)
	}
}

// faultHost is the host and port of a connection string.
func faultHost(uri string) string {
	_, rest, _ := strings.Cut(uri, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}
