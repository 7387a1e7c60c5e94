package sqlite

import (
	"database/sql"
	"math"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/store/document"
)

// few is how many conversations are read and sorted here rather than walked to in the
// order of the list.
const few = 500

// selection is how a query finds its conversations: a walk of the narrowest facets,
// or all of them where they are few.
type selection struct {
	walk
	exact bool // every conversation on the walk is in the list, once
	isFew bool
	rows  []row // all that hold, in no order, if they are few
}

// selection decides how q is answered. What it reads to decide is bounded, whatever
// the number of conversations.
func (s *Store) selection(tx *sql.Tx, q access.ConversationQuery) (selection, error) {
	statuses := statusesOf(q.View)
	out := selection{walk: s.walkable(tx, q.Workspace, q.Order, nil, nil)}
	out.holds = holder(q)
	switch ids, named := namedIDs(q); {
	case named:
		return out.read(ids)
	case len(q.View.Facets(q.Visibility)) == 0 || len(statuses) == 0:
		return out.read(nil)
	}
	if ids, ok, err := s.found(tx, q); err != nil || ok {
		if err != nil {
			return out, err
		}
		return out.read(ids)
	}
	facets, err := s.narrowest(tx, q, statuses)
	if err != nil {
		return out, err
	}
	w := s.walkable(tx, q.Workspace, q.Order, facets, statuses)
	w.holds = out.holds
	out.walk = w
	if ids, ok, err := s.within(w, q); err != nil || ok {
		if err != nil {
			return out, err
		}
		return out.read(ids)
	}
	for _, r := range rangesOf(q.View) {
		if r.ord == out.ord {
			out.walk = out.walk.above(place{at: r.from}, false).below(place{at: r.until}, false)
		}
	}
	out.exact = plain(q)
	return out, nil
}

// holder is the condition of q.
func holder(q access.ConversationQuery) func(row) bool {
	return func(r row) bool {
		return r.c.Workspace == q.Workspace && q.View.Matches(q.Visibility, r.c) && q.Visibility.Matches(r.c) &&
			(len(q.View.Search) == 0 || q.View.Found(r.words))
	}
}

// read reads the conversations that hold among a few.
func (sel selection) read(ids []string) (selection, error) {
	found, err := sel.s.rows(sel.tx, ids)
	sel.isFew = true
	sel.rows = slices.DeleteFunc(found, func(r row) bool { return !sel.holds(r) })
	return sel, err
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
// for, and everything is visible: the facet of the list is the list.
func plain(q access.ConversationQuery) bool {
	v, r := q.View, q.Visibility
	rest := v
	rest.List, rest.Statuses = "", nil
	for _, exclusive := range r.OwnedExclusively {
		if exclusive {
			return false
		}
	}
	return isEmpty(rest) && seesAll(r)
}

// statusesOf are the statuses that conversations of the view can have.
func statusesOf(v access.View) []inbox.Status {
	all := []inbox.Status{inbox.Unset, inbox.Open, inbox.Closed}
	return slices.DeleteFunc(all, func(s inbox.Status) bool {
		return !inbox.OneOf(v.Statuses, s) ||
			s == inbox.Closed && (v.List == access.ListUnassigned || v.List == access.ListQueued) ||
			s != inbox.Closed && v.Closed.Bounded()
	})
}

// narrowest returns the facets, one of which each conversation of q has: the fewest
// conversations have those.
func (s *Store) narrowest(tx *sql.Tx, q access.ConversationQuery, statuses []inbox.Status) ([]document.Facet, error) {
	all := clauses(q)
	best, least := all[0], math.MaxInt
	if len(all) == 1 {
		return best, nil
	}
	for _, facets := range all {
		n, err := s.walkable(tx, q.Workspace, q.Order, facets, statuses).size(min(least, maxEstimate))
		if err != nil {
			return nil, err
		}
		if n < least {
			best, least = facets, n
		}
	}
	return best, nil
}

// maxEstimate bounds how far the conversations of facets are counted to compare them.
const maxEstimate = 5_000

// clauses are sets of facets: each conversation of q has one of each set.
func clauses(q access.ConversationQuery) [][]document.Facet {
	v := q.View
	all := [][]document.Facet{v.Facets(q.Visibility)}
	all = named(all, access.AssigneeFacet, v.Assignees)
	all = named(all, access.TeamFacet, v.Teams)
	all = named(all, access.ContactFacet, v.Contacts)
	all = named(all, document.FormerAssigneeFacet, v.FormerAssignees)
	all = named(all, document.EmailFacet, v.ContactEmails)
	return named(all, access.OriginAgentFacet, v.OriginAgents)
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
		err := w.s.queryRow(w.tx, "SELECT count(*) FROM (SELECT 1 FROM entries WHERE facet = ? AND ord = ? AND (at, id) > (?, ?) AND (at, id) < (?, ?) LIMIT ?)",
			key, w.ord, w.low.at, w.low.id, w.high.at, w.high.id, limit-n).Scan(&more)
		if n += more; err != nil || n >= limit {
			return n, err
		}
	}
	return n, nil
}
