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
	var p placement
	for i, o := range orders() {
		p.at[i] = access.SortKey(c, o).UnixMilli()
	}
	for _, f := range facetsOf(c) {
		p.facets = append(p.facets, facetKey(c.Workspace, f, c.Status))
	}
	return p
}

// facetsOf returns the facets that lists walk: those that are stored and those that
// events are routed by, without the status, which is part of each key.
func facetsOf(c inbox.Conversation) []document.Facet {
	facets := append(access.Facets(c), document.FacetsOf(c)...)
	slices.Sort(facets)
	status := document.StatusFacet(c.Status)
	return slices.DeleteFunc(slices.Compact(facets), func(f document.Facet) bool { return f == status })
}

// move brings the entries of a conversation from one placement to another. Entries
// that stay are not written.
func (s *Store) move(tx *sql.Tx, id inbox.ConversationID, from, to placement) error {
	for ord := range to.at {
		gone, come := from.facets, to.facets
		if from.at[ord] == to.at[ord] {
			gone, come = without(from.facets, to.facets), without(to.facets, from.facets)
		}
		if len(gone) > 0 {
			if _, err := s.exec(tx, "DELETE FROM entries WHERE facet IN (SELECT value FROM json_each(?)) AND ord = ? AND at = ? AND id = ?",
				list(gone), ord, from.at[ord], string(id)); err != nil {
				return err
			}
		}
		if len(come) > 0 {
			if _, err := s.exec(tx, "INSERT OR IGNORE INTO entries (facet, ord, at, id) SELECT value, ?, ?, ? FROM json_each(?)",
				ord, to.at[ord], string(id), list(come)); err != nil {
				return err
			}
		}
	}
	return nil
}

func without(all, some []int64) []int64 {
	return slices.DeleteFunc(slices.Clone(all), func(k int64) bool { return slices.Contains(some, k) })
}
