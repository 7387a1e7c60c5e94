package sqlite

import (
	"database/sql"

	"switchboard/inbox/access"
)

// lastRune sorts behind every letter that could follow a prefix.
const lastRune = "\U0010FFFF"

// found returns the conversations that have a word with the rarest of q's prefixes;
// ok is false if q does not search, or they are many.
func (s *Store) found(tx *sql.Tx, q access.ConversationQuery) (numbers []int64, ok bool, err error) {
	least := few + 1 // a word that more have is common: walking the list finds a page of them sooner
	for _, prefix := range q.View.Search {
		rows, err := s.query(tx, "SELECT DISTINCT conversation FROM words WHERE workspace = ? AND word >= ? AND word < ? LIMIT ?", string(q.Workspace), prefix, prefix+lastRune, least)
		these, err := collect(rows, err, func(r *sql.Rows) (n int64, err error) { return n, r.Scan(&n) })
		if err != nil {
			return nil, false, err
		}
		if len(these) >= least {
			continue
		}
		least, numbers = len(these), these
		if ok = true; least == 0 {
			break
		}
	}
	return numbers, ok, nil
}
