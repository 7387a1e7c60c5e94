package access

import (
	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// VisibilityScope is how far the caller sees conversations of a kind, and whether what
// others own is hidden. It serves both single decisions and list filters, so
// that the two cannot differ. B:Z8.
func (a Access) VisibilityScope(kind workspace.Kind) (scope workspace.Scope, exclusive bool) {
	if a.visibilityClass != nil {
		return *a.visibilityClass.scope(kind), false
	}
	view, monitor := a.Scope(kind, workspace.PermView), workspace.ScopeNone
	if included, _ := a.policy.Includes(a.Plan(), workspace.FeatureMonitor); included {
		monitor = a.Scope(kind, workspace.PermMonitor)
	}
	isMember := a.Principal.Actor.Kind == workspace.ActorMember
	switch a.Rules().Visibility {
	case workspace.VisibleOpen:
		if view > workspace.ScopeNone && isMember {
			view = workspace.ScopeAll
		}
	case workspace.VisibleExclusive:
		// A monitor whose scope is narrower than the view's sees as the owner rule
		// says.
		exclusive = isMember && monitor < view
	case workspace.VisibleScoped:
	}
	return max(view, monitor), exclusive
}

// Sees reports whether c is within the caller's reach.
func (a Access) Sees(c inbox.Conversation) bool {
	scope, exclusive := a.VisibilityScope(c.Kind)
	return a.about(c).sees(c, scope, exclusive)
}

// Shows reports whether the caller may be shown the subject and contact of c: a
// caller who sees it, and an API key that feeds it. Together with Reads it decides
// every field of a conversation, of its messages, its contact and its events; ask
// it for the conversation as it is now.
func (a Access) Shows(c inbox.Conversation) bool {
	if actor := a.Principal.Actor; actor.Kind == workspace.ActorContact {
		return c.Contact == inbox.ContactID(actor.ID) // a conversation that it just began, too
	}
	return a.Sees(c) || Feeds(a, c).Allowed
}

// Reads reports whether the caller may also be shown the messages of c: an API key
// that only feeds c reads none of them. B:Z2.
func (a Access) Reads(c inbox.Conversation) bool {
	return a.Principal.Actor.Kind != workspace.ActorPartner && a.Shows(c) || a.Sees(c)
}

// VisibilityFilter is the caller's sight as a filter.
func (a Access) VisibilityFilter() VisibilityFilter {
	r := standpoint(a)
	r.Scopes, r.OwnedExclusively = map[workspace.Kind]workspace.Scope{}, map[workspace.Kind]bool{}
	for _, kind := range workspace.Kinds() {
		r.Scopes[kind], r.OwnedExclusively[kind] = a.VisibilityScope(kind)
	}
	if r.Member != "" && r.has(workspace.ScopeTeam) {
		r.Teammates = a.Directory.Teammates(a.Member.Teams)
	}
	return r
}

// standpoint is who the caller is, as a reach says it.
func standpoint(a Access) VisibilityFilter {
	r := VisibilityFilter{Conversation: a.Principal.Conversation}
	switch actor := a.Principal.Actor; actor.Kind {
	case workspace.ActorMember:
		r.Member, r.Teams = a.Member.ID, a.Member.Teams
		if a.visibilityClass != nil {
			r.Member = anyMember
		}
	case workspace.ActorAgent:
		r.Agent = workspace.AgentID(actor.ID)
	case workspace.ActorContact, workspace.ActorPartner, workspace.ActorSystem:
	}
	return r
}

// ViewsAny gives PERMISSION_DENIED unless the caller may see conversations of
// some kind at all. Contacts see theirs alone and follow no lists.
func (a Access) ViewsAny() error {
	if a.Principal.Actor.Kind == workspace.ActorContact {
		return Denied(workspace.Permission{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeOwn}.String())
	}
	for _, kind := range workspace.Kinds() {
		if scope, _ := a.VisibilityScope(kind); scope > workspace.ScopeNone {
			return nil
		}
	}
	return Denied(workspace.Permission{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeOwn}.String())
}
