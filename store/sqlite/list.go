package sqlite

import (
	"database/sql"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/store"
)

// clause is a condition in SQL with its parameters.
type clause struct {
	sql  string
	args []any
}

// listing is a sorted list of which a page is wanted. The page begins at a place in an
// index, so that its cost does not grow with the list.
type listing[D listed] struct {
	// from is the table, with an INDEXED BY where the choice of the index is not plain.
	from string
	// columns are selected and read by scan; body and a document when both are empty.
	columns string
	scan    func(*sql.Rows) (D, error)
	// where are the conditions.
	where []clause
	// branches are alternatives of which a row meets one at most. Each walks the index
	// by itself, and the pages are merged. None means that where says it all.
	branches []clause
	// keys are the columns to sort by, the last of them unique, and cursor gives
	// their values at a cursor.
	keys   []string
	cursor func(inbox.PageCursor) []any
	desc   bool
	page   inbox.PageRequest
}

// listed is a document of a list.
type listed interface {
	// Position is where it stands in a list sorted by field.
	Position(field string) inbox.PageCursor
}

// byTime are the keys of a list that is sorted by a time.
func byTime(column string) []string { return []string{column, "id"} }

func atTime(c inbox.PageCursor) []any { return []any{c.At.UnixMilli(), c.ID} }

// readPage reads the page of l.
func readPage[D listed](tx *sql.Tx, l listing[D]) (page inbox.Page[D], err error) {
	narrowed := slices.Clone(l.where)
	if l.page.After != nil {
		narrowed = append(narrowed, l.beyond(*l.page.After, !l.desc, false))
	}
	if l.page.Before != nil {
		narrowed = append(narrowed, l.beyond(*l.page.Before, l.desc, false))
	}
	items, err := l.read(tx, narrowed, max(l.page.Limit, 0)+1)
	if err != nil {
		return page, err
	}
	return store.Page(l.page, items, func(at inbox.PageCursor, earlier bool) (bool, error) {
		return l.any(tx, l.beyond(at, l.desc == earlier, true))
	})
}

// read reads up to limit rows of all branches, from where the page begins.
func (l listing[D]) read(tx *sql.Tx, where []clause, limit int) ([]D, error) {
	down := l.desc != l.page.Backward
	order := " ORDER BY " + strings.Join(l.keys, direction(down)+", ") + direction(down) + " LIMIT ?"
	var all []D
	for _, branch := range l.alternatives() {
		text, args := conjunction(append(where[:len(where):len(where)], branch))
		rows, err := tx.Query("SELECT "+l.selected()+" FROM "+l.from+text+order, append(args, limit)...)
		more, err := collect(rows, err, l.scanned())
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	if len(l.branches) > 1 {
		slices.SortFunc(all, func(a, b D) int { return l.compare(a, b, down) })
	}
	return all[:min(limit, len(all))], nil
}

func direction(down bool) string {
	if down {
		return " DESC"
	}
	return ""
}

func (l listing[D]) compare(a, b D, down bool) int {
	if down {
		a, b = b, a
	}
	return a.Position("").Compare(b.Position(""))
}

func (l listing[D]) selected() string {
	if l.columns == "" {
		return "body"
	}
	return l.columns
}

func (l listing[D]) alternatives() []clause {
	if len(l.branches) == 0 {
		return []clause{{}}
	}
	return l.branches
}

func (l listing[D]) scanned() func(*sql.Rows) (D, error) {
	if l.scan == nil {
		return scanBody[D]
	}
	return l.scan
}

func scanBody[D any](rows *sql.Rows) (doc D, err error) {
	var body sql.RawBytes
	if err = rows.Scan(&body); err == nil {
		err = bson.Unmarshal(body, &doc)
	}
	return doc, err
}

// beyond demands a place above p or below it, with p itself or without.
func (l listing[D]) beyond(p inbox.PageCursor, up, including bool) clause {
	operator := map[bool]string{false: " < ", true: " > "}[up]
	if including {
		operator = strings.TrimRight(operator, " ") + "= "
	}
	return clause{sql: "(" + strings.Join(l.keys, ", ") + ")" + operator + "(" + marks(len(l.keys)) + ")", args: l.cursor(p)}
}

// any reports whether the list has a row that meets also.
func (l listing[D]) any(tx *sql.Tx, also clause) (bool, error) {
	for _, branch := range l.alternatives() {
		n, err := countUpTo(tx, l.from, append(slices.Clone(l.where), also, branch), 1)
		if n > 0 || err != nil {
			return n > 0, err
		}
	}
	return false, nil
}

// count counts the list, whatever the page, up to limit.
func (l listing[D]) count(tx *sql.Tx, limit int) (n int, err error) {
	for _, branch := range l.alternatives() {
		more, err := countUpTo(tx, l.from, append(slices.Clone(l.where), branch), limit-n)
		if n += more; err != nil || n >= limit {
			return n, err
		}
	}
	return n, nil
}

// countUpTo counts the rows that meet all clauses, up to limit.
func countUpTo(tx *sql.Tx, from string, where []clause, limit int) (n int, err error) {
	if limit <= 0 {
		return 0, nil
	}
	text, args := conjunction(where)
	err = tx.QueryRow("SELECT COUNT(*) FROM (SELECT 1 FROM "+from+text+" LIMIT ?)", append(args, limit)...).Scan(&n)
	return n, err
}

// conjunction is a WHERE that demands all clauses; those without text demand nothing.
func conjunction(all []clause) (text string, args []any) {
	var parts []string
	for _, c := range all {
		if c.sql != "" {
			parts, args = append(parts, c.sql), append(args, c.args...)
		}
	}
	if len(parts) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(parts, " AND "), args
}

// among demands one of the values, unless there are none to choose from.
func among[T ~string](column string, values []T) clause {
	if len(values) == 0 {
		return clause{}
	}
	return clause{sql: column + " IN (" + marks(len(values)) + ")", args: params(values)}
}
