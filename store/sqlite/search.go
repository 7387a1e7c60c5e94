package sqlite

import (
	"database/sql"

	"switchboard/inbox/access"
	"switchboard/store/document"
)

// found returns the conversations that have a word with the rarest of q's prefixes;
// ok is false if q does not search, or they are many.
func (s *Store) found(tx *sql.Tx, q access.ConversationQuery) (numbers []int64, ok bool, err error) {
	least := s.config.limits.few + 1
	if orderOf(q.Order.Field) == orderOf(access.ByLastActivity) {
		least = s.config.limits.rare + 1 // those of the others are read from the newest on
	}
	for _, prefix := range q.View.Search {
		rows, err := tx.Query("SELECT DISTINCT conversation FROM words WHERE workspace = ? AND word >= ? AND word < ? LIMIT ?",
			string(q.Workspace), prefix, document.EndOfPrefix(prefix), least)
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

// maxWords bounds the words with a prefix that a walk goes along.
const maxWords = 16

// uncommon returns the words that begin with one of q's prefixes, the least common; none
// if all are common, or there are too many words.
func (w walk) uncommon(q access.ConversationQuery) (words []string, err error) {
	least := w.s.config.limits.common
	for _, prefix := range q.View.Search {
		these, err := w.wordsWith(prefix)
		if err != nil {
			return nil, err
		}
		if len(these) > maxWords {
			continue
		}
		n := 0
		for _, word := range these {
			var more int
			err := w.tx.QueryRow(`SELECT count(*) FROM (SELECT 1 FROM words WHERE workspace = ?1 AND word = ?2
				AND period >= (SELECT max(period) - 1 FROM words WHERE workspace = ?1 AND word = ?2) LIMIT ?3)`, w.workspace, word, least).Scan(&more)
			if n += more; err != nil {
				return nil, err
			}
		}
		if n < least {
			least, words = n, these
		}
	}
	return words, nil
}

// wordsWith returns the words that begin with a prefix: maxWords, and one more if there
// are more.
func (w walk) wordsWith(prefix string) (words []string, err error) {
	var word sql.NullString
	for next := prefix; len(words) <= maxWords; next = word.String + "\x00" {
		err := w.tx.QueryRow("SELECT min(word) FROM words WHERE workspace = ? AND word >= ? AND word < ?", w.workspace, next, document.EndOfPrefix(prefix)).Scan(&word)
		if err != nil || !word.Valid {
			return words, err
		}
		words = append(words, word.String)
	}
	return words, nil
}
