package demo

import (
	"strings"

	"switchboard/inbox/workspace"
)

// person is a member of a demo workspace.
type person struct {
	key, name    string
	role         workspace.RoleName
	teams        string
	availability workspace.Availability
}

// Big is the workspace demo: 3 teams, 12 members in every preset role, 2 AI
// agents. The ids are the same wherever it is made.
func Big(plan workspace.PlanName) workspace.Directory {
	return directory("demo", "Northwind Outdoor", plan, []string{"support", "sales", "billing"}, []string{"ai", "ai2"}, staff())
}

// staff are the members of the workspace demo, and of those that look like it.
func staff() []person {
	return []person{
		{"owner", "Olivia Ohm", "owner", "support", workspace.Online},
		{"admin", "Adrián Núñez", "admin", "sales", workspace.Away},
		{"manager", "Mara Lindqvist", "manager", "support sales", workspace.Online},
		{"manager2", "Tomáš Dvořák", "manager", "billing", workspace.Offline},
		{"senior1", "Samira Haddad", "senior_agent", "support", workspace.Online},
		{"senior2", "Søren Kjær", "senior_agent", "sales", workspace.Away},
		{"agent1", "Anna Berg", "agent", "support", workspace.Online},
		{"agent2", "Ben Okafor", "agent", "support", workspace.Online},
		{"agent3", "Chiara Rossi", "agent", "sales", workspace.Online},
		{"agent4", "Daniel Weiß", "agent", "sales", workspace.Offline},
		{"agent5", "Émile Laurent", "agent", "billing", workspace.Away},
		{"observer", "Oskar Vance", "observer", "", workspace.Online},
	}
}

// Small is the workspace demo-free, on the lowest plan.
func Small(plan workspace.PlanName) workspace.Directory {
	return directory("demo-free", "Corner Bakery", plan, []string{"support"}, []string{"ai"}, []person{
		{"owner", "Olga Petrova", "owner", "support", workspace.Online},
		{"manager", "Marcus Bell", "manager", "support", workspace.Online},
		{"agent1", "Aiko Tanaka", "agent", "support", workspace.Online},
		{"agent2", "Bruno Costa", "agent", "support", workspace.Online},
		{"observer", "Odile Marchand", "observer", "", workspace.Online},
	})
}

func directory(id workspace.WorkspaceID, name string, plan workspace.PlanName, teams, agents []string, people []person) workspace.Directory {
	d := workspace.Directory{
		Workspace: workspace.Workspace{ID: id, Name: name, Plan: plan, TimeZone: "Europe/Berlin", Rules: workspace.DefaultRules(), Demo: true, Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{}, Teams: map[workspace.TeamID]workspace.Team{}, Agents: map[workspace.AgentID]workspace.AIAgent{},
		Keys: map[workspace.KeyID]workspace.APIKey{},
	}
	website := Website(id)
	d.Keys[website.ID] = website
	for _, t := range teams {
		team := workspace.Team{ID: teamID(id, t), Workspace: id, Name: strings.ToUpper(t[:1]) + t[1:], Rev: 1}
		d.Teams[team.ID] = team
	}
	for i, a := range agents {
		agent := workspace.AIAgent{ID: agentID(id, a), Workspace: id, Name: []string{"Ada", "Byte"}[i], Email: a + "@demo.test", Rev: 1}
		d.Agents[agent.ID] = agent
	}
	for _, p := range people {
		m := p.member(id)
		d.Members[m.ID] = m
	}
	return d
}

func (p person) member(ws workspace.WorkspaceID) workspace.Member {
	m := workspace.Member{
		ID: memberID(ws, p.key), Workspace: ws, Name: p.name, Email: p.key + "@demo.test",
		Roles: []workspace.RoleName{p.role}, Availability: p.availability, Rev: 1,
	}
	for team := range strings.FieldsSeq(p.teams) {
		m.Teams = append(m.Teams, teamID(ws, team))
	}
	return m
}

func memberID(ws workspace.WorkspaceID, key string) workspace.MemberID {
	return workspace.MemberID(string(ws) + "-" + key)
}

func teamID(ws workspace.WorkspaceID, key string) workspace.TeamID {
	return workspace.TeamID(string(ws) + "-team-" + key)
}

func agentID(ws workspace.WorkspaceID, key string) workspace.AgentID {
	return workspace.AgentID(string(ws) + "-" + key)
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
