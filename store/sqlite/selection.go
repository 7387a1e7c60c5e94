package sqlite

import (
	"database/sql"
	"math"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// selection is how a query finds its conversations: a walk of the narrowest facets, or
// of some places.
type selection struct {
	walk
	exact bool // every conversation on the walk is in the list, once
}

// selection decides how q is answered. What it reads to decide is bounded, whatever
// the number of conversations.
func (s *Store) selection(tx *sql.Tx, q access.ConversationQuery) (selection, error) {
	statuses := statusesOf(q.View)
	out := selection{walk: s.walkable(tx, q.Workspace, q.Order, nil, nil)}
	out.holds = holder(q)
	switch ids, named := namedIDs(q); {
	case named:
		return out.among("id", list(ids))
	case len(q.View.Facets(q.Visibility)) == 0 || len(statuses) == 0:
		out.isFew = true
		return out, nil
	}
	if numbers, ok, err := s.found(tx, q); err != nil || ok {
		return out.orAmong(numbers, err)
	}
	facets, n, err := s.narrowest(tx, q, statuses)
	if err != nil {
		return out, err
	}
	w := s.walkable(tx, q.Workspace, q.Order, facets, statuses)
	w.holds = out.holds
	out.walk = w
	if numbers, ok, err := s.within(w, q); err != nil || ok {
		return out.orAmong(numbers, err)
	}
	for _, r := range rangesOf(q.View) {
		if r.ord == out.ord {
			out.walk = out.walk.above(place{at: r.from}, false).below(place{at: r.until}, false)
		}
	}
	out.filter = filterOf(q.View, out.ord)
	out.exact = plain(q)
	if n < s.config.limits.estimate || out.ord != orderOf(access.ByLastActivity) {
		return out, nil
	}
	out.words, err = out.uncommon(q)
	return out, err
}

// holder is the condition of q.
func holder(q access.ConversationQuery) func(row) bool {
	return func(r row) bool {
		return r.c.Workspace == q.Workspace && q.View.Matches(q.Visibility, r.c) && q.View.Shows(q.Visibility, r.c) &&
			(len(q.View.Search) == 0 || q.View.Found(r.words))
	}
}

// among walks the conversations of which a column is one of a list. It reads where they
// stand, not what they are: only those of the page are read.
func (sel selection) among(column, list string) (selection, error) {
	rows, err := sel.tx.Query("SELECT c."+sortColumn(sel.ord)+", c.id, c.n FROM conversations c WHERE c."+column+" IN (SELECT value FROM json_each(?))", list)
	sel.few, err = collect(rows, err, scanPlace)
	sel.isFew = true
	return sel, err
}

func (sel selection) orAmong(numbers []int64, err error) (selection, error) {
	if err != nil {
		return sel, err
	}
	return sel.among("n", list(numbers))
}

// sortColumn is the column of conversations that holds the sort key of an order.
func sortColumn(ord int) string {
	return [...]string{"activity", "created", "waiting", "awaiting"}[ord]
}

// namedIDs returns the conversations that q names by id; named is false when it does
// not.
func namedIDs(q access.ConversationQuery) (ids []string, named bool) {
	switch {
	case q.Visibility.Conversation != "":
		return []string{string(q.Visibility.Conversation)}, true
	case q.View.Starred:
		return textsOf(q.Visibility.Starred), true
	}
	return nil, false
}

// plain reports whether the list and the statuses of q's view are all that it asks
// for, and everything is visible: the facet of the list is the list. That of what is offered
// to all of a team also has what the caller offers or declined.
func plain(q access.ConversationQuery) bool {
	v, r := q.View, q.Visibility
	rest := v
	rest.List, rest.Statuses = "", nil
	for _, exclusive := range r.OwnedExclusively {
		if exclusive {
			return false
		}
	}
	return isEmpty(rest) && seesAll(r) && v.List != access.ListOfferedToMe
}

// statusesOf are the statuses that conversations of the view can have.
func statusesOf(v access.View) []inbox.Status {
	all := []inbox.Status{inbox.Unset, inbox.Open, inbox.Closed}
	return slices.DeleteFunc(all, func(s inbox.Status) bool {
		return !inbox.OneOf(v.Statuses, s) ||
			s == inbox.Closed && !v.HoldsClosed() ||
			s != inbox.Closed && v.Closed.Bounded()
	})
}

// narrowest returns the facets, one of which each conversation of q has: the fewest
// conversations have those. It counts them, unless there are no others.
func (s *Store) narrowest(tx *sql.Tx, q access.ConversationQuery, statuses []inbox.Status) ([]document.Facet, int, error) {
	all := clauses(q)
	best, least := all[0], math.MaxInt // those behind are usually fewer than those before
	if len(all) == 1 {
		return best, least, nil
	}
	for _, facets := range slices.Backward(all) {
		n, err := s.walkable(tx, q.Workspace, q.Order, facets, statuses).size(min(least, s.config.limits.estimate))
		if err != nil {
			return nil, 0, err
		}
		if n < least {
			best, least = facets, n
		}
	}
	return best, least, nil
}

// clauses are sets of facets: each conversation of q has one of each set. What usually
// leaves out more stands behind.
func clauses(q access.ConversationQuery) [][]document.Facet {
	v := q.View
	all := [][]document.Facet{v.Facets(q.Visibility)}
	if facets := handling(v); len(facets) > 0 {
		all = append(all, facets)
	}
	if len(v.Channels) > 0 {
		all = append(all, document.EachFacet(channelFacet, v.Channels))
	}
	all = named(all, access.OriginAgentFacet, v.OriginAgents)
	all = named(all, access.TeamFacet, v.Teams)
	all = named(all, document.FormerAssigneeFacet, v.FormerAssignees)
	all = named(all, access.AssigneeFacet, v.Assignees)
	all = named(all, document.EmailFacet, v.ContactEmails)
	all = named(all, access.ContactFacet, v.Contacts)
	for i := range all {
		all[i] = document.Walked(v, all[i])
	}
	return all
}

// handling are the facets of the kinds and handlers that v demands; none if it demands
// neither.
func handling(v access.View) (facets []document.Facet) {
	kinds, handlers := v.Kinds, v.Handlers
	if len(kinds) == 0 && len(handlers) == 0 {
		return nil
	}
	if len(kinds) == 0 {
		kinds = workspace.Kinds()
	}
	if len(handlers) == 0 {
		handlers = []inbox.Handler{inbox.HandledByAI, inbox.HandledByQueue, inbox.HandledByPerson}
	}
	for _, k := range kinds {
		for _, h := range handlers {
			facets = append(facets, handlingFacet(k, h))
		}
	}
	return facets
}

// named adds the facets of ids, unless there are none or to have none is one of them,
// which is no facet.
func named[T ~string](all [][]document.Facet, of func(T) document.Facet, ids []T) [][]document.Facet {
	if len(ids) == 0 || slices.Contains(ids, "") {
		return all
	}
	return append(all, document.EachFacet(of, ids))
}

// size counts the entries of the walk up to limit.
func (w walk) size(limit int) (int, error) {
	n := 0
	for _, key := range w.keys {
		var more int
		err := w.tx.QueryRow("SELECT count(*) FROM (SELECT 1 FROM entries WHERE facet = ? AND ord = ? AND (at, id) > (?, ?) AND (at, id) < (?, ?) LIMIT ?)",
			key, w.ord, w.low.at, w.low.id, w.high.at, w.high.id, limit-n).Scan(&more)
		if n += more; err != nil || n >= limit {
			return n, err
		}
	}
	return n, nil
}
