package access

import (
	"slices"
	"strings"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// VisibilityClass determines which conversations a member sees, if that does not depend
// on the member personally: members with equal viewpoints see the same ones. It is
// comparable.
type VisibilityClass struct {
	Workspace        workspace.WorkspaceID
	Livechat, Ticket workspace.Scope
	// Teams are sorted, one a line; empty when no scope depends on them.
	Teams string
}

// VisibilityClass returns the caller's. ok is false for a caller who sees something that
// others with the same rights do not: its own conversations, or those of a contact
// or an AI agent. It is also false for a caller who sees nothing at all.
func (a Access) VisibilityClass() (g VisibilityClass, ok bool) {
	if a.Principal.Actor.Kind != workspace.ActorMember {
		return VisibilityClass{}, false
	}
	g.Workspace = a.Principal.Workspace
	for _, kind := range workspace.Kinds() {
		scope, exclusive := a.VisibilityScope(kind)
		if scope == workspace.ScopeOwn || exclusive && scope > workspace.ScopeNone || scope == workspace.ScopeTeam && len(a.Member.Teams) == 0 {
			return VisibilityClass{}, false
		}
		*g.scope(kind) = scope
	}
	if g.Livechat == workspace.ScopeNone && g.Ticket == workspace.ScopeNone {
		return VisibilityClass{}, false
	}
	// A member in a team is a teammate of himself: his conversations are his
	// team's.
	if g.Livechat == workspace.ScopeTeam || g.Ticket == workspace.ScopeTeam {
		g.Teams = joinTeams(a.Member.Teams)
	}
	return g, true
}

func (g *VisibilityClass) scope(kind workspace.Kind) *workspace.Scope {
	if kind == workspace.Ticket {
		return &g.Ticket
	}
	return &g.Livechat
}

func joinTeams(teams []workspace.TeamID) string {
	names := make([]string, len(teams))
	for i, t := range teams {
		names[i] = string(t)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "\n")
}

// As returns the access of a viewpoint by the directory and policy of a: it sees
// the same as each member of the viewpoint, without being one of them, and may do
// nothing.
func (a Access) As(g VisibilityClass) Access {
	a.Principal = inbox.Principal{Workspace: g.Workspace, Actor: workspace.Actor{Kind: workspace.ActorMember}}
	a.Member, a.visibilityClass = workspace.Member{Workspace: g.Workspace}, &g
	if g.Teams != "" {
		for team := range strings.SplitSeq(g.Teams, "\n") {
			a.Member.Teams = append(a.Member.Teams, workspace.TeamID(team))
		}
	}
	return a
}
