package workspace

import (
	"cmp"
	"slices"
)

// Directory is everything about a workspace that decisions need and that
// changes seldom. A directory is never written to after it was made: With
// returns a changed copy.
type Directory struct {
	Workspace Workspace
	Members   map[MemberID]Member
	Teams     map[TeamID]Team
	Agents    map[AgentID]AIAgent
	// Keys has the API keys, revoked ones too: histories name them.
	Keys map[KeyID]APIKey
	// Webhooks has the endpoints of other systems, disabled and deleted ones too.
	Webhooks map[WebhookID]Webhook

	memo *memo // nil remembers nothing
}

// Member finds a member who was not removed.
func (d *Directory) Member(id MemberID) (Member, bool) {
	m, ok := d.Members[id]
	return m, ok && !m.Removed
}

// Team finds a team that was not removed.
func (d *Directory) Team(id TeamID) (Team, bool) {
	t, ok := d.Teams[id]
	return t, ok && !t.Removed
}

// Present leaves out the teams that were removed: nobody is in them any longer.
func (d *Directory) Present(teams []TeamID) []TeamID {
	gone := func(id TeamID) bool { return d.Teams[id].Removed }
	if !slices.ContainsFunc(teams, gone) {
		return teams
	}
	return slices.DeleteFunc(slices.Clone(teams), gone)
}

// Agent finds an AI agent that was not removed.
func (d *Directory) Agent(id AgentID) (AIAgent, bool) {
	a, ok := d.Agents[id]
	return a, ok && !a.Removed
}

// SortedMembers lists the members who were not removed by name, then by id. Do not
// modify the list.
func (d *Directory) SortedMembers() []Member {
	return d.memo.members(d.sortedMembers)
}

func (d *Directory) sortedMembers() []Member {
	out := make([]Member, 0, len(d.Members))
	for _, m := range d.Members {
		if !m.Removed {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b Member) int { return ByName(a.Name, b.Name, a.ID, b.ID) })
	return out
}

// SortedTeams lists the teams that were not removed by name, then by id.
func (d *Directory) SortedTeams() []Team {
	out := make([]Team, 0, len(d.Teams))
	for _, t := range d.Teams {
		if !t.Removed {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b Team) int { return ByName(a.Name, b.Name, a.ID, b.ID) })
	return out
}

// ByName orders by name, then by id.
func ByName[ID cmp.Ordered](nameA, nameB string, a, b ID) int {
	return cmp.Or(cmp.Compare(nameA, nameB), cmp.Compare(a, b))
}

// With returns a copy in which c is applied, or d itself if c is no newer (by Rev)
// than d's entry.
func (d *Directory) With(c DirectoryChange) *Directory {
	out := *d
	out.memo = d.memo.after(d, c)
	switch {
	case c.Workspace != nil && c.Workspace.Rev > d.Workspace.Rev:
		out.Workspace = *c.Workspace
	case c.Member != nil && c.Member.Rev > d.Members[c.Member.ID].Rev:
		out.Members = WithEntry(d.Members, c.Member.ID, *c.Member)
	case c.Team != nil && c.Team.Rev > d.Teams[c.Team.ID].Rev:
		out.Teams = WithEntry(d.Teams, c.Team.ID, *c.Team)
	case c.Agent != nil && c.Agent.Rev > d.Agents[c.Agent.ID].Rev:
		out.Agents = WithEntry(d.Agents, c.Agent.ID, *c.Agent)
	case c.Key != nil && c.Key.Rev > d.Keys[c.Key.ID].Rev:
		out.Keys = WithEntry(d.Keys, c.Key.ID, *c.Key)
	case c.Webhook != nil && c.Webhook.Rev > d.Webhooks[c.Webhook.ID].Rev:
		out.Webhooks = WithEntry(d.Webhooks, c.Webhook.ID, *c.Webhook)
	default:
		return d
	}
	return &out
}

// WithEntry is a copy of m in which key has the value.
func WithEntry[K comparable, V any](m map[K]V, key K, value V) map[K]V {
	out := make(map[K]V, len(m)+1)
	for k, v := range m {
		out[k] = v
	}
	out[key] = value
	return out
}
