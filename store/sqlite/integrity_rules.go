package sqlite

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// checkedAtOnce is how many conversations are read at once.
const checkedAtOnce = 500

// checking compares what is stored twice: facets and words with the conversations, and
// workloads with their owners.
type checking struct {
	s           *Store
	tx          *sql.Tx
	last        int64 // the conversation that was read last
	done, total int
	// entries and words are how many rows there should be.
	entries, words int
	// loads are the workloads that follow from the conversations, by id and kind.
	loads map[string]int
	found []string
}

func (c *checking) note(format string, args ...any) {
	if len(c.found) < maxFindings {
		c.found = append(c.found, fmt.Sprintf(format, args...))
	}
}

// next looks at the next conversations; more is false behind the last.
func (c *checking) next() (more bool, err error) {
	read, err := readRows(c.tx, "WHERE c.n > ? ORDER BY c.n LIMIT ?", c.last, checkedAtOnce)
	if err != nil {
		return false, err
	}
	for _, r := range read {
		if err := c.check(r); err != nil {
			return false, err
		}
		c.last = r.n
	}
	c.done += len(read)
	return len(read) == checkedAtOnce, nil
}

func (c *checking) check(r row) error {
	place := placementOf(r.c)
	facets := slices.Compact(slices.Sorted(slices.Values(place.facets)))
	for ord, at := range place.at {
		var n int
		err := c.tx.QueryRow("SELECT COUNT(*) FROM entries WHERE facet IN (SELECT value FROM json_each(?)) AND ord = ? AND at = ? AND id = ? AND n = ?", list(facets), ord, at, string(r.c.ID), r.n).Scan(&n)
		if err != nil {
			return err
		}
		if n != len(facets) {
			c.note("conversation %s is missing from %d of the %d lists that it belongs to", r.c.ID, len(facets)-n, len(facets))
		}
		c.entries += len(facets)
	}
	words := slices.Compact(slices.Sorted(slices.Values(document.Words(r.c.SearchText()))))
	var n int
	if err := c.tx.QueryRow("SELECT COUNT(*) FROM words WHERE workspace = ? AND word IN (SELECT value FROM json_each(?)) AND period = ? AND conversation = ?", string(r.c.Workspace), list(words), c.s.config.limits.periodOf(r.c), r.n).Scan(&n); err != nil {
		return err
	}
	if n != len(words) {
		c.note("conversation %s is not found by %d of its words", r.c.ID, len(words)-n)
	}
	c.words += len(words)
	c.count(r.c)
	return c.checkColumns(r, words)
}

// checkColumns compares what lists sort and filter a row by with its body.
func (c *checking) checkColumns(r row, words []string) error {
	at := sortKeys(r.c)
	var same bool
	err := c.tx.QueryRow("SELECT (activity, created, waiting, awaiting, kind, channel, words) = (?, ?, ?, ?, ?, ?, ?) FROM conversations WHERE n = ?",
		at[0], at[1], at[2], at[3], string(r.c.Kind), r.c.Channel, joined(words), r.n).Scan(&same)
	if err == nil && !same {
		c.note("conversation %s is not sorted or filtered by what it is", r.c.ID)
	}
	return err
}

// count counts a conversation for the member whose workload it is part of.
func (c *checking) count(v inbox.Conversation) {
	if m := v.CountsFor(); m != "" {
		c.loads[loadKey(v.Workspace, m, document.CounterOf(v.Kind))]++
	}
	if m := v.Reserves(); m != "" {
		c.loads[loadKey(v.Workspace, m, document.CounterOf(v.Kind))]++
		c.loads[loadKey(v.Workspace, m, document.ReservedCounterOf(v.Kind))]++
	}
}

func loadKey(ws workspace.WorkspaceID, m workspace.MemberID, counter string) string {
	return document.LoadID(ws, m) + " " + counter
}

// compareTotals finds rows of conversations that are not in those lists.
func (c *checking) compareTotals() error {
	for _, of := range []struct {
		table, what string
		want        int
	}{{"entries", "entries of lists", c.entries}, {"words", "words of conversations", c.words}} {
		var n int
		if err := c.tx.QueryRow("SELECT COUNT(*) FROM " + of.table).Scan(&n); err != nil {
			return err
		}
		if n > of.want {
			c.note("%d %s belong to no conversation", n-of.want, of.what)
		}
	}
	return nil
}

// compareLoads compares the stored workloads with the owned conversations.
func (c *checking) compareLoads() error {
	rows, err := c.tx.Query("SELECT body FROM documents WHERE collection = ? ORDER BY id", string(loads))
	stored, err := collect(rows, err, scanBody[document.Load])
	if err != nil {
		return err
	}
	for _, l := range stored {
		if l.Member == "" {
			continue // a rotation, or a counter of notifications
		}
		for kind, n := range map[string]int{
			"livechats": l.Livechats, "tickets": l.Tickets, "reservedLivechats": l.ReservedLivechats, "reservedTickets": l.ReservedTickets,
		} {
			c.compareLoad(l.ID+" "+kind, n)
		}
		if l.Open != l.Livechats+l.Tickets {
			c.note("workload %s: %d in all, and %d by kind", l.ID, l.Open, l.Livechats+l.Tickets)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.loads)) {
		c.compareLoad(key, 0)
	}
	return nil
}

func (c *checking) compareLoad(key string, stored int) {
	if owned := c.loads[key]; owned != stored {
		c.note("workload %s: %d is stored, and the member owns %d", key, stored, owned)
	}
	delete(c.loads, key)
}
