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
	facets := append(access.Facets(c), document.FacetsOf(c)...)
	facets = append(facets, handlingFacet(c.Kind, c.Handler()), channelFacet(c.Channel))
	slices.Sort(facets)
	status := document.StatusFacet(c.Status)
	return slices.DeleteFunc(slices.Compact(facets), func(f document.Facet) bool { return f == status })
}

// handlingFacet marks the conversations of a kind that a handler answers. Views ask for
// kinds and handlers; as one facet they cost each conversation one set of entries.
func handlingFacet(k workspace.Kind, h inbox.Handler) document.Facet {
	return document.Facet("handling:" + string(k) + ":" + string(h))
}

// channelFacet marks the conversations of a channel.
func channelFacet(channel string) document.Facet { return document.Facet("channel:" + channel) }

// move brings the entries of a conversation from one placement to another. Entries
// that stay are not written. Orders whose sort key stays lose and gain the same facets,
// and the others all of them: two statements each.
func (s *Store) move(tx *sql.Tx, r row, from, to placement) error {
	var stay, gone, come [len(to.at)]any // sort keys by order, nil for those of the other kind
	for ord := range to.at {
		if from.at[ord] == to.at[ord] {
			stay[ord] = to.at[ord]
			continue
		}
		gone[ord], come[ord] = from.at[ord], to.at[ord]
	}
	for _, step := range []struct {
		text   string
		facets []int64
		at     [len(to.at)]any
	}{
		{removeEntries, without(from.facets, to.facets), stay},
		{removeEntries, from.facets, gone},
		{insertEntries, without(to.facets, from.facets), stay},
		{insertEntries, to.facets, come},
	} {
		if len(step.facets) == 0 || step.at == [len(to.at)]any{} {
			continue
		}
		args := []any{string(r.c.ID), list(step.facets), list(step.at[:])}
		if step.text == insertEntries {
			args = append(args, r.n)
		}
		if _, err := s.exec(tx, step.text, args...); err != nil {
			return err
		}
	}
	return nil
}

// These take an id, keys of facets, and sort keys by order; an insert the number too.
const (
	insertEntries = "INSERT OR IGNORE INTO entries (facet, ord, at, id, n) SELECT f.value, o.key, o.value, ?1, ?4 FROM json_each(?2) f, json_each(?3) o WHERE o.value IS NOT NULL"
	removeEntries = "DELETE FROM entries WHERE (facet, ord, at, id) IN (SELECT f.value, o.key, o.value, ?1 FROM json_each(?2) f, json_each(?3) o WHERE o.value IS NOT NULL)"
)

func without[T comparable](all, some []T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(k T) bool { return slices.Contains(some, k) })
}
