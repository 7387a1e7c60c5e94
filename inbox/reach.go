package inbox

import "slices"

// Sees reports whether c is within the reach. It is the meaning that every
// store's filter must have.
func (r Reach) Sees(c Conversation) bool {
	if r.Conversation != "" {
		return c.ID == r.Conversation
	}
	if r.OwnedExclusively[c.Kind] && c.Owned() && c.Assignee != r.Member {
		return false
	}
	return r.covers(c, r.Scopes[c.Kind])
}

func (r Reach) covers(c Conversation, scope Scope) bool {
	switch scope {
	case ScopeAll:
		return true
	case ScopeTeam:
		return r.owns(c) || r.inTeam(c)
	case ScopeOwn:
		return r.owns(c)
	case ScopeNone:
	}
	return false
}

func (r Reach) owns(c Conversation) bool {
	if r.Agent != "" {
		return c.OriginAgent == r.Agent
	}
	return r.Member != "" && c.Assignee == r.Member
}

// inTeam reports whether c counts as "my team's": a conversation of one of my
// teams, of a teammate, or with neither team nor owner, which every team may claim.
func (r Reach) inTeam(c Conversation) bool {
	if r.Member == "" {
		return false // only members are in teams
	}
	if !c.Owned() && c.Team == "" {
		return true
	}
	return slices.Contains(r.Teams, c.Team) || (c.Owned() && slices.Contains(r.Teammates, c.Assignee))
}

// Matches reports whether c is in the view of somebody with reach r, apart
// from Search, which needs the folded words of c. Whether r sees c at all is
// asked of Sees.
func (v View) Matches(r Reach, c Conversation) bool {
	return v.inList(r, c) &&
		oneOf(v.Kinds, c.Kind) && oneOf(v.Statuses, c.Status) && oneOf(v.Handlers, c.Handler()) &&
		oneOf(v.Assignees, c.Assignee) && oneOf(v.Teams, c.Team) &&
		oneOf(v.Channels, c.Channel) && oneOf(v.Contacts, c.Contact) &&
		v.matchesFinding(r, c)
}

// matchesFinding is the part of Matches that searches in closed conversations use:
// former assignee, origin, time, and star.
func (v View) matchesFinding(r Reach, c Conversation) bool {
	return oneOf(v.FormerAssignees, c.FormerAssignee) && oneOf(v.OriginAgents, c.OriginAgent) &&
		oneOf(v.ContactEmails, EmailKey(c.ContactEmail)) &&
		v.Created.Holds(c.CreatedAt) && v.Active.Holds(c.LastActivityAt) &&
		(!v.Closed.Bounded() || c.Status == Closed && !c.ClosedAt.IsZero() && v.Closed.Holds(c.ClosedAt)) &&
		(v.Awaiting == nil || *v.Awaiting != c.AwaitingReplySince.IsZero()) &&
		(!v.Starred || slices.Contains(r.Starred, c.ID))
}

func (v View) inList(r Reach, c Conversation) bool {
	switch v.List {
	case ListMine:
		return r.Member != "" && c.Assignee == r.Member
	case ListUnassigned:
		return !c.Owned() && c.Status != Closed
	case ListQueued:
		return c.Waiting()
	case ListMyTeams:
		return c.Team != "" && slices.Contains(r.Teams, c.Team)
	case ListAll, "":
	}
	return true
}

func oneOf[T comparable](wanted []T, got T) bool {
	return len(wanted) == 0 || slices.Contains(wanted, got)
}
