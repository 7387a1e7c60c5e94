package sqlite

import (
	"database/sql"
	"errors"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// maxCopy is the longest text, in bytes, that a conversation keeps as a copy of its
// last message. A longer one is read from the table messages.
const maxCopy = 256

// row is a conversation as it is stored.
type row struct {
	n     int64
	c     inbox.Conversation
	words []string
	// last is the id of the last message if its text is not in the body.
	last string
}

const rowColumns = "SELECT c.n, c.last, m.text, c.words, c.body FROM conversations c LEFT JOIN messages m ON m.id = c.last "

func scanRow(rows interface{ Scan(...any) error }) (row, error) {
	var r row
	var last, text sql.NullString
	var words string
	var body []byte
	if err := rows.Scan(&r.n, &last, &text, &words, &body); err != nil {
		return row{}, err
	}
	var state document.ConversationState
	if err := bson.Unmarshal(body, &state); err != nil {
		return row{}, err
	}
	if text.Valid && state.LastMessage != nil {
		state.LastMessage.Body, state.LastMessage.Shortened = text.String, false
	}
	r.c, r.words, r.last = state.Preview().Conversation(), strings.Fields(words), last.String
	return r, nil
}

// conversationOf reads a conversation of a workspace; ok is false when there is none.
func conversationOf(tx *sql.Tx, ws workspace.WorkspaceID, id inbox.ConversationID) (r row, ok bool, err error) {
	r, err = scanRow(tx.QueryRow(rowColumns+"WHERE c.id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return row{}, false, nil
	}
	return r, err == nil && r.c.Workspace == ws, err
}

// conversationsWith reads conversations of any workspace by id, in no order.
func conversationsWith(tx *sql.Tx, ids []string) ([]row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return readRows(tx, "WHERE c.id IN (SELECT value FROM json_each(?))", list(ids))
}

// readRows reads the conversations that a condition selects.
func readRows(tx *sql.Tx, where string, args ...any) ([]row, error) {
	found, err := tx.Query(rowColumns+where, args...)
	return collect(found, err, func(r *sql.Rows) (row, error) { return scanRow(r) })
}

// insert writes a conversation that is new. messages are those that its commit writes.
func (s *Store) insert(tx *sql.Tx, c inbox.Conversation, messages []inbox.Message) (row, error) {
	r := row{c: c, words: document.Words(c.SearchText())}
	r.refer(messages)
	rest, err := r.columns()
	if err != nil {
		return row{}, err
	}
	args := append(r.indexed(), rest...)
	res, err := tx.Exec("INSERT INTO conversations (external_id, contact, copy, grabs_until, idle, closed_at, last, activity, created, waiting, awaiting, kind, channel, words, body, id, workspace)"+
		" VALUES ("+marks(17)+")",
		append(args, string(c.ID), string(c.Workspace))...)
	if err != nil {
		return row{}, err
	}
	if r.n, err = res.LastInsertId(); err != nil {
		return row{}, err
	}
	return r, errors.Join(replaceEntries(tx, r, placement{}, placementOf(c)), s.reword(tx, row{c: c}, r))
}

// change writes c in the place of old.
func (s *Store) change(tx *sql.Tx, old row, c inbox.Conversation, messages []inbox.Message) (row, error) {
	r := row{n: old.n, c: c, words: old.words, last: old.last}
	if c.SearchText() != old.c.SearchText() {
		r.words = document.Words(c.SearchText())
	}
	if err := s.reword(tx, old, r); err != nil {
		return row{}, err
	}
	r.refer(messages)
	return r, errors.Join(rewrite(tx, old, r), replaceEntries(tx, r, placementOf(old.c), placementOf(c)))
}

// rewrite writes the row. Columns with indexes are written when they change: to write
// one writes its index, whatever the value.
func rewrite(tx *sql.Tx, old, r row) error {
	text, indexed := rewriteRow, r.indexed()
	if slices.Equal(old.indexed(), indexed) {
		text, indexed = rewriteBody, nil
	}
	rest, err := r.columns()
	if err == nil {
		_, err = tx.Exec(text, append(append(indexed, rest...), r.n)...)
	}
	return err
}

const (
	bodyColumns = "last = ?, activity = ?, created = ?, waiting = ?, awaiting = ?, kind = ?, channel = ?, words = ?, body = ? WHERE n = ?"
	rewriteBody = "UPDATE conversations SET " + bodyColumns
	rewriteRow  = "UPDATE conversations SET external_id = ?, contact = ?, copy = ?, grabs_until = ?, idle = ?, closed_at = ?, " + bodyColumns
)

// refer decides whether the last message is kept as a copy. Only one of messages, or
// one that was referred to before, is in the table messages for certain.
func (r *row) refer(messages []inbox.Message) {
	m := r.c.LastMessage
	switch {
	case m == nil:
		r.last = ""
	case m.Shortened: // imported, and its message follows
		r.last = string(m.ID)
	case slices.ContainsFunc(messages, func(w inbox.Message) bool { return w.ID == m.ID }):
		r.last = ""
		if len(m.Body) > maxCopy {
			r.last = string(m.ID)
		}
	case r.last != string(m.ID):
		r.last = ""
	}
}

// indexed are the values of the columns that have indexes, from external_id to closed_at.
func (r row) indexed() []any {
	c := r.c
	var idle, closed any
	if c.Kind == workspace.Livechat && !c.Asleep() && (c.Status == inbox.Open || c.Status == inbox.Unset) {
		idle = c.LastActivityAt.UnixMilli()
	}
	if c.Status == inbox.Closed {
		closed = timeOrNull(c.ClosedAt)
	}
	return []any{orNull(c.ExternalID), string(c.Contact), c.ContactCopyRevision, timeOrNull(c.GrabsUntil), idle, closed}
}

// columns are the values of the columns behind those, from last to body.
func (r row) columns() ([]any, error) {
	state := document.StateOf(r.c)
	if r.last != "" {
		state.LastMessage.Body = ""
	}
	body, err := bson.Marshal(state)
	at := sortKeys(r.c)
	return []any{orNull(r.last), at[0], at[1], at[2], at[3], string(r.c.Kind), r.c.Channel, joined(r.words), body}, err
}

// joined is the column words: each word behind a space, so that a search finds where
// one begins.
func joined(words []string) string {
	var out strings.Builder
	for _, w := range words {
		_, _ = out.WriteString(" " + w)
	}
	return out.String()
}

// orNull stores an empty text as none, so that unique indexes skip it.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// reword brings the words of a conversation from old to r. Those that stay, in the same
// period, are not written.
func (s *Store) reword(tx *sql.Tx, old, r row) error {
	gone, come := old.words, r.words
	l := s.config.limits
	was, is := l.periodOf(old.c), l.periodOf(r.c)
	if was == is {
		gone, come = without(old.words, r.words), without(r.words, old.words)
	}
	if len(gone) > 0 {
		_, err := tx.Exec("DELETE FROM words WHERE workspace = ? AND word IN (SELECT value FROM json_each(?)) AND period = ? AND conversation = ?",
			string(old.c.Workspace), list(gone), was, r.n)
		if err != nil {
			return err
		}
	}
	if len(come) > 0 {
		_, err := tx.Exec("INSERT INTO words (workspace, word, period, conversation) SELECT ?, value, ?, ? FROM json_each(?)", string(r.c.Workspace), is, r.n, list(come))
		return err
	}
	return nil
}
