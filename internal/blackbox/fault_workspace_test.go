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
	"switchboard/inbox/workspace"
)

const (
	faultMembers = 24
	faultChats   = 32 // at first
)

// faultRoles has the role of each member by number.
func faultRole(n int) workspace.RoleName {
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

func faultMember(n int) workspace.MemberID { return workspace.MemberID(fmt.Sprintf("f-m%02d", n)) }

func faultTeam(n int) workspace.TeamID { return workspace.TeamID(fmt.Sprintf("f-t%d", n%3)) }

func faultAgent(n int) workspace.AgentID { return workspace.AgentID(fmt.Sprintf("f-bot%d", n%2)) }

// faultWebsite is the API key that starts the first chats, and its secret.
func faultWebsite() (k workspace.APIKey, secret string) {
	return workspace.APIKey{ID: "f-website", Workspace: "faults", Name: "Website", Role: workspace.RoleIntegration, Rev: 1}.WithSecret(make([]byte, 32))
}

// faultWorkspace has fewer slots than there are conversations, so that queues
// form, and teams with methods of their own.
func faultWorkspace() *workspace.Directory {
	const ws = "faults"
	d := &workspace.Directory{
		Workspace: workspace.Workspace{ID: ws, Name: "Faults", Plan: "enterprise", TimeZone: "UTC", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{}, Teams: map[workspace.TeamID]workspace.Team{}, Agents: map[workspace.AgentID]workspace.AIAgent{},
	}
	d.Keys, _ = faultKeys()
	d.Workspace.Rules.MaxAutoAssigned = 2
	d.Workspace.Rules.AutoAssignTickets = true
	d.Workspace.Rules.ReclaimAfter, d.Workspace.Rules.ReclaimLimit = 3*time.Second, 3
	d.Workspace.Rules.ReclaimOffline = workspace.ReclaimOfflineOnInbound
	// Some offers are answered, and some expire.
	d.Workspace.Rules.OfferTimeout, d.Workspace.Rules.OfferExhausted = 4*time.Second, workspace.OfferToTeamQueue
	for n, method := range []workspace.Method{"", workspace.RoundRobin, workspace.Random} {
		id := faultTeam(n)
		d.Teams[id] = workspace.Team{ID: id, Workspace: ws, Name: string(id), Method: method, Rev: 1}
	}
	for n := range 2 {
		id := faultAgent(n)
		d.Agents[id] = workspace.AIAgent{ID: id, Workspace: ws, Name: string(id), Rev: 1}
	}
	for n := range faultMembers {
		m := workspace.Member{
			ID: faultMember(n), Workspace: ws, Name: string(faultMember(n)), Roles: []workspace.RoleName{faultRole(n)}, Rev: 1,
			Teams: []workspace.TeamID{faultTeam(n)}, Availability: workspace.Offline,
		}
		if n%2 == 0 {
			m.Availability, m.OnlineSince = workspace.Online, time.Now().UTC().Truncate(time.Millisecond)
		}
		if n == 0 { // who makes the endpoints of webhooks
			m.Roles = append(m.Roles, "owner")
		}
		d.Members[m.ID] = m
	}
	return d
}

// faultPrincipal are who has tokens, apart from contacts.
func faultPrincipal(kind workspace.ActorKind, id string) inbox.Principal {
	return inbox.Principal{Actor: workspace.Actor{Kind: kind, ID: id}}
}

// seed starts the first chats, while nothing is broken yet, and gives the tokens
// of their contacts by the chats' global ids.
func (r *faultRun) seed() map[string]string {
	contacts := map[string]string{}
	_, secret := faultWebsite()
	for n := range faultChats {
		c := &faultClient{run: r, name: fmt.Sprint("seed", n), token: secret, http: faultHTTP(r.t, 1)}
		agent := globalID("AIAgent", string(faultAgent(n)))
		a := c.answer(r.t.Context(), faultAct{verb: "startLivechat", input: object{"contact": object{"name": "Vera"}, "message": "Hello?", "aiAgentId": agent, "externalId": fmt.Sprint("channel-", n)}})
		require.Empty(r.t, a.code+a.failed, a.text)
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
			c.me, c.verbs, c.token = globalID("Member", string(member)), faultMemberVerbs, tokens(faultPrincipal(workspace.ActorMember, string(member)))
		case n < 58:
			agent := faultAgent(n)
			c.me, c.verbs, c.token = globalID("AIAgent", string(agent)), faultAgentVerbs, tokens(faultPrincipal(workspace.ActorAgent, string(agent)))
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
