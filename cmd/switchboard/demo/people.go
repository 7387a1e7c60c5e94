package demo

import (
	"strings"

	"switchboard/inbox"
)

// person is a member of a demo workspace.
type person struct {
	key, name    string
	role         inbox.RoleName
	teams        string
	availability inbox.Availability
}

// Big is the workspace demo: 3 teams, 12 members in every preset role, 2 AI
// agents. The ids are the same wherever it is made.
func Big(plan inbox.PlanName) inbox.Directory {
	return directory("demo", "Northwind Outdoor", plan, []string{"support", "sales", "billing"}, []string{"ai", "ai2"}, []person{
		{"owner", "Olivia Ohm", "owner", "support", inbox.Online},
		{"admin", "Adrián Núñez", "admin", "sales", inbox.Away},
		{"manager", "Mara Lindqvist", "manager", "support sales", inbox.Online},
		{"manager2", "Tomáš Dvořák", "manager", "billing", inbox.Offline},
		{"senior1", "Samira Haddad", "senior_agent", "support", inbox.Online},
		{"senior2", "Søren Kjær", "senior_agent", "sales", inbox.Away},
		{"agent1", "Anna Berg", "agent", "support", inbox.Online},
		{"agent2", "Ben Okafor", "agent", "support", inbox.Online},
		{"agent3", "Chiara Rossi", "agent", "sales", inbox.Online},
		{"agent4", "Daniel Weiß", "agent", "sales", inbox.Offline},
		{"agent5", "Émile Laurent", "agent", "billing", inbox.Away},
		{"observer", "Oskar Vance", "observer", "", inbox.Online},
	})
}

// Small is the workspace demo-free, on the lowest plan.
func Small(plan inbox.PlanName) inbox.Directory {
	return directory("demo-free", "Corner Bakery", plan, []string{"support"}, []string{"ai"}, []person{
		{"owner", "Olga Petrova", "owner", "support", inbox.Online},
		{"manager", "Marcus Bell", "manager", "support", inbox.Online},
		{"agent1", "Aiko Tanaka", "agent", "support", inbox.Online},
		{"agent2", "Bruno Costa", "agent", "support", inbox.Online},
		{"observer", "Odile Marchand", "observer", "", inbox.Online},
	})
}

func directory(id inbox.WorkspaceID, name string, plan inbox.PlanName, teams, agents []string, people []person) inbox.Directory {
	d := inbox.Directory{
		Workspace: inbox.Workspace{ID: id, Name: name, Plan: plan, TimeZone: "Europe/Berlin", Rules: inbox.DefaultRules(), Demo: true, Rev: 1},
		Members:   map[inbox.MemberID]inbox.Member{}, Teams: map[inbox.TeamID]inbox.Team{}, Agents: map[inbox.AgentID]inbox.AIAgent{},
		Keys: map[inbox.KeyID]inbox.APIKey{},
	}
	website := Website(id)
	d.Keys[website.ID] = website
	for _, t := range teams {
		team := inbox.Team{ID: teamID(id, t), Workspace: id, Name: strings.ToUpper(t[:1]) + t[1:], Rev: 1}
		d.Teams[team.ID] = team
	}
	for i, a := range agents {
		agent := inbox.AIAgent{ID: agentID(id, a), Workspace: id, Name: []string{"Ada", "Byte"}[i], Email: a + "@demo.test", Rev: 1}
		d.Agents[agent.ID] = agent
	}
	for _, p := range people {
		m := p.member(id)
		d.Members[m.ID] = m
	}
	return d
}

func (p person) member(ws inbox.WorkspaceID) inbox.Member {
	m := inbox.Member{
		ID: memberID(ws, p.key), Workspace: ws, Name: p.name, Email: p.key + "@demo.test",
		Roles: []inbox.RoleName{p.role}, Availability: p.availability, Rev: 1,
	}
	for team := range strings.FieldsSeq(p.teams) {
		m.Teams = append(m.Teams, teamID(ws, team))
	}
	return m
}

func memberID(ws inbox.WorkspaceID, key string) inbox.MemberID {
	return inbox.MemberID(string(ws) + "-" + key)
}

func teamID(ws inbox.WorkspaceID, key string) inbox.TeamID {
	return inbox.TeamID(string(ws) + "-team-" + key)
}

func agentID(ws inbox.WorkspaceID, key string) inbox.AgentID {
	return inbox.AgentID(string(ws) + "-" + key)
}

// People are the addresses for which the program prints tokens: everybody, since the
// rules may give a chat to anybody, and first those whom one wants to be first.
func People() []string {
	out := []string{"owner@demo.test", "manager@demo.test", "agent1@demo.test", "agent2@demo.test", "observer@demo.test", "ai@demo.test"}
	for _, key := range []string{"admin", "manager2", "senior1", "senior2", "agent3", "agent4", "agent5"} {
		out = append(out, key+"@demo.test")
	}
	return out
}
