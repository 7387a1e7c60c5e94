package sqlite

import (
	"database/sql"

	"switchboard/inbox/access"
)

// lastRune sorts behind every letter that could follow a prefix.
const lastRune = "\U0010FFFF"

// found returns the conversations that have a word with the rarest of q's prefixes;
// ok is false if q does not search, or they are many.
func (s *Store) found(tx *sql.Tx, q access.ConversationQuery) (ids []string, ok bool, err error) {
	least := maxFound + 1
	for _, prefix := range q.View.Search {
		rows, err := s.query(tx, "SELECT DISTINCT conversation FROM words WHERE workspace = ? AND word >= ? AND word < ? LIMIT ?", string(q.Workspace), prefix, prefix+lastRune, least)
		numbers, err := collect(rows, err, func(r *sql.Rows) (n int64, err error) { return n, r.Scan(&n) })
		if err != nil {
			return nil, false, err
		}
		if len(numbers) >= least {
			continue
		}
		least = len(numbers)
		if ids, err = s.idsOf(tx, numbers); err != nil {
			return nil, false, err
		}
		if ok = true; least == 0 {
			break
		}
	}
	return ids, ok, nil
}

// maxFound bounds how many conversations that a search finds are read and sorted. A
// word that more have is so common that walking the list finds a page of them sooner.
const maxFound = 2_000

func (s *Store) idsOf(tx *sql.Tx, numbers []int64) ([]string, error) {
	rows, err := s.query(tx, "SELECT id FROM conversations WHERE n IN (SELECT value FROM json_each(?))", list(numbers))
	return collect(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}
