package sqlite

import (
	"database/sql"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// maxCopy is the longest text, in bytes, that a conversation keeps as a copy of its
// last message. A longer one is read from the table messages.
const maxCopy = 256

// conversationDoc is the body of a row. It has the fields of document.Conversation
// without those that the table entries holds.
type conversationDoc struct {
	State document.ConversationState `bson:",inline"`
	Words []string                   `bson:"words,omitempty"`
}

// row is a conversation as it is stored.
type row struct {
	n     int64
	c     inbox.Conversation
	words []string
	// last is the id of the last message if its text is not in the body.
	last string
}

const rowColumns = "SELECT c.n, c.last, m.text, c.body FROM conversations c LEFT JOIN messages m ON m.id = c.last "

func scanRow(rows interface{ Scan(...any) error }) (row, error) {
	var r row
	var last, text sql.NullString
	var body []byte
	if err := rows.Scan(&r.n, &last, &text, &body); err != nil {
		return row{}, err
	}
	var doc conversationDoc
	if err := bson.Unmarshal(body, &doc); err != nil {
		return row{}, err
	}
	if text.Valid && doc.State.LastMessage != nil {
		doc.State.LastMessage.Body = text.String
	}
	r.c, r.words, r.last = doc.State.Conversation(), doc.Words, last.String
	return r, nil
}

// row reads a conversation of a workspace; ok is false when there is none.
func (s *Store) row(tx *sql.Tx, ws workspace.WorkspaceID, id inbox.ConversationID) (r row, ok bool, err error) {
	r, err = scanRow(s.queryRow(tx, rowColumns+"WHERE c.id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return row{}, false, nil
	}
	return r, err == nil && r.c.Workspace == ws, err
}

// rows reads conversations of any workspace by id, in no order.
func (s *Store) rows(tx *sql.Tx, ids []string) ([]row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := s.query(tx, rowColumns+"WHERE c.id IN (SELECT value FROM json_each(?))", list(ids))
	return collect(found, err, func(r *sql.Rows) (row, error) { return scanRow(r) })
}

// insert writes a conversation that is new. messages are those that its commit writes.
func (s *Store) insert(tx *sql.Tx, c inbox.Conversation, messages []inbox.Message) (row, error) {
	r := row{c: c, words: document.Words(c.SearchText())}
	r.refer(messages)
	args, err := r.columns()
	if err != nil {
		return row{}, err
	}
	res, err := s.exec(tx, "INSERT INTO conversations (external_id, contact, copy, grabs_until, idle, last, body, id, workspace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		append(args, string(c.ID), string(c.Workspace))...)
	if err != nil {
		return row{}, err
	}
	if r.n, err = res.LastInsertId(); err != nil {
		return row{}, err
	}
	return r, errors.Join(s.move(tx, c.ID, placement{}, placementOf(c)), s.reword(tx, row{n: r.n, c: c}, r.words))
}

// change writes c in the place of old.
func (s *Store) change(tx *sql.Tx, old row, c inbox.Conversation, messages []inbox.Message) (row, error) {
	r := row{n: old.n, c: c, words: old.words, last: old.last}
	if c.SearchText() != old.c.SearchText() {
		r.words = document.Words(c.SearchText())
		if err := s.reword(tx, old, r.words); err != nil {
			return row{}, err
		}
	}
	r.refer(messages)
	args, err := r.columns()
	if err != nil {
		return row{}, err
	}
	if _, err := s.exec(tx, "UPDATE conversations SET external_id = ?, contact = ?, copy = ?, grabs_until = ?, idle = ?, last = ?, body = ? WHERE n = ?", append(args, r.n)...); err != nil {
		return row{}, err
	}
	return r, s.move(tx, c.ID, placementOf(old.c), placementOf(c))
}

// refer decides whether the last message is kept as a copy. Only one of messages, or
// one that was referred to before, is in the table messages for certain.
func (r *row) refer(messages []inbox.Message) {
	m := r.c.LastMessage
	switch {
	case m == nil:
		r.last = ""
	case slices.ContainsFunc(messages, func(w inbox.Message) bool { return w.ID == m.ID }):
		r.last = ""
		if len(m.Body) > maxCopy {
			r.last = string(m.ID)
		}
	case r.last != string(m.ID):
		r.last = ""
	}
}

// columns are the values that change, from external_id to body.
func (r row) columns() ([]any, error) {
	c, doc := r.c, conversationDoc{State: document.StateOf(r.c), Words: r.words}
	if r.last != "" {
		doc.State.LastMessage.Body = ""
	}
	body, err := bson.Marshal(doc)
	var until, idle any
	if !c.GrabsUntil.IsZero() {
		until = c.GrabsUntil.UnixMilli()
	}
	if c.Kind == workspace.Livechat && (c.Status == inbox.Open || c.Status == inbox.Unset) {
		idle = c.LastActivityAt.UnixMilli()
	}
	return []any{orNull(c.ExternalID), string(c.Contact), c.ContactCopyRevision, until, idle, orNull(r.last), body}, err
}

// orNull stores an empty text as none, so that unique indexes skip it.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// reword writes the words of r that are not those of before.
func (s *Store) reword(tx *sql.Tx, r row, words []string) error {
	gone := slices.DeleteFunc(slices.Clone(r.words), func(w string) bool { return slices.Contains(words, w) })
	come := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(r.words, w) })
	if len(gone) > 0 {
		if _, err := s.exec(tx, "DELETE FROM words WHERE workspace = ? AND word IN (SELECT value FROM json_each(?)) AND conversation = ?", string(r.c.Workspace), list(gone), r.n); err != nil {
			return err
		}
	}
	if len(come) > 0 {
		_, err := s.exec(tx, "INSERT INTO words (workspace, word, conversation) SELECT ?, value, ? FROM json_each(?)", string(r.c.Workspace), r.n, list(come))
		return err
	}
	return nil
}
