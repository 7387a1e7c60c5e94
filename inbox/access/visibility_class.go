package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// VisibilityClass determines which conversations a member sees, if that does not depend
// on the member personally: members with equal viewpoints see the same ones. It is
// comparable.
type VisibilityClass struct {
	Workspace        workspace.WorkspaceID
	Livechat, Ticket workspace.Scope
}

// VisibilityClass returns the caller's. ok is false for a caller who sees something that
// others with the same rights do not: its own conversations, those of a contact or an AI
// agent, or a conversation that is offered to a member who does not see everything. It is
// also false for a caller who sees nothing at all.
func (a Access) VisibilityClass() (g VisibilityClass, ok bool) {
	if a.Principal.Actor.Kind != workspace.ActorMember {
		return VisibilityClass{}, false
	}
	g.Workspace = a.Principal.Workspace
	for _, kind := range workspace.Kinds() {
		scope, exclusive := a.VisibilityScope(kind)
		switch {
		case scope == workspace.ScopeNone:
		case exclusive, scope != workspace.ScopeAll:
			return VisibilityClass{}, false
		}
		*g.scope(kind) = scope
	}
	return g, g.Livechat != workspace.ScopeNone || g.Ticket != workspace.ScopeNone
}

func (g *VisibilityClass) scope(kind workspace.Kind) *workspace.Scope {
	if kind == workspace.Ticket {
		return &g.Ticket
	}
	return &g.Livechat
}

// As returns the access of a viewpoint by the directory and policy of a: it sees
// the same as each member of the viewpoint, without being one of them, and may do
// nothing. It keeps g, which is not to be written to.
func (a Access) As(g *VisibilityClass) Access {
	a.Principal = inbox.Principal{Workspace: g.Workspace, Actor: workspace.Actor{Kind: workspace.ActorMember}}
	a.Member, a.visibilityClass = workspace.Member{Workspace: g.Workspace}, g
	return a
}
