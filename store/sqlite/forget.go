package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/retention"
	"switchboard/store/document"
)

// Forget removes a part of a closed conversation: see retention.Store.
func (s *Store) Forget(ctx context.Context, f retention.Forgetting) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		in, ok, err := conversationOf(tx, f.Workspace, f.Conversation)
		if err != nil || !ok || in.c.Status != inbox.Closed || !in.c.LastActivityAt.Before(f.QuietSince) {
			return err
		}
		switch f.Part {
		case retention.Events:
			_, err = tx.Exec(forgetEvents, in.n, in.c.Version)
			err = errors.Join(err, forgetOffers(tx, in.c))
		case retention.Messages:
			err = forgetMessages(tx, s, in)
		case retention.Keys:
			err = amendEvents(tx, "WHERE conversation = ? AND key IS NOT NULL", in, func(e *document.Event) { e.Key = nil })
		}
		return err
	})
	return fault("remove what is kept no longer", err)
}

// forgetEvents leaves the last change of ownership.
const forgetEvents = "DELETE FROM events WHERE conversation = ? AND (version IS NULL OR version < ?)"

func forgetMessages(tx *sql.Tx, s *Store, in row) error {
	done, err := tx.Exec("DELETE FROM messages WHERE conversation = ?", in.n)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); n == 0 || err != nil {
		return err
	}
	after := in.c
	after.LastMessage, after.Revision = nil, after.Revision+1
	_, err = s.change(tx, in, after, nil)
	return errors.Join(err, amendEvents(tx, "WHERE conversation = ?", in, func(e *document.Event) {
		e.Messages, e.Key = nil, nil
		if e.After != nil {
			e.After.LastMessage = nil
		}
	}))
}

// amendEvents writes the events of a conversation without what amend removes: messages,
// or the idempotency key.
func amendEvents(tx *sql.Tx, where string, in row, amend func(*document.Event)) error {
	rows, err := tx.Query("SELECT n, last, body FROM events "+where, in.n)
	found, err := collect(rows, err, scanEvent)
	if err != nil {
		return err
	}
	for _, e := range found {
		amend(&e.doc)
		body, err := bson.Marshal(e.doc)
		if err != nil {
			return err
		}
		if e.doc.After == nil || e.doc.After.LastMessage == nil {
			e.last = ""
		}
		_, err = tx.Exec("UPDATE events SET key = NULL, last = ?, body = ? WHERE n = ?", orNull(e.last), body, e.n)
		if err != nil {
			return err
		}
	}
	return nil
}
