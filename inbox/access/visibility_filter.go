package access

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// Matches reports whether c is within the reach. It is the meaning that every
// store's filter must have.
func (r VisibilityFilter) Matches(c inbox.Conversation) bool {
	return r.sees(c, r.Scopes[c.Kind], r.OwnedExclusively[c.Kind])
}

// sees is Sees with what the reach says of conversations of c's kind.
func (r VisibilityFilter) sees(c inbox.Conversation, scope workspace.Scope, exclusive bool) bool {
	if r.Conversation != "" {
		return c.ID == r.Conversation
	}
	if exclusive && c.Owned() && c.Assignee != r.Member {
		return false
	}
	return r.covers(c, scope)
}

func (r VisibilityFilter) covers(c inbox.Conversation, scope workspace.Scope) bool {
	switch scope {
	case workspace.ScopeAll:
		return true
	case workspace.ScopeTeam:
		return r.owns(c) || r.inTeam(c)
	case workspace.ScopeOwn:
		return r.owns(c)
	case workspace.ScopeNone:
	}
	return false
}

func (r VisibilityFilter) owns(c inbox.Conversation) bool {
	if r.Agent != "" {
		return c.OriginAgent == r.Agent
	}
	return r.Member != "" && c.Assignee == r.Member
}

// inTeam reports whether c counts as "my team's": a conversation of one of my
// teams, of a teammate, or with neither team nor owner, which every team may claim.
func (r VisibilityFilter) inTeam(c inbox.Conversation) bool {
	if r.Member == "" {
		return false // only members are in teams
	}
	if !c.Owned() && c.Team == "" {
		return true
	}
	return slices.Contains(r.Teams, c.Team) || (c.Owned() && slices.Contains(r.Teammates, c.Assignee))
}

// offered reports whether c is offered to the member, or to one of the member's teams as a
// whole, unless the member declined that, or offers it. The right to it is as narrow as the offer, but needs
// some right to see conversations of the kind.
func (r VisibilityFilter) offered(c inbox.Conversation, scope workspace.Scope) bool {
	switch {
	case !c.Offer.Open() || r.Member == "" || scope == workspace.ScopeNone:
		return false
	case c.Offer.Claimable():
		asked := c.Offer.Sender != r.Member && !c.Offer.DeclinedBy(r.Member)
		return asked && scope >= workspace.ScopeTeam && slices.Contains(r.Teams, c.Offer.Team)
	}
	return c.Offer.Member == r.Member
}

// Shows reports whether the view may show c to somebody with reach r: what the reach
// holds, and in the list of what is offered that.
func (v View) Shows(r VisibilityFilter, c inbox.Conversation) bool {
	if v.List == ListOfferedToMe {
		return r.offered(c, r.Scopes[c.Kind])
	}
	return r.Matches(c)
}

// Matches reports whether c is in the view of somebody with reach r, apart
// from Search, which needs the folded words of c. Whether r sees c at all is
// asked of Shows.
func (v View) Matches(r VisibilityFilter, c inbox.Conversation) bool {
	return v.inList(r, c) && (!c.Asleep() || v.HoldsSleepers()) &&
		inbox.OneOf(v.Kinds, c.Kind) && inbox.OneOf(v.Statuses, c.Status) && inbox.OneOf(v.Handlers, c.Handler()) &&
		inbox.OneOf(v.Assignees, c.Assignee) && inbox.OneOf(v.Teams, c.Team) &&
		inbox.OneOf(v.Channels, c.Channel) && inbox.OneOf(v.Contacts, c.Contact) &&
		v.matchesFinding(r, c)
}

// HoldsClosed reports whether the list of the view can hold closed conversations.
func (v View) HoldsClosed() bool {
	return v.List != ListUnassigned && v.List != ListQueued && v.List != ListSnoozed
}

// HoldsSleepers reports whether the view holds conversations that sleep.
func (v View) HoldsSleepers() bool { return v.Asleep || v.List == ListSnoozed }

// matchesFinding is the part of Matches that searches in closed conversations use:
// former assignee, origin, time, and star.
func (v View) matchesFinding(r VisibilityFilter, c inbox.Conversation) bool {
	return inbox.OneOf(v.FormerAssignees, c.FormerAssignee) &&
		inbox.OneOf(v.OriginAgents, c.OriginAgent) && inbox.OneOf(v.Feeders, c.Feeder) &&
		inbox.OneOf(v.ContactEmails, workspace.EmailKey(c.ContactEmail)) &&
		v.Created.Holds(c.CreatedAt) && v.Active.Holds(c.LastActivityAt) &&
		(!v.Closed.Bounded() || c.Status == inbox.Closed && !c.ClosedAt.IsZero() && v.Closed.Holds(c.ClosedAt)) &&
		(v.Awaiting == nil || *v.Awaiting != c.AwaitingReplySince.IsZero()) &&
		(!v.Starred || slices.Contains(r.Starred, c.ID))
}

func (v View) inList(r VisibilityFilter, c inbox.Conversation) bool {
	switch v.List {
	case ListMine:
		return r.Member != "" && c.Assignee == r.Member
	case ListUnassigned:
		return !c.Owned() && c.Status != inbox.Closed
	case ListQueued:
		return c.Waiting()
	case ListSnoozed:
		return c.Asleep()
	case ListMyTeams:
		return c.Team != "" && slices.Contains(r.Teams, c.Team)
	case ListOfferedToMe:
		return r.offered(c, r.Scopes[c.Kind])
	case ListOfferedByMe:
		return r.Member != "" && c.Offer.Open() && c.Offer.Sender == r.Member
	case ListAll, "":
	}
	return true
}
