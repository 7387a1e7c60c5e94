package sqlite

import (
	"database/sql"
	"hash/fnv"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// placement is how lists find a conversation: the keys of its facets, and its sort
// keys in milliseconds by order.
type placement struct {
	facets []int64
	at     [4]int64
}

// orders are the orders of lists. The table entries holds their positions here.
func orders() [4]access.OrderField {
	return [...]access.OrderField{access.ByLastActivity, access.ByCreated, access.ByWaiting, access.ByAwaitingReply}
}

func orderOf(f access.OrderField) int {
	all := orders()
	return max(0, slices.Index(all[:], f))
}

// facetKey is the key of the conversations with a facet in a status. The status is
// part of it, so that the many closed conversations are in no way of a list of others.
// Two facets may share a key: who walks entries looks at the conversations.
func facetKey(ws workspace.WorkspaceID, f document.Facet, status inbox.Status) int64 {
	return hash(string(ws), string(f), string(status))
}

// hash is a key of texts that the file keeps.
func hash(parts ...string) int64 {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p)) // a hash never fails
		_, _ = h.Write([]byte{0})
	}
	return int64(h.Sum64()) //nolint:gosec // all bits are of use
}

func placementOf(c inbox.Conversation) placement {
	p := placement{at: sortKeys(c)}
	for _, f := range facetsOf(c) {
		p.facets = append(p.facets, facetKey(c.Workspace, f, c.Status))
	}
	return p
}

// sortKeys are the sort keys of a conversation in milliseconds, by order.
func sortKeys(c inbox.Conversation) (at [4]int64) {
	for i, o := range orders() {
		at[i] = access.SortKey(c, o).UnixMilli()
	}
	return at
}

// facetsOf returns the facets that lists walk: those that are stored, those that events
// are routed by, and two of this store alone; without the status, which is part of each
// key.
func facetsOf(c inbox.Conversation) []document.Facet {
	facets := document.OfSleeper(c, append(access.Facets(c), handlingFacet(c.Kind, c.Handler()), channelFacet(c.Channel)))
	facets = append(facets, document.FacetsOf(c)...)
	slices.Sort(facets)
	status := document.OfSleeper(c, []document.Facet{document.StatusFacet(c.Status)})
	return slices.DeleteFunc(slices.Compact(facets), func(f document.Facet) bool { return f == status[0] })
}

// handlingFacet marks the conversations of a kind that a handler answers. Views ask for
// kinds and handlers; as one facet they cost each conversation one set of entries.
func handlingFacet(k workspace.Kind, h inbox.Handler) document.Facet {
	return document.Facet("handling:" + string(k) + ":" + string(h))
}

// channelFacet marks the conversations of a channel.
func channelFacet(channel string) document.Facet { return document.Facet("channel:" + channel) }

// replaceEntries brings the entries of a conversation from one placement to another. Entries that
// stay are not written. Where only the sort key of an order changed, as with each
// message, one statement moves those of all facets.
func replaceEntries(tx *sql.Tx, r row, from, to placement) error {
	gone, come := without(from.facets, to.facets), without(to.facets, from.facets)
	stay := without(from.facets, gone)
	if err := eachEntry(tx, removeEntries, r, gone, from.at); err != nil {
		return err
	}
	for ord := range to.at {
		if from.at[ord] == to.at[ord] || len(stay) == 0 {
			continue
		}
		if _, err := tx.Exec(moveEntries, to.at[ord], list(stay), ord, from.at[ord], string(r.c.ID)); err != nil {
			return err
		}
	}
	return eachEntry(tx, insertEntries, r, come, to.at)
}

// eachEntry runs a statement for the entries of facets in all orders.
func eachEntry(tx *sql.Tx, text string, r row, facets []int64, at [4]int64) error {
	if len(facets) == 0 {
		return nil
	}
	_, err := tx.Exec(text, string(r.c.ID), list(facets), at[0], at[1], at[2], at[3], r.n)
	return err
}

// removeEntries and insertEntries take an id, facets, the sort key of each order, and
// the number; moveEntries a new sort key, facets, an order, its sort key, and the id.
const (
	keysOfOrders  = "json_each(?2) f CROSS JOIN (SELECT 0 ord, ?3 at UNION ALL SELECT 1, ?4 UNION ALL SELECT 2, ?5 UNION ALL SELECT 3, ?6) o"
	insertEntries = "INSERT OR IGNORE INTO entries (facet, ord, at, id, n) SELECT f.value, o.ord, o.at, ?1, ?7 FROM " + keysOfOrders
	removeEntries = "DELETE FROM entries WHERE (facet, ord, at, id) IN (SELECT f.value, o.ord, o.at, ?1 FROM " + keysOfOrders + ") AND n = ?7"
	moveEntries   = "UPDATE entries SET at = ? WHERE facet IN (SELECT value FROM json_each(?)) AND ord = ? AND at = ? AND id = ?"
)

func without[T comparable](all, some []T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(k T) bool { return slices.Contains(some, k) })
}
