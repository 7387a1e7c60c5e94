package mongo

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

const (
	// maxFacets bounds the facets of one walk.
	maxFacets = 100
	// maxRanges is how many ranges of an index MongoDB merges in the order of a list: one
	// for each facet and status. With more of them it reads all that they hold and sorts it.
	maxRanges = 200
)

// facetWalk is a set of facets of which every conversation of a list has at least one, to
// walk an index by.
type facetWalk struct {
	facets []document.Facet
	// visible says that the caller sees every conversation with one of the facets.
	visible bool
}

// narrowest returns the facets by which the fewest conversations are usually walked:
// those of a few people before those of teams, those before the caller's whole
// visibility, and that before everything. Sets that are too large to be walked in order
// are left out.
func narrowest(q access.ConversationQuery, statuses int) facetWalk {
	v, r := q.View, q.Visibility
	most := min(maxFacets, maxRanges/max(statuses, 1)) / len(document.Walked(v, []document.Facet{access.AllFacet}))
	if emails := emailFacets(v); len(emails.facets) > 0 {
		return emails // there is no field to say it otherwise
	}
	for _, next := range [][]facetWalk{
		{offeredWalk(v, r)},
		{queueWalk(v, r)},
		{queuedWalk(v)},
		{of(document.FormerAssigneeFacet, v.FormerAssignees), of(access.AssigneeFacet, v.Assignees), mine(v, r), ownWalk(v, r)},
		{of(access.TeamFacet, v.Teams), myTeams(v, r)},
		{unassignedWalk(v), of(access.OriginAgentFacet, v.OriginAgents), agentWalk(v, r), teamWalk(v, r), exclusiveWalk(v, r)},
	} {
		next = slices.DeleteFunc(next, func(w facetWalk) bool { return len(w.facets) == 0 || len(w.facets) > most })
		if len(next) > 0 {
			return slices.MinFunc(next, func(a, b facetWalk) int { return len(a.facets) - len(b.facets) })
		}
	}
	return facetWalk{facets: []document.Facet{access.AllFacet}}
}

// of walks the facets of ids, unless to have none is one of them, which is no facet.
func of[T ~string](facet func(T) document.Facet, ids []T) facetWalk {
	if slices.Contains(ids, "") {
		return facetWalk{}
	}
	return facetWalk{facets: document.EachFacet(facet, ids)}
}

func emailFacets(v access.View) facetWalk { return of(document.EmailFacet, v.ContactEmails) }

func mine(v access.View, r access.VisibilityFilter) facetWalk {
	if v.List != access.ListMine {
		return facetWalk{}
	}
	return of(access.AssigneeFacet, []workspace.MemberID{r.Member})
}

// offeredWalk is for what is offered to the caller, or by the caller.
func offeredWalk(v access.View, r access.VisibilityFilter) facetWalk {
	switch v.List {
	case access.ListOfferedToMe:
		return facetWalk{facets: append(document.EachFacet(access.OfferedTeamFacet, named(r.Teams)), access.OfferedFacet(r.Member))}
	case access.ListOfferedByMe:
		return facetWalk{facets: []document.Facet{access.OfferedByFacet(r.Member)}}
	case access.ListAll, access.ListMine, access.ListMyTeams, access.ListQueued, access.ListUnassigned, access.ListSnoozed:
	}
	return facetWalk{}
}

func myTeams(v access.View, r access.VisibilityFilter) facetWalk {
	if v.List != access.ListMyTeams {
		return facetWalk{}
	}
	return of(access.TeamFacet, named(r.Teams))
}

// queueWalk is for the queues of some teams: those asked for, or those that the caller
// sees.
func queueWalk(v access.View, r access.VisibilityFilter) facetWalk {
	teams := v.Teams
	if len(teams) == 0 && widest(v, r) <= workspace.ScopeTeam && r.Agent == "" && r.Conversation == "" {
		teams = append(named(r.Teams), "")
	}
	if v.List != access.ListQueued {
		return facetWalk{}
	}
	return facetWalk{facets: document.EachFacet(access.QueueFacet, teams)}
}

// queuedWalk is for all that waits, wherever.
func queuedWalk(v access.View) facetWalk {
	if v.List == access.ListQueued || isLive(v) && slices.Equal(v.Handlers, []inbox.Handler{inbox.HandledByQueue}) {
		return facetWalk{facets: []document.Facet{access.QueuedFacet}}
	}
	return facetWalk{}
}

// unassignedWalk is for what nobody owns, wherever: the AI agents' chats are among it.
func unassignedWalk(v access.View) facetWalk {
	unowned := len(v.Handlers) > 0 && !slices.Contains(v.Handlers, inbox.HandledByPerson) || slices.Equal(v.Assignees, []workspace.MemberID{""})
	if v.List == access.ListUnassigned || isLive(v) && unowned {
		return facetWalk{facets: []document.Facet{access.UnassignedFacet}}
	}
	return facetWalk{}
}

// isLive reports whether the view holds nothing that is closed.
func isLive(v access.View) bool { return !slices.Contains(statusesOf(v), inbox.Closed) }

// ownWalk is for members who see their own conversations alone.
func ownWalk(v access.View, r access.VisibilityFilter) facetWalk {
	if widest(v, r) > workspace.ScopeOwn || r.Agent != "" || r.Conversation != "" {
		return facetWalk{}
	}
	return of(access.AssigneeFacet, []workspace.MemberID{r.Member})
}

// agentWalk is for AI agents, who see the chats that came from them.
func agentWalk(v access.View, r access.VisibilityFilter) facetWalk {
	if widest(v, r) > workspace.ScopeOwn || r.Agent == "" || r.Conversation != "" {
		return facetWalk{}
	}
	return of(access.OriginAgentFacet, []workspace.AgentID{r.Agent})
}

// teamWalk is for members who see what their teams have.
func teamWalk(v access.View, r access.VisibilityFilter) facetWalk {
	if widest(v, r) != workspace.ScopeTeam || r.Agent != "" || r.Member == "" || r.Conversation != "" {
		return facetWalk{}
	}
	facets := append([]document.Facet{access.UnroutedFacet, access.AssigneeFacet(r.Member)}, document.EachFacet(access.AssigneeFacet, named(r.Teammates))...)
	facets = append(facets, document.EachFacet(access.TeamFacet, named(r.Teams))...)
	slices.Sort(facets)
	kinds := workspace.Kinds()
	return facetWalk{facets: slices.Compact(facets), visible: sameForAll(r, kinds) && !r.OwnedExclusively[kinds[0]]}
}

// exclusiveWalk is for members from whom the conversations of all others are hidden. Only
// of those that are not closed is there a facet of having no assignee.
func exclusiveWalk(v access.View, r access.VisibilityFilter) facetWalk {
	hidden := !slices.ContainsFunc(kindsOf(v), func(k workspace.Kind) bool { return !r.OwnedExclusively[k] })
	if !hidden || r.Conversation != "" || !isLive(v) {
		return facetWalk{}
	}
	facets := []document.Facet{access.UnassignedFacet}
	if r.Member != "" {
		facets = append(facets, access.AssigneeFacet(r.Member))
	}
	return facetWalk{facets: facets}
}

// kindsOf are the kinds that conversations of the view can have.
func kindsOf(v access.View) []workspace.Kind {
	return slices.DeleteFunc(workspace.Kinds(), func(k workspace.Kind) bool { return !inbox.OneOf(v.Kinds, k) })
}

// widest is how far the caller sees among the kinds of the view.
func widest(v access.View, r access.VisibilityFilter) workspace.Scope {
	scope := workspace.ScopeNone
	for _, k := range kindsOf(v) {
		scope = max(scope, r.Scopes[k])
	}
	return scope
}
