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
	view, monitor := openScope(a, kind), workspace.ScopeNone
	if included, _ := a.policy.Includes(a.Plan(), workspace.FeatureMonitor); included {
		monitor = a.Scope(kind, workspace.PermMonitor)
	}
	// A monitor whose scope is narrower than the view's sees as the owner rule says.
	return max(view, monitor), hidesOwned(a) && monitor < view
}

// openScope is how far the caller sees conversations of a kind without monitoring.
func openScope(a Access, kind workspace.Kind) workspace.Scope {
	view := a.Scope(kind, workspace.PermView)
	isMember := a.Principal.Actor.Kind == workspace.ActorMember
	if isMember && view > workspace.ScopeNone && a.Rules().Visibility == workspace.VisibleOpen {
		return workspace.ScopeAll
	}
	return view
}

// hidesOwned reports whether the rules hide from the caller what other members own.
func hidesOwned(a Access) bool {
	return a.Rules().Visibility == workspace.VisibleExclusive && a.Principal.Actor.Kind == workspace.ActorMember
}

// SeesOpenly reports whether the caller sees c by the permission view, and not by the
// permission monitor alone, which leaves no trace. B:M1
func SeesOpenly(a Access, c inbox.Conversation) bool {
	return a.about(c).sees(c, openScope(a, c.Kind), hidesOwned(a))
}

// Watches reports whether the caller may watch c without a trace: another member owns
// it, and the caller may monitor it. B:M1
func Watches(a Access, c inbox.Conversation) bool {
	return c.Owned() && !a.owns(c) && a.Can(c, inbox.ActionMonitor).Allowed
}

// Sees reports whether the caller may see c: it is within the caller's reach, or it is
// offered to the caller, as nobody should accept what they have not seen. B:T6
func (a Access) Sees(c inbox.Conversation) bool { return a.Reaches(c) || IsOffered(a, c) }

// Reaches reports whether c is within the caller's reach, which lists show.
func (a Access) Reaches(c inbox.Conversation) bool {
	scope, exclusive := a.VisibilityScope(c.Kind)
	return a.about(c).sees(c, scope, exclusive)
}

// IsOffered reports whether an open offer of c asks the caller, who may read c for it. B:T6
func IsOffered(a Access, c inbox.Conversation) bool {
	if !c.Offer.Open() {
		return false
	}
	scope, _ := a.VisibilityScope(c.Kind)
	return standpoint(a).offered(c, scope)
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
